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
 * <p>{@code p: B x n} and {@code n: B x m} are logits; minus infinity leaves a negative out. A row
 * without negatives has loss 0 and gradient 0. Softplus and sigmoid of the difference keep their
 * relative precision where the positive is far ahead.
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
    Matrix terms = termsInPlace(positives, negatives);
    Matrix share = workspace.like("share", positives);
    double size = positives.size();
    kernels.apply(Elementwise.SIGMOID, positives, share);
    kernels.scaleInPlace(share, 1 / size);
    gradientsInPlace(share, positives, negatives);
    return kernels.sum(terms) / size;
  }

  /** The sum with these weights of the positives; both matrices become the gradients. */
  double sumInPlace(Matrix positives, Matrix negatives, Matrix weights) {
    Matrix terms = termsInPlace(positives, negatives);
    Matrix share = workspace.like("share", positives);
    kernels.hadamard(terms, weights, share);
    double loss = kernels.sum(share);
    kernels.apply(Elementwise.SIGMOID, positives, terms);
    kernels.hadamard(terms, weights, share);
    gradientsInPlace(share, positives, negatives);
    return loss;
  }

  /** Turns negatives into their softmax, positives into x, and returns softplus(x). */
  private Matrix termsInPlace(Matrix positives, Matrix negatives) {
    Matrix against = workspace.matrix("against", negatives.rows(), 1);
    kernels.softmaxRowsInPlace(negatives, against);
    kernels.scaleInPlace(positives, -1);
    kernels.addColumnInPlace(positives, against);
    Matrix terms = workspace.like("terms", positives);
    kernels.apply(Elementwise.SOFTPLUS, positives, terms);
    return terms;
  }

  private void gradientsInPlace(Matrix share, Matrix positives, Matrix negatives) {
    Matrix total = workspace.matrix("total", share.rows(), 1);
    kernels.rowSums(share, total);
    kernels.scaleRowsInPlace(negatives, total);
    kernels.copy(share, positives);
    kernels.scaleInPlace(positives, -1);
  }
}
