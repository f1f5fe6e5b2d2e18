package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * {@link PositivesAgainstNegatives} in one matrix of logits, where a relation says of every pair
 * whether it is positive, negative, or neither.
 *
 * <pre>
 *   x_ij = log sum_{k: r_ik = -1} exp s_ik - s_ij
 *   loss = sum_i weight_i sum_{j: r_ij = 1} softplus(x_ij)
 * </pre>
 *
 * <p>{@code s: B x N} are logits. A row without positives or without negatives has loss 0 and
 * gradient 0.
 */
final class RelationContrast {

  // What a matrix holds where the relation is -1, 0 and 1. A table and no condition: nobody can
  // guess a relation, and a wrong guess costs more than all arithmetic here.
  private static final float[] NEGATIVES = {0, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
  private static final float[] POSITIVES = {0, 0, 1};

  private final Kernels kernels;
  private final Workspace workspace;
  private final PositivesAgainstNegatives contrast;
  private float[] entries = new float[0];

  RelationContrast(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.contrast = new PositivesAgainstNegatives(kernels);
  }

  /**
   * The loss; the logits become their gradients.
   *
   * @param relation row-major: 1 positive, -1 negative, 0 neither
   * @param weight of every positive of a row, 0 or more
   */
  double evaluateInPlace(Matrix logits, int[] relation, double[] weight) {
    Matrix positives = workspace.like("positives", logits);
    kernels.copy(logits, positives);
    kernels.addInPlace(logits, 1, entries("negatives", logits, relation, NEGATIVES));
    Matrix weights = entries("weights", logits, relation, POSITIVES);
    Matrix column = workspace.matrix("column", logits.rows(), 1);
    kernels.write(weight, column);
    kernels.scaleRowsInPlace(weights, column);
    double loss = contrast.sumInPlace(positives, weights, logits);
    kernels.addInPlace(logits, 1, positives);
    return loss;
  }

  private Matrix entries(String name, Matrix like, int[] relation, float[] table) {
    if (entries.length < relation.length) {
      entries = new float[relation.length];
    }
    for (int i = 0; i < relation.length; i++) {
      entries[i] = table[relation[i] + 1];
    }
    Matrix out = workspace.like(name, like);
    out.copyFrom(entries, 0);
    return out;
  }
}
