package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Contrast of two stacked views in which every other row is a positive to the degree that its class
 * is likely to be the same. With rows of one 1 as classes it is the supervised contrast.
 *
 * <pre>
 *   s_ij = &lt;z_i, z_j&gt; / tau
 *   w_ij = &lt;p_i, p_j&gt;, but 1 for the other view of i and 0 for i itself
 *   loss = mean_i sum_j w_ij ( log sum_{k != i} exp s_ik - s_ij ) / sum_j w_ij
 * </pre>
 */
final class SoftPositives {

  private final Kernels kernels;
  private final Workspace workspace;
  private final Entries own = new Entries();
  private final Entries partners = new Entries();
  private double loss;

  SoftPositives(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  /** Loss of the last call. */
  double loss() {
    return loss;
  }

  /**
   * Computes loss and gradient, which live until the next call.
   *
   * @param z {@code 2n x D} unit rows, one view above the other
   * @param classes {@code 2n x C} probabilities, constant
   * @return gradient at {@code z}
   */
  Matrix evaluate(Matrix z, Matrix classes, double tau) {
    int count = z.rows();
    Matrix weights = weights(classes);
    Matrix logits = workspace.matrix("logits", count, count);
    kernels.multiplyByTransposed(z, z, 1 / tau, 0, logits);
    Matrix slopes = workspace.like("slopes", logits);
    kernels.copy(logits, slopes);
    own.clear();
    for (int i = 0; i < count; i++) {
      own.mask(i, i);
    }
    own.addTo(kernels, slopes);
    Matrix column = workspace.matrix("column", count, 1);
    kernels.softmaxRowsInPlace(slopes, column);

    kernels.scaleInPlace(column, -1);
    kernels.addColumnInPlace(logits, column);
    kernels.rowDots(weights, logits, column);
    loss = 0 - kernels.sum(column) / count;

    kernels.addInPlace(slopes, -1, weights);
    balance(slopes);
    Matrix gradient = workspace.like("gradient", z);
    kernels.multiply(slopes, z, 1 / (tau * count), 0, gradient);
    kernels.multiplyTransposed(slopes, z, 1 / (tau * count), 1, gradient);
    return gradient;
  }

  /** Weights of the positives, each row with the sum 1. */
  private Matrix weights(Matrix classes) {
    int count = classes.rows();
    Matrix weights = workspace.matrix("weights", count, count);
    kernels.multiplyByTransposed(classes, classes, 1, 0, weights);
    own.clear();
    for (int i = 0; i < count; i++) {
      own.add(i, i, 0);
    }
    remove(own, weights);
    removePartners(weights);
    partners.clear();
    for (int i = 0; i < count; i++) {
      partners.add(i, partner(i, count), 1);
    }
    partners.addTo(kernels, weights);
    Matrix sums = workspace.matrix("sums", count, 1);
    kernels.rowSums(weights, sums);
    Matrix inverse = workspace.like("inverse", sums);
    kernels.apply(Elementwise.RECIPROCAL, sums, inverse);
    kernels.scaleRowsInPlace(weights, inverse);
    return weights;
  }

  /**
   * Rows sum to 0, so the other view's entry is minus the sum of the others: it keeps its precision
   * where that view has nearly all of the softmax and all of the weight.
   */
  private void balance(Matrix slopes) {
    int count = slopes.rows();
    removePartners(slopes);
    Matrix sums = workspace.matrix("sums", count, 1);
    kernels.rowSums(slopes, sums);
    double[] others = new double[count];
    kernels.read(sums, others);
    partners.clear();
    for (int i = 0; i < count; i++) {
      partners.add(i, partner(i, count), -others[i]);
    }
    partners.addTo(kernels, slopes);
  }

  private void removePartners(Matrix x) {
    partners.clear();
    for (int i = 0; i < x.rows(); i++) {
      partners.add(i, partner(i, x.rows()), 0);
    }
    remove(partners, x);
  }

  /** Sets the entries to 0. */
  private void remove(Entries entries, Matrix x) {
    double[] values = entries.readFrom(kernels, x);
    Arrays.setAll(values, i -> -values[i]);
    entries.addTo(kernels, x);
  }

  private static int partner(int i, int count) {
    return (i + count / 2) % count;
  }
}
