package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Map;
import java.util.TreeMap;

/**
 * Separates what a target and a background population have in common from what is salient to the
 * target: one contrast of common features over all rows, one of salient features in which the
 * background stands at zero, and no leakage between the two.
 *
 * <pre>
 *   k(a, b) = exp( -|a - b|^2 / (2 tau) ),  c unit rows,  s as given,  t = s of target rows, else 0
 *   align(a, b) = mean_i |a_i - b_i|^2 / (2 tau)
 *   uniform(a)  = log mean_{i < j} k(a_i, a_j)
 *   joint(c, t) = mean_i log mean_j k(c_i, c_j) k(t_i, t_j)
 *   loss = align(c1, c2) + uniform(c1) + uniform(c2)
 *        + salientWeight ( align over target rows (s1, s2) + uniform(t1) + uniform(t2) )
 *        + informationLessWeight ( mean over views and background rows of |s_i|^2 / (2 tau) )
 *        + jointEntropyWeight ( joint(c1, t1) + joint(c2, t2) ) / 2
 * </pre>
 *
 * <p>Shapes: {@code common1, common2: B x D} raw, {@code salient1, salient2: B x S}, not
 * normalised, two views each; {@code labels: [B]}, 1 for the target and 0 for the background;
 * gradients of all four; output a scalar for each term, without its weight: {@code commonAlignment,
 * commonUniformity, salientAlignment, salientUniformity, informationLess, jointEntropy}.
 *
 * <p>Means as stated. Parameters: {@code tau} above 0 and the three weights, not below 0; published
 * runs take 1 to 1000, 10 to 1000 and 10. Salient features should start small. Without target rows
 * salientAlignment is 0, without background rows informationLess; a batch of one row has uniformity
 * and joint entropy 0.
 *
 * <p>The released code takes the mean of an empty set where a batch lacks one population, which is
 * NaN.
 *
 * <p>Louiset, Duchesnay, Grigis, Gori, Separating Common from Salient Patterns with Contrastive
 * Representation Learning, ICLR 2024.
 */
