package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/** The columns of the largest entries of each row. */
final class LargestEntries {

  private LargestEntries() {}

  /**
   * {@code x.rows() * count} columns, row after row, the largest entry first; of equal entries the
   * left one.
   *
   * @param count at most the number of columns
   */
  static int[] ofRows(Kernels kernels, Matrix x, int count) {
    int[] columns = new int[x.rows() * count];
    double[] row = new double[x.columns()];
    for (int i = 0; i < x.rows(); i++) {
      kernels.read(x.rows(i, i + 1), row);
      select(row, columns, i * count, count);
    }
    return columns;
  }

  /**
   * Insertion into the columns kept so far: few are kept and most entries are below all of them.
   */
  private static void select(double[] row, int[] out, int from, int count) {
    for (int j = 0; j < row.length; j++) {
      int kept = Math.min(j, count);
      if (kept == count && !(row[j] > row[out[from + count - 1]])) {
        continue;
      }
      int at = from + Math.min(kept, count - 1);
      while (at > from && row[j] > row[out[at - 1]]) {
        out[at] = out[at - 1];
        at--;
      }
      out[at] = j;
    }
  }
}
