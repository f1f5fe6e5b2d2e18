package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * NT-Xent of 2R rows: the positive of row i is row i +- R, all other rows are its negatives.
 *
 * <p>For the objectives that are made of it; one instance for each contrast, as its matrices live
 * until the next call.
 */
final class InBatchContrast {

  private final Kernels kernels;
  private final Workspace workspace;
  private final Entries masked = new Entries();
  private final double tau;
  private int[] positives = new int[0];
  private Matrix rowLoss;

  InBatchContrast(Kernels kernels, double tau) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.tau = tau;
  }

  /**
   * Mean loss over the rows; {@code gradient = weight d loss / d z + beta gradient}.
   *
   * @param ids of R rows and again of the other R: rows of an equal id other than the positive are
   *     not negatives; null for none
   */
  double evaluate(Matrix z, int[] ids, double weight, double beta, Matrix gradient) {
    int count = z.rows();
    Matrix logits = workspace.matrix("logits", count, count);
    kernels.multiplyByTransposed(z, z, 1 / tau, 0, logits);
    masked.clear();
    for (int i = 0; i < count; i++) {
      masked.mask(i, i);
    }
    if (ids != null) {
      SameIds.mask(ids, masked);
    }
    masked.addTo(kernels, logits);
    rowLoss = workspace.matrix("rowLoss", count, 1);
    kernels.crossEntropyRowsInPlace(logits, positives(count), rowLoss);
    double scale = weight / (tau * count);
    kernels.multiply(logits, z, scale, beta, gradient);
    kernels.multiplyTransposed(logits, z, scale, 1, gradient);
    return kernels.sum(rowLoss) / count;
  }

  /** Loss of each row in the last call, {@code 2R x 1}. */
  Matrix rowLoss() {
    return rowLoss;
  }

  private int[] positives(int count) {
    if (positives.length != count) {
      positives = new int[count];
      for (int i = 0; i < count; i++) {
        positives[i] = (i + count / 2) % count;
      }
    }
    return positives;
  }
}
