package dev.millrace.model.memory;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/** Rows of native memory that double as they are needed, up to a bound, and are never returned. */
final class BoundedRows {

  private static final int INITIAL_ROWS = 64;

  private final Kernels kernels;
  private final int width;
  private final int maximum;
  private Matrix storage;

  BoundedRows(Kernels kernels, int width, int maximum) {
    this.kernels = kernels;
    this.width = width;
    this.maximum = maximum;
    this.storage = kernels.allocate(Math.min(INITIAL_ROWS, maximum), width);
  }

  /** Makes {@code count} rows valid; what they held stays. */
  void reserve(int count) {
    if (count > maximum) {
      throw new IllegalStateException(count + " rows asked of at most " + maximum);
    }
    if (count > storage.rows()) {
      Matrix before = storage;
      long doubled = 2L * before.rows();
      storage = kernels.allocate((int) Math.min(maximum, Math.max(count, doubled)), width);
      kernels.copy(before, storage.head(before.rows()));
    }
  }

  /** The first rows as a view, which a later growth leaves behind. */
  Matrix head(int count) {
    reserve(count);
    return storage.head(count);
  }

  /** One row as a view. */
  Matrix row(int index) {
    return storage.rows(index, index + 1);
  }

  long bytes() {
    return storage.size() * storage.type().width();
  }
}
