package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Gaussian kernel between all rows of a batch, {@code log k_ij = -|a_i - a_j|^2 / (2 tau)}, and the
 * means of it that uniformity and joint entropy take.
 *
 * <p>Both functions of a kernel work on the other rows alone and turn the matrix in place into
 * their gradient at the log-kernel, diagonal 0. The diagonal, log k = 0, enters the joint entropy
 * exactly.
 */
final class PairKernel {

  private final Kernels kernels;
  private final Workspace workspace;
  private final Entries diagonal = new Entries();
  private final double tau;

  PairKernel(Kernels kernels, double tau) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.tau = tau;
  }

  /** {@code out = log k} of the rows of a. */
  void log(Matrix a, Matrix out) {
    Matrix halfSquares = workspace.matrix("halfSquares", a.rows(), 1);
    kernels.rowDots(a, a, halfSquares);
    kernels.scaleInPlace(halfSquares, -0.5 / tau);
    kernels.multiplyByTransposed(a, a, 1 / tau, 0, out);
    kernels.addColumnInPlace(out, halfSquares);
    kernels.addRowInPlace(out, halfSquares.reshaped(1, a.rows()));
  }

  /** {@code log mean_{i < j} k_ij}; 0 for a single row. The gradient is symmetric. */
  double uniformity(Matrix logKernel) {
    int rows = logKernel.rows();
    double[] logSums = softmaxOfOthers(logKernel);
    if (rows < 2) {
      return 0;
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : logSums) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (double value : logSums) {
      sum += Math.exp(value - largest);
    }
    double total = largest + Math.log(sum);
    for (int i = 0; i < rows; i++) {
      logSums[i] = Math.exp(logSums[i] - total);
    }
    scaleRows(logKernel, logSums);
    return total - Math.log(rows * (rows - 1.0));
  }

  /** {@code mean_i log mean_j k_ij}, j = i included. */
  double jointEntropy(Matrix logKernel) {
    int rows = logKernel.rows();
    double[] others = softmaxOfOthers(logKernel);
    double loss = 0;
    for (int i = 0; i < rows; i++) {
      loss += Math.max(others[i], 0) + Math.log1p(Math.exp(-Math.abs(others[i])));
      others[i] = 1 / (1 + Math.exp(-others[i])) / rows;
    }
    scaleRows(logKernel, others);
    return loss / rows - Math.log(rows);
  }

  /** Adds the gradient at the rows of a, given the one at the log-kernel. */
  void addGradient(Matrix gradientLog, Matrix a, Matrix gradient) {
    int rows = a.rows();
    Matrix both = workspace.matrix("both", 1, rows);
    Matrix column = both.reshaped(rows, 1);
    kernels.rowSums(gradientLog, column);
    kernels.sumOfRows(gradientLog, 1, both);
    Matrix scaled = workspace.like("scaled", a);
    kernels.copy(a, scaled);
    kernels.scaleRowsInPlace(scaled, column);
    kernels.addInPlace(gradient, -1 / tau, scaled);
    kernels.multiply(gradientLog, a, 1 / tau, 1, gradient);
    kernels.multiplyTransposed(gradientLog, a, 1 / tau, 1, gradient);
  }

  private double[] softmaxOfOthers(Matrix logKernel) {
    int rows = logKernel.rows();
    diagonal.clear();
    for (int i = 0; i < rows; i++) {
      diagonal.mask(i, i);
    }
    diagonal.addTo(kernels, logKernel);
    Matrix logSums = workspace.matrix("logSums", rows, 1);
    kernels.softmaxRowsInPlace(logKernel, logSums);
    double[] values = new double[rows];
    kernels.read(logSums, values);
    return values;
  }

  private void scaleRows(Matrix x, double[] factors) {
    Matrix column = workspace.matrix("factors", factors.length, 1);
    kernels.write(factors, column);
    kernels.scaleRowsInPlace(x, column);
  }
}
