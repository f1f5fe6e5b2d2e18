package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Soft assignment of rows to the centres of communities, through which only the centres learn.
 *
 * <pre>
 *   r_ik = softmax_k( &lt;h_i, c_k&gt; / tau )  with unit rows, h constant
 * </pre>
 */
final class CommunityAssignment {

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final UnitRows centreRows;
  private final double tau;
  private Matrix unitRows;
  private Matrix assignments;

  CommunityAssignment(Kernels kernels, double tau) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    this.centreRows = new UnitRows(kernels);
    this.tau = tau;
  }

  /** The assignments, {@code B x K}; they live until the next call. */
  Matrix forward(Matrix h, Matrix centres) {
    unitRows = rows.forward(h);
    Matrix unitCentres = centreRows.forward(centres);
    assignments = workspace.matrix("assignments", h.rows(), centres.rows());
    kernels.multiplyByTransposed(unitRows, unitCentres, 1 / tau, 0, assignments);
    kernels.softmaxRowsInPlace(assignments, workspace.matrix("logSums", h.rows(), 1));
    return assignments;
  }

  /** The gradient at the centres from the one at the assignments, which is overwritten. */
  Matrix backward(Matrix gradient) {
    Matrix means = workspace.matrix("means", gradient.rows(), 1);
    kernels.rowDots(assignments, gradient, means);
    kernels.scaleInPlace(means, -1);
    kernels.addColumnInPlace(gradient, means);
    Matrix gradientLogits = workspace.like("gradientLogits", gradient);
    kernels.hadamard(assignments, gradient, gradientLogits);
    Matrix gradientCentres =
        workspace.matrix("gradientCentres", gradient.columns(), unitRows.columns());
    kernels.multiplyTransposed(gradientLogits, unitRows, 1 / tau, 0, gradientCentres);
    return centreRows.backward(gradientCentres);
  }
}
