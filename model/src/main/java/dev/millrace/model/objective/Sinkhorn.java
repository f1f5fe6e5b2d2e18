package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Balanced assignment of rows to prototypes: every row is shared out among the prototypes, and
 * every prototype receives its target of them, by default as much as any other.
 *
 * <pre>
 *   Q = exp(scores / epsilon), n x K
 *   iterations times:  q_ik = q_ik n r_k / sum_l q_lk,  then  q_ik = q_ik / sum_l q_il
 * </pre>
 *
 * <p>Shapes: {@code scores: n x K}, targets {@code r: 1 x K} above 0 with sum 1, without them
 * {@code r_k = 1 / K}; the result holds the last rows, {@code B x K}, so that older rows placed
 * before a batch take part in the balance. Rows sum to 1, columns to about {@code n r_k}. One row,
 * or one prototype, is no special case.
 *
 * <p>Exact for any finite scores, in float32 too: the largest score of each column is subtracted
 * before the exponential, after which no sum can vanish, and nothing is added to a sum. A constant
 * as small as 1e-12 would keep a prototype that no row likes from receiving its share. A round
 * after the first is two products with a vector; the result is one softmax of the scores, each
 * column shifted by what the rounds have found.
 *
 * <p>Caron et al., Unsupervised Learning of Visual Features by Contrasting Cluster Assignments,
 * NeurIPS 2020, section 3.1; Cuturi, Sinkhorn Distances, NeurIPS 2013, whose marginals the targets
 * are.
 */
public final class Sinkhorn {

  private final Kernels kernels;
  private final Workspace workspace;
  private final double epsilon;
  private final int iterations;
  private final Entries largest = new Entries();
  private int[] places = new int[0];
  private double[] perRow = new double[0];

  /**
   * Assignments of one sharpness.
   *
   * @param epsilon above 0; the smaller, the closer to one prototype per row
   * @param iterations at least 1
   */
  public Sinkhorn(Kernels kernels, double epsilon, int iterations) {
    if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
      throw new IllegalArgumentException(
          "parameter 'epsilon' must be finite and above 0, was " + epsilon);
    }
    if (iterations < 1) {
      throw new IllegalArgumentException(
          "parameter 'iterations' must be at least 1, was " + iterations);
    }
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.epsilon = epsilon;
    this.iterations = iterations;
  }

  /**
   * The assignments of the last rows, {@code count x K}; they live until the next call.
   *
   * @throws IllegalArgumentException if there are fewer scores, or none at all
   */
  public Matrix assign(Matrix scores, int count) {
    return assign(scores, count, null);
  }

  /**
   * The same with targets.
   *
   * @param targets share of each prototype, {@code 1 x K}, all above 0 and with sum 1; null for
   *     equal shares
   * @throws IllegalArgumentException also if the targets are not one for each prototype
   */
  public Matrix assign(Matrix scores, int count, Matrix targets) {
    int rows = scores.rows();
    if (targets != null && (targets.rows() != 1 || targets.columns() != scores.columns())) {
      throw new IllegalArgumentException(
          "targets are " + targets.shape() + " for scores of " + scores.shape());
    }
    if (count < 1 || count > rows) {
      throw new IllegalArgumentException(
          "scores are " + scores.shape() + ", so from 1 to " + rows + " rows can be assigned");
    }
    Matrix logits = workspace.like("logits", scores);
    Matrix row = workspace.matrix("row", 1, scores.columns());
    kernels.write(negativeMaxima(scores), row);
    kernels.copy(scores, logits);
    kernels.addRowInPlace(logits, row);
    kernels.scaleInPlace(logits, 1 / epsilon);
    Matrix assignments = workspace.matrix("assignments", count, scores.columns());
    kernels.copy(logits.rows(rows - count, rows), assignments);
    kernels.write(logFactors(logits, targets), row);
    kernels.addRowInPlace(assignments, row);
    kernels.softmaxRowsInPlace(assignments, workspace.matrix("logSums", count, 1));
    return assignments;
  }

  private double[] negativeMaxima(Matrix scores) {
    int columns = scores.columns();
    if (places.length != columns) {
      places = new int[columns];
    }
    kernels.argMaxColumns(scores, places);
    largest.clear();
    for (int k = 0; k < columns; k++) {
      largest.add(places[k], k, 0);
    }
    double[] values = largest.readFrom(kernels, scores);
    for (int k = 0; k < columns; k++) {
      values[k] = -values[k];
    }
    return values;
  }

  /**
   * Logarithm of each column's factor after all rounds; overwrites the logits, which are 0 at the
   * largest score of each column. So each column has an entry of at least 1/K among the shares of
   * its row, and a round changes the sum of a column by a factor of at most n K.
   */
  private double[] logFactors(Matrix shares, Matrix targets) {
    int rows = shares.rows();
    int columns = shares.columns();
    Matrix rowFactors = workspace.matrix("rowFactors", 1, rows);
    kernels.softmaxRowsInPlace(shares, rowFactors.reshaped(rows, 1));
    exponentiate(rowFactors);
    Matrix rowSums = workspace.matrix("rowSums", 1, rows);
    Matrix columnSums = workspace.matrix("columnSums", 1, columns);
    Matrix columnFactors = workspace.matrix("columnFactors", 1, columns);
    for (int i = 0; i < iterations; i++) {
      if (i > 0) {
        kernels.multiplyByTransposed(columnFactors, shares, 1, 0, rowSums);
        kernels.apply(Elementwise.RECIPROCAL, rowSums, rowFactors);
      }
      kernels.multiply(rowFactors, shares, (double) columns / rows, 0, columnSums);
      kernels.apply(Elementwise.RECIPROCAL, columnSums, columnFactors);
      if (targets != null) {
        kernels.hadamard(columnFactors, targets, columnSums);
        kernels.copy(columnSums, columnFactors);
        kernels.scaleInPlace(columnFactors, columns);
      }
    }
    double[] factors = new double[columns];
    kernels.read(columnFactors, factors);
    for (int k = 0; k < columns; k++) {
      factors[k] = Math.log(factors[k]);
    }
    return factors;
  }

  /** On the host: few numbers, of a wide range. */
  private void exponentiate(Matrix row) {
    if (perRow.length < row.columns()) {
      perRow = new double[row.columns()];
    }
    kernels.read(row, perRow);
    for (int i = 0; i < row.columns(); i++) {
      perRow[i] = Math.exp(perRow[i]);
    }
    kernels.write(perRow, row);
  }
}