final class SepClr implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("common1", "B", "D")
          .differentiable("common2", "B", "D")
          .differentiable("salient1", "B", "S")
          .differentiable("salient2", "B", "S")
          .integers("labels", ValueRange.between(0, 1), "B")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows commonRows1;
  private final UnitRows commonRows2;
  private final PairKernel pairs;
  private final double tau;
  private final double salientWeight;
  private final double informationLessWeight;
  private final double jointEntropyWeight;
  private final Map<String, Double> terms = new TreeMap<>();

  SepClr(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.commonRows1 = new UnitRows(kernels);
    this.commonRows2 = new UnitRows(kernels);
    this.tau = parameters.positive("tau", 0.5);
    this.pairs = new PairKernel(kernels, tau);
    this.salientWeight = parameters.weight("salientWeight", 1);
    this.informationLessWeight = parameters.weight("informationLessWeight", 10);
    this.jointEntropyWeight = parameters.weight("jointEntropyWeight", 10);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = SIGNATURE.bind(inputs).get("B");
    terms.clear();
    Matrix target = workspace.matrix("target", batch, 1);
    int targets = readLabels(inputs.integers("labels"), target);
    Matrix common1 = commonRows1.forward(inputs.matrix("common1"));
    Matrix common2 = commonRows2.forward(inputs.matrix("common2"));
    Matrix salient1 = targetRows("salient1", inputs.matrix("salient1"), target);
    Matrix salient2 = targetRows("salient2", inputs.matrix("salient2"), target);
    Matrix gradientCommon1 = workspace.like("gradientCommon1", common1);
    Matrix gradientCommon2 = workspace.like("gradientCommon2", common1);
    Matrix gradientSalient1 = workspace.like("gradientSalient1", salient1);
    Matrix gradientSalient2 = workspace.like("gradientSalient2", salient1);

    terms.put("commonAlignment", align(common1, common2, batch, 1, gradientCommon1));
    negate(gradientCommon1, gradientCommon2);
    terms.put(
        "salientAlignment", align(salient1, salient2, targets, salientWeight, gradientSalient1));
    negate(gradientSalient1, gradientSalient2);
    view(common1, salient1, gradientCommon1, gradientSalient1);
    view(common2, salient2, gradientCommon2, gradientSalient2);
    kernels.scaleRowsInPlace(gradientSalient1, target);
    kernels.scaleRowsInPlace(gradientSalient2, target);
    shrinkBackground(inputs.matrix("salient1"), salient1, batch - targets, gradientSalient1);
    shrinkBackground(inputs.matrix("salient2"), salient2, batch - targets, gradientSalient2);
    LossAndGradient result =
        new LossAndGradient(loss())
            .withGradient("common1", commonRows1.backward(gradientCommon1))
            .withGradient("common2", commonRows2.backward(gradientCommon2))
            .withGradient("salient1", gradientSalient1)
            .withGradient("salient2", gradientSalient2);
    terms.forEach(result::withScalar);
    return result;
  }

  private double loss() {
    return terms.get("commonAlignment")
        + terms.get("commonUniformity")
        + salientWeight * (terms.get("salientAlignment") + terms.get("salientUniformity"))
        + informationLessWeight * terms.get("informationLess")
        + jointEntropyWeight * terms.get("jointEntropy");
  }

  /** Mean of {@code |a_i - b_i|^2 / (2 tau)}; sets the gradient at a, that at b is its negative. */
  private double align(Matrix a, Matrix b, int count, double weight, Matrix gradient) {
    if (count == 0) {
      kernels.fillInPlace(gradient, 0);
      return 0;
    }
    kernels.copy(a, gradient);
    kernels.addInPlace(gradient, -1, b);
    double squares = sumOfSquares(gradient);
    kernels.scaleInPlace(gradient, weight / (tau * count));
    return squares / (2 * tau * count);
  }

  /** Uniformity and joint entropy of one view; adds to the gradients. */
  private void view(Matrix common, Matrix salient, Matrix gradientCommon, Matrix gradientSalient) {
    int rows = common.rows();
    Matrix ofCommon = workspace.matrix("kernelCommon", rows, rows);
    Matrix ofSalient = workspace.matrix("kernelSalient", rows, rows);
    Matrix joint = workspace.matrix("kernelJoint", rows, rows);
    pairs.log(common, ofCommon);
    pairs.log(salient, ofSalient);
    kernels.copy(ofCommon, joint);
    kernels.addInPlace(joint, 1, ofSalient);
    terms.merge("commonUniformity", pairs.uniformity(ofCommon), Double::sum);
    terms.merge("salientUniformity", pairs.uniformity(ofSalient), Double::sum);
    terms.merge("jointEntropy", pairs.jointEntropy(joint) / 2, Double::sum);
    kernels.addInPlace(ofCommon, jointEntropyWeight / 2, joint);
    pairs.addGradient(ofCommon, common, gradientCommon);
    kernels.scaleInPlace(ofSalient, salientWeight);
    kernels.addInPlace(ofSalient, jointEntropyWeight / 2, joint);
    pairs.addGradient(ofSalient, salient, gradientSalient);
  }

  /** Draws the salient rows of the background to zero; adds to the gradient. */
  private void shrinkBackground(Matrix raw, Matrix ofTarget, int count, Matrix gradient) {
    terms.merge("informationLess", 0.0, Double::sum);
    if (count > 0) {
      Matrix background = workspace.like("background", raw);
      kernels.copy(raw, background);
      kernels.addInPlace(background, -1, ofTarget);
      terms.merge("informationLess", sumOfSquares(background) / (4 * tau * count), Double::sum);
      kernels.addInPlace(gradient, informationLessWeight / (2 * tau * count), background);
    }
  }

  private double sumOfSquares(Matrix x) {
    Matrix squares = workspace.matrix("squares", x.rows(), 1);
    kernels.rowDots(x, x, squares);
    return kernels.sum(squares);
  }

  private Matrix targetRows(String name, Matrix salient, Matrix target) {
    Matrix rows = workspace.like(name, salient);
    kernels.copy(salient, rows);
    kernels.scaleRowsInPlace(rows, target);
    return rows;
  }

  private void negate(Matrix x, Matrix out) {
    kernels.copy(x, out);
    kernels.scaleInPlace(out, -1);
  }

  /** 1 in the rows of the target, 0 in the others; their number. */
  private int readLabels(int[] labels, Matrix target) {
    double[] values = new double[labels.length];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 0 && labels[i] != 1) {
        throw new IllegalArgumentException(
            "label " + labels[i] + " of row " + i + ": use 1 for the target, 0 for the background");
      }
      values[i] = labels[i];
      count += labels[i];
    }
    kernels.write(values, target);
    return count;
  }
}
