package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * The pairs of rows that AMCL contrasts: in each head every row of both views with its positive and
 * with its hardest negatives, those of the largest similarity.
 *
 * <p>Rows of a head are {@code [z1; z2]}, heads stand one below the other. The pairs of a row
 * follow each other, the positive first: {@code width} pairs a row.
 */
final class AmclPairs {

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows unitRows;
  private final StopGradient stopGradient;
  private final int hardest;
  private final Entries entries = new Entries();
  private int heads;
  private int batch;
  private int width;
  private int[] left = new int[0];
  private int[] right = new int[0];
  private int[] column = new int[0];
  private double[] values = new double[0];
  private Matrix z;

  AmclPairs(Kernels kernels, StopGradient stopGradient, int hardest) {
    if (hardest < 1) {
      throw new IllegalArgumentException("parameter 'hardest' must be above 0, was " + hardest);
    }
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.unitRows = new UnitRows(kernels);
    this.stopGradient = stopGradient;
    this.hardest = hardest;
  }

  int count() {
    return heads * rows() * width;
  }

  /** Pairs of a row: its positive and its negatives. */
  int width() {
    return width;
  }

  /** Rows of a head. */
  int rows() {
    return 2 * batch;
  }

  /** The first row of each pair, counted over all heads. */
  int[] left() {
    return left;
  }

  /** The other row of each pair, counted over all heads. */
  int[] right() {
    return right;
  }

  /** The other row of each pair, counted within its head. */
  int[] column() {
    return column;
  }

  /** Unit rows of all heads. */
  Matrix z() {
    return z;
  }

  /** Chooses the pairs; returns their similarities, a row of {@code width} for each row. */
  Matrix choose(Matrix z1, Matrix z2, int headCount, int batchSize) {
    heads = headCount;
    batch = batchSize;
    width = 1 + Math.min(hardest, rows() - 2);
    z = unitRows.forward(interleaved(z1, z2));
    reserve();
    Matrix square = workspace.matrix("square", rows(), rows());
    for (int head = 0; head < heads; head++) {
      Matrix own = rowsOf(z, head);
      kernels.multiplyByTransposed(own, own, 1, 0, square);
      list(head, stopGradient.hold("hardest" + head, negatives(square)));
      fill(head, values);
      System.arraycopy(entries.readFrom(kernels, square), 0, values, start(head), start(1));
    }
    Matrix similarity = workspace.matrix("similarity", heads * rows(), width);
    kernels.write(values, similarity);
    return similarity;
  }

  /** Adds the gradients of z1 and z2, from those at the similarities and at the unit rows. */
  void backward(Matrix gradientSimilarity, Matrix gradientUnit, LossAndGradient result) {
    kernels.read(gradientSimilarity, values);
    for (int head = 0; head < heads; head++) {
      Matrix square = workspace.zeros("square", rows(), rows());
      fill(head, values);
      entries.addTo(kernels, square);
      Matrix own = rowsOf(z, head);
      Matrix gradient = rowsOf(gradientUnit, head);
      kernels.multiply(square, own, 1, 1, gradient);
      kernels.multiplyTransposed(square, own, 1, 1, gradient);
    }
    Matrix gradient = unitRows.backward(gradientUnit);
    Matrix gradient1 = workspace.matrix("gradient1", heads * batch, z.columns());
    Matrix gradient2 = workspace.matrix("gradient2", heads * batch, z.columns());
    for (int head = 0; head < heads; head++) {
      Matrix own = rowsOf(gradient, head);
      kernels.copy(own.rows(0, batch), gradient1.rows(head * batch, (head + 1) * batch));
      kernels.copy(own.rows(batch, rows()), gradient2.rows(head * batch, (head + 1) * batch));
    }
    result.withGradient("z1", gradient1).withGradient("z2", gradient2);
  }

  /** Columns of the negatives, {@code width - 1} a row. */
  private int[] negatives(Matrix square) {
    int kept = width - 1;
    int[] chosen = new int[rows() * kept];
    if (kept == rows() - 2) {
      int at = 0;
      for (int i = 0; i < rows(); i++) {
        for (int j = 0; j < rows(); j++) {
          if (j % batch != i % batch) {
            chosen[at++] = j;
          }
        }
      }
      return chosen;
    }
    entries.clear();
    for (int i = 0; i < rows(); i++) {
      entries.mask(i, i);
      entries.mask(i, (i + batch) % rows());
    }
    Matrix candidates = workspace.like("candidates", square);
    kernels.copy(square, candidates);
    entries.addTo(kernels, candidates);
    kernels.largestInRows(candidates, kept, chosen);
    return chosen;
  }

  private void list(int head, int[] negatives) {
    int at = start(head);
    for (int i = 0; i < rows(); i++) {
      for (int k = 0; k < width; k++) {
        column[at] = k == 0 ? (i + batch) % rows() : negatives[i * (width - 1) + k - 1];
        left[at] = head * rows() + i;
        right[at] = head * rows() + column[at];
        at++;
      }
    }
  }

  /** Lists a head's pairs, as entries of its square matrix, with their values. */
  private void fill(int head, double[] of) {
    entries.clear();
    for (int at = start(head); at < start(head + 1); at++) {
      entries.add(left[at] - head * rows(), column[at], of[at]);
    }
  }

  private int start(int head) {
    return head * rows() * width;
  }

  private void reserve() {
    if (values.length < count()) {
      left = new int[count()];
      right = new int[count()];
      column = new int[count()];
      values = new double[count()];
    }
  }

  private Matrix rowsOf(Matrix x, int head) {
    return x.rows(head * rows(), (head + 1) * rows());
  }

  private Matrix[] interleaved(Matrix z1, Matrix z2) {
    Matrix[] parts = new Matrix[2 * heads];
    for (int head = 0; head < heads; head++) {
      parts[2 * head] = z1.rows(head * batch, (head + 1) * batch);
      parts[2 * head + 1] = z2.rows(head * batch, (head + 1) * batch);
    }
    return parts;
  }
}
