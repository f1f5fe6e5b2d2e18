package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Each of several positives of a row alone against all negatives of the row.
 *
 * <pre>
 *   x_ip = log sum_j exp(n_ij) - p_ip
 *   loss = sum_ip w_ip softplus(x_ip)
 * </pre>
 *
 * <p>{@code p: B x n} and {@code n: B x m} are logits; minus infinity leaves a negative out. {@code
 * w: B x n} are constants of 0 or more; 0 leaves a positive out. A row without negatives has loss 0
 * and gradient 0. Softplus and sigmoid of the difference keep their relative precision where the
 * positive is far ahead.
 */
final class PositivesAgainstNegatives {

  private final Kernels kernels;
  private final Workspace workspace;

  PositivesAgainstNegatives(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  /** The mean over all positives; both matrices become the gradients of their logits. */
  double meanInPlace(Matrix positives, Matrix negatives) {
    Matrix equal = workspace.like("equal", positives);
    kernels.fillInPlace(equal, 1.0 / positives.size());
    return sumInPlace(positives, equal, negatives);
  }

  /** The weighted sum; both matrices of logits become their gradients. */
  double sumInPlace(Matrix positives, Matrix weights, Matrix negatives) {
    Matrix against = workspace.matrix("against", negatives.rows(), 1);
    kernels.softmaxRowsInPlace(negatives, against);
    kernels.scaleInPlace(positives, -1);
    kernels.addColumnInPlace(positives, against);
    Matrix terms = workspace.like("terms", positives);
    kernels.apply(Elementwise.SOFTPLUS, positives, terms);
    Matrix rowSums = workspace.like("rowSums", against);
    kernels.rowDots(terms, weights, rowSums);
    double loss = kernels.sum(rowSums);
    kernels.apply(Elementwise.SIGMOID, positives, terms);
    kernels.hadamard(terms, weights, positives);
    kernels.rowSums(positives, rowSums);
    kernels.scaleRowsInPlace(negatives, rowSums);
    kernels.scaleInPlace(positives, -1);
    return loss;
  }
}
