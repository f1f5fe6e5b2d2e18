package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Each positive of a row alone against all negatives of the row, where a relation says of every
 * pair whether it is positive, negative, or neither.
 *
 * <pre>
 *   x_ij = log sum_{k: r_ik = -1} exp s_ik - s_ij
 *   loss = sum_i weight_i sum_{j: r_ij = 1} softplus(x_ij)
 * </pre>
 *
 * <p>{@code s: B x N} are logits. A row without positives or without negatives has loss 0 and
 * gradient 0. Softplus and sigmoid of the difference keep their relative precision where the
 * positive is far ahead.
 */
final class RelationContrast {

  // What a matrix holds where the relation is -1, 0 and 1. A table and no condition: nobody can
  // guess a relation, and a wrong guess costs more than all arithmetic here.
  private static final float[] NEGATIVES = {0, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
  private static final float[] POSITIVES = {0, 0, 1};

  private final Kernels kernels;
  private final Workspace workspace;
  private float[] entries = new float[0];

  RelationContrast(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  /**
   * The loss; the logits become their gradients.
   *
   * @param relation row-major: 1 positive, -1 negative, 0 neither
   * @param weight of every positive of a row
   */
  double evaluateInPlace(Matrix logits, int[] relation, double[] weight) {
    Matrix differences = workspace.like("differences", logits);
    kernels.copy(logits, differences);
    Matrix negatives = entries("negatives", logits, relation, NEGATIVES);
    kernels.addInPlace(logits, 1, negatives);
    Matrix against = workspace.matrix("against", logits.rows(), 1);
    kernels.softmaxRowsInPlace(logits, against);
    kernels.scaleInPlace(differences, -1);
    kernels.addColumnInPlace(differences, against);

    Matrix positives = entries("positives", logits, relation, POSITIVES);
    Matrix terms = workspace.like("terms", logits);
    kernels.apply(Elementwise.SOFTPLUS, differences, terms);
    Matrix column = workspace.matrix("column", logits.rows(), 1);
    kernels.rowDots(terms, positives, column);
    double[] sums = new double[logits.rows()];
    kernels.read(column, sums);
    double loss = 0;
    for (int i = 0; i < sums.length; i++) {
      loss += weight[i] * sums[i];
    }

    kernels.apply(Elementwise.SIGMOID, differences, terms);
    kernels.write(weight, column);
    kernels.scaleRowsInPlace(terms, column);
    Matrix shares = differences;
    kernels.hadamard(terms, positives, shares);
    kernels.rowSums(shares, column);
    kernels.scaleRowsInPlace(logits, column);
    kernels.addInPlace(logits, -1, shares);
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
