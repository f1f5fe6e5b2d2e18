package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Each of several positives of a row alone against all negatives of the row.
 *
 * <pre>
 *   x_ip = log sum_j exp(n_ij) - p_ip
 *   loss = mean_ip softplus(x_ip)
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

  /** The loss; both matrices become the gradients of their logits. */
  double meanInPlace(Matrix positives, Matrix negatives) {
    double size = positives.size();
    Matrix against = workspace.matrix("against", negatives.rows(), 1);
    kernels.softmaxRowsInPlace(negatives, against);
    kernels.scaleInPlace(positives, -1);
    kernels.addColumnInPlace(positives, against);
    Matrix terms = workspace.like("terms", positives);
    kernels.apply(Elementwise.SOFTPLUS, positives, terms);
    Matrix share = workspace.like("share", positives);
    kernels.apply(Elementwise.SIGMOID, positives, share);
    kernels.scaleInPlace(share, 1 / size);
    Matrix total = workspace.like("total", against);
    kernels.rowSums(share, total);
    kernels.scaleRowsInPlace(negatives, total);
    kernels.copy(share, positives);
    kernels.scaleInPlace(positives, -1);
    return kernels.sum(terms) / size;
  }
}
