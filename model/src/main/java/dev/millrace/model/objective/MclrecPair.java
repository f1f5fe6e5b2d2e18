package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * What MCLRec asks of two matrices of rows: NT-Xent of plain dot products at temperature 1, and the
 * regulariser that draws positives down and negatives up into one band.
 *
 * <pre>
 *   p_r positive, n_rj the 2B - 2 negatives of row r of the stacked pair
 *   low = min(p, max n),  high = max(p, max n)
 *   R = mean_r (p_r - low)+ + mean_rj (high - n_rj)+
 * </pre>
 *
 * <p>Row-wise, low and high are those of each row; else p is the smallest positive and max n the
 * largest negative of all rows. Low and high are differentiated, at a tie by halves.
 */
final class MclrecPair {

  /** How the bounds of the regulariser are taken, or that there is none. */
  enum Bounds {
    NONE,
    ROW_WISE,
    GLOBAL
  }

  private final Kernels kernels;
  private final Workspace workspace;
  private final Entries positives = new Entries();
  private final Entries own = new Entries();
  private final Entries largest = new Entries();
  private final Entries changes = new Entries();
  private int[] targets = new int[0];
  private int[] largestColumns = new int[0];
  private double contrast;
  private double regulariser;

  MclrecPair(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  /** Mean NT-Xent of the last call. */
  double contrast() {
    return contrast;
  }

  /** R of the last call; 0 without bounds or negatives. */
  double regulariser() {
    return regulariser;
  }

  /**
   * Adds the gradient of {@code weight (contrast + gamma R)} to those of the two matrices.
   *
   * @param gradientA gradient at {@code a}, to be added to
   * @param gradientB gradient at {@code b}, to be added to
   */
  void add(
      Matrix a,
      Matrix b,
      double weight,
      double gamma,
      Bounds bounds,
      Matrix gradientA,
      Matrix gradientB) {
    int batch = a.rows();
    int count = 2 * batch;
    Matrix z = workspace.matrix("z", count, a.columns());
    kernels.copy(a, z.rows(0, batch));
    kernels.copy(b, z.rows(batch, count));
    Matrix logits = workspace.matrix("logits", count, count);
    kernels.multiplyByTransposed(z, z, 1, 0, logits);
    listEntries(batch);

    regulariser = 0;
    boolean bounded = bounds != Bounds.NONE && batch > 1;
    Matrix slopes = bounded ? regularise(logits, bounds, gamma * count) : null;

    own.addTo(kernels, logits);
    Matrix rowLoss = workspace.matrix("rowLoss", count, 1);
    kernels.crossEntropyRowsInPlace(logits, targets, rowLoss);
    contrast = kernels.sum(rowLoss) / count;
    if (bounded) {
      kernels.addInPlace(logits, 1, slopes);
    }
    Matrix gradient = workspace.like("gradient", z);
    kernels.multiply(logits, z, weight / count, 0, gradient);
    kernels.multiplyTransposed(logits, z, weight / count, 1, gradient);
    kernels.addInPlace(gradientA, 1, gradient.rows(0, batch));
    kernels.addInPlace(gradientB, 1, gradient.rows(batch, count));
  }

  private void listEntries(int batch) {
    int count = 2 * batch;
    if (targets.length != count) {
      targets = new int[count];
      largestColumns = new int[count];
      own.clear();
      for (int i = 0; i < count; i++) {
        targets[i] = (i + batch) % count;
        own.mask(i, i);
      }
    }
  }

  /** Sets the regulariser; returns its slopes at the logits times {@code factor}. */
  private Matrix regularise(Matrix logits, Bounds bounds, double factor) {
    int count = logits.rows();
    double[] positive = positives(logits);
    double[] negative = largestNegatives(logits);
    // Rows whose positive and whose largest negative make the bounds of row i.
    int[] positiveRow = rowsOf(bounds, count, smallest(positive));
    int[] negativeRow = rowsOf(bounds, count, largest(negative));
    double[] high = new double[count];
    for (int i = 0; i < count; i++) {
      high[i] = Math.max(positive[positiveRow[i]], negative[negativeRow[i]]);
    }
    double toNegatives = factor / ((double) count * (count - 2));
    Matrix slopes = negativesBelow(logits, high, -toNegatives);
    double[] below = rowSums(slopes);

    double above = 0;
    changes.clear();
    for (int i = 0; i < count; i++) {
      int p = positiveRow[i];
      int n = negativeRow[i];
      // Share of the positive in the lower bound; that of the negative in the upper one.
      double share = positive[p] < negative[n] ? 1 : positive[p] == negative[n] ? 0.5 : 0;
      double excess = positive[i] - Math.min(positive[p], negative[n]);
      double active = excess > 0 ? factor / count : 0;
      above += Math.max(0, excess);
      changes.add(i, targets[i], active);
      changes.add(p, targets[p], -active * share - below[i] * (1 - share));
      changes.add(n, largestColumns[n], -active * (1 - share) - below[i] * share);
    }
    changes.addTo(kernels, slopes);
    regulariser += above / count;
    return slopes;
  }

  private double[] positives(Matrix logits) {
    positives.clear();
    for (int i = 0; i < targets.length; i++) {
      positives.add(i, targets[i], 0);
    }
    return Arrays.copyOf(positives.readFrom(kernels, logits), targets.length);
  }

  private double[] largestNegatives(Matrix logits) {
    Matrix negatives = workspace.like("negatives", logits);
    kernels.copy(logits, negatives);
    own.addTo(kernels, negatives);
    positives.clear();
    for (int i = 0; i < targets.length; i++) {
      positives.mask(i, targets[i]);
    }
    positives.addTo(kernels, negatives);
    kernels.argMaxRows(negatives, largestColumns);
    largest.clear();
    for (int i = 0; i < targets.length; i++) {
      largest.add(i, largestColumns[i], 0);
    }
    return Arrays.copyOf(largest.readFrom(kernels, logits), targets.length);
  }

  /**
   * Adds the mean distance of the negatives from the upper bounds to the regulariser; returns
   * {@code slope} where a negative is below its bound and 0 elsewhere.
   */
  private Matrix negativesBelow(Matrix logits, double[] high, double slope) {
    int count = logits.rows();
    Matrix distance = workspace.like("negatives", logits);
    Matrix column = workspace.matrix("column", count, 1);
    kernels.write(high, column);
    kernels.copy(logits, distance);
    kernels.scaleInPlace(distance, -1);
    kernels.addColumnInPlace(distance, column);
    changes.clear();
    for (int i = 0; i < count; i++) {
      changes.add(i, i, 0);
      changes.add(i, targets[i], 0);
    }
    // The row itself and its positive are no negatives: their distance becomes exactly 0.
    double[] excluded = changes.readFrom(kernels, distance);
    for (int i = 0; i < 2 * count; i++) {
      excluded[i] = -excluded[i];
    }
    changes.addTo(kernels, distance);
    regulariser += kernels.sum(distance) / ((double) count * (count - 2));
    Matrix constant = workspace.like("constant", logits);
    kernels.fillInPlace(constant, slope);
    Matrix slopes = workspace.like("slopes", logits);
    kernels.applyBackward(Elementwise.RELU, distance, constant, slopes);
    return slopes;
  }

  private double[] rowSums(Matrix x) {
    Matrix column = workspace.matrix("column", x.rows(), 1);
    kernels.rowSums(x, column);
    double[] sums = new double[x.rows()];
    kernels.read(column, sums);
    return sums;
  }

  private static int[] rowsOf(Bounds bounds, int count, int only) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = bounds == Bounds.ROW_WISE ? i : only;
    }
    return rows;
  }

  private static int smallest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] < values[best] ? i : best;
    }
    return best;
  }

  private static int largest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
