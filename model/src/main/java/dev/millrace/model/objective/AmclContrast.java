package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * The loss of AMCL from the similarities s and the temperatures t of its pairs, a row for each row
 * of the batch in each head, whose first pair is the positive.
 *
 * <pre>
 *   contrast = sum over heads of mean_i ( log sum_k exp(s_ik / t_ik) - s_i0 / t_i0 )
 *   regulariser = mean over all pairs of ( (D / 2) log t + 1 / t ),  divided by D if so set
 *   loss = contrast + beta regulariser
 * </pre>
 */
final class AmclContrast {

  private final Kernels kernels;
  private final Workspace workspace;
  private final double beta;
  private final boolean divided;
  private int[] targets = new int[0];
  private Matrix gradientSimilarity;
  private Matrix gradientTemperature;

  AmclContrast(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.beta = parameters.weight("beta", 0.1);
    this.divided = parameters.flag("regulariserDividedByDimension", true);
  }

  Matrix gradientSimilarity() {
    return gradientSimilarity;
  }

  Matrix gradientTemperature() {
    return gradientTemperature;
  }

  /**
   * Loss and its two terms; the gradients live until the next call.
   *
   * @param rows rows of a head
   * @param dimension D
   */
  LossAndGradient evaluate(Matrix similarity, Matrix temperature, int rows, int dimension) {
    Matrix inverse = workspace.like("inverse", temperature);
    kernels.apply(Elementwise.RECIPROCAL, temperature, inverse);
    Matrix logits = workspace.like("logits", similarity);
    kernels.hadamard(similarity, inverse, logits);
    Matrix slope = workspace.like("slope", logits);
    kernels.copy(logits, slope);
    if (targets.length < logits.rows()) {
      targets = new int[logits.rows()];
    }
    Matrix rowLoss = workspace.matrix("rowLoss", logits.rows(), 1);
    kernels.crossEntropyRowsInPlace(slope, targets, rowLoss);
    double contrast = kernels.sum(rowLoss) / rows;

    gradientSimilarity = workspace.like("gradientSimilarity", logits);
    kernels.hadamard(slope, inverse, gradientSimilarity);
    kernels.scaleInPlace(gradientSimilarity, 1.0 / rows);
    gradientTemperature = workspace.like("gradientTemperature", logits);
    kernels.hadamard(logits, gradientSimilarity, gradientTemperature);
    kernels.scaleInPlace(gradientTemperature, -1);
    double regulariser = regularise(temperature, inverse, dimension);
    return new LossAndGradient(contrast + beta * regulariser)
        .withScalar("contrast", contrast)
        .withScalar("regulariser", regulariser);
  }

  private double regularise(Matrix temperature, Matrix inverse, int dimension) {
    double share = 1.0 / (temperature.size() * (divided ? dimension : 1));
    Matrix work = workspace.like("work", temperature);
    kernels.apply(Elementwise.LOG, temperature, work);
    double half = 0.5 * dimension;
    double sum = half * kernels.sum(work) + kernels.sum(inverse);
    kernels.addInPlace(gradientTemperature, beta * share * half, inverse);
    kernels.apply(Elementwise.SQUARE, inverse, work);
    kernels.addInPlace(gradientTemperature, -beta * share, work);
    return share * sum;
  }
}
