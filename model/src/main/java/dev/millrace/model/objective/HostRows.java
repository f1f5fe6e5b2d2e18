package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/** Fills matrices, row by row, with numbers that only the host knows, such as a relation. */
final class HostRows {

  /** The number at a place. */
  interface Entry {
    double at(int row, int column);
  }

  private final Kernels kernels;
  private double[] buffer = new double[0];

  HostRows(Kernels kernels) {
    this.kernels = kernels;
  }

  void fill(Matrix out, Entry entry) {
    int columns = out.columns();
    if (buffer.length < columns) {
      buffer = new double[columns];
    }
    for (int i = 0; i < out.rows(); i++) {
      for (int j = 0; j < columns; j++) {
        buffer[j] = entry.at(i, j);
      }
      kernels.write(buffer, out.rows(i, i + 1));
    }
  }
}
