package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/** Transposes every block of rows of a matrix: {@code blocks x r x c} to {@code blocks x c x r}. */
final class BlockTranspose {

  private int[] sources = new int[0];
  private int lastRows;
  private int lastColumns;

  /**
   * The blocks transposed, {@code (blocks c) x r}; the matrix itself, in another shape, where that
   * is the same.
   *
   * @param name of the result in the workspace
   * @param x {@code (blocks r) x c}
   */
  Matrix apply(Kernels kernels, Workspace workspace, String name, Matrix x, int blocks, int rows) {
    int columns = x.columns();
    if (rows == 1 || columns == 1) {
      return x.reshaped(blocks * columns, rows);
    }
    index(Math.toIntExact(x.size()), rows, columns);
    Matrix out = workspace.matrix(name, sources.length, 1);
    kernels.gatherRows(x.reshaped(sources.length, 1), sources, sources.length, out);
    return out.reshaped(blocks * columns, rows);
  }

  private void index(int size, int rows, int columns) {
    if (sources.length == size && lastRows == rows && lastColumns == columns) {
      return;
    }
    lastRows = rows;
    lastColumns = columns;
    sources = new int[size];
    int block = rows * columns;
    for (int start = 0; start < size; start += block) {
      for (int i = 0; i < block; i++) {
        sources[start + i] = start + i % rows * columns + i / rows;
      }
    }
  }
}
