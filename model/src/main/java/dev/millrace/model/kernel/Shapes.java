package dev.millrace.model.kernel;

/** Checks of arguments, with both shapes in the message. */
final class Shapes {

  private Shapes() {}

  static void same(String operation, Matrix a, Matrix b) {
    if (a.rows() != b.rows() || a.columns() != b.columns()) {
      throw mismatch(operation, a, b);
    }
  }

  static void require(boolean fits, String operation, Matrix a, Matrix b) {
    if (!fits) {
      throw mismatch(operation, a, b);
    }
  }

  /** {@code c = a b} with the given sizes after transposition. */
  static void product(
      String operation, int m, int k, int otherK, int n, Matrix a, Matrix b, Matrix c) {
    if (k != otherK) {
      throw mismatch(operation, a, b);
    }
    if (c.rows() != m || c.columns() != n) {
      throw new IllegalArgumentException(
          operation + ": the result is " + m + " x " + n + ", not " + c.shape());
    }
  }

  static void column(String operation, Matrix x, Matrix column) {
    require(column.rows() == x.rows() && column.columns() == 1, operation, x, column);
  }

  static void row(String operation, Matrix x, Matrix row) {
    require(row.rows() == 1 && row.columns() == x.columns(), operation, x, row);
  }

  /** Statistics of the columns of equal runs of rows. */
  static void segments(String operation, Matrix x, Matrix... statistics) {
    for (Matrix statistic : statistics) {
      require(
          statistic.columns() == x.columns()
              && statistic.rows() == statistics[0].rows()
              && statistic.rows() > 0
              && x.rows() > 0
              && x.rows() % statistic.rows() == 0,
          operation,
          x,
          statistic);
    }
  }

  static void count(String operation, int count, int... lengths) {
    for (int length : lengths) {
      if (length < count) {
        throw new IllegalArgumentException(
            operation + ": " + count + " entries asked of an array of " + length);
      }
    }
  }

  /** {@code out: m x n} of {@code a: H x m, b: H x n, weights: 1 x H}. */
  static void pairs(String operation, Matrix a, Matrix b, Matrix weights, Matrix out) {
    product(operation, a.columns(), a.rows(), b.rows(), b.columns(), a, b, out);
    require(weights.rows() == 1 && weights.columns() == a.rows(), operation, a, weights);
  }

  /** Rows of x by two lists of indices, with two results of their shape. */
  static void pairRows(
      String operation, Matrix x, int[] left, int[] right, int count, Matrix one, Matrix other) {
    count(operation, count, left.length, right.length, one.rows(), other.rows());
    require(one.columns() == x.columns(), operation, x, one);
    require(other.columns() == x.columns(), operation, x, other);
    for (int i = 0; i < count; i++) {
      inRange(operation, left[i], x.rows());
      inRange(operation, right[i], x.rows());
    }
  }

  static void bags(Matrix table, int[] starts, int[] rows, Matrix out) {
    require(table.columns() == out.columns(), "sumsOfBags", table, out);
    count("sumsOfBags", out.rows() + 1, starts.length);
    count("sumsOfBags", starts[out.rows()], rows.length);
    for (int i = 0; i < out.rows(); i++) {
      if (starts[i] > starts[i + 1] || starts[i] < 0) {
        throw new IllegalArgumentException("sumsOfBags: starts must ascend from 0 or above");
      }
    }
    for (int t = starts[0]; t < starts[out.rows()]; t++) {
      inRange("sumsOfBags", rows[t], table.rows());
    }
  }

  static void largest(Matrix x, int count, int[] columns) {
    count("largestInRows", count, x.columns());
    count("largestInRows", x.rows() * count, columns.length);
  }

  static void inRange(String operation, int index, int bound) {
    if (index < 0 || index >= bound) {
      throw new IllegalArgumentException(
          operation + ": index " + index + " is not in 0 to " + (bound - 1));
    }
  }

  private static IllegalArgumentException mismatch(String operation, Matrix a, Matrix b) {
    return new IllegalArgumentException(
        operation + ": shapes " + a.shape() + " and " + b.shape() + " do not fit");
  }
}
