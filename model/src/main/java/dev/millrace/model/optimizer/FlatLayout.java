package dev.millrace.model.optimizer;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each matrix of a set stands in one piece of memory.
 *
 * <p>Each begins at a multiple of {@link #BLOCK} elements; what lies between is zero and stays so.
 * In that way an optimizer touches all of them in one call, over rows of {@link #BLOCK} elements
 * that a kernel can split.
 */
final class FlatLayout {

  /** 256 bytes of float32: whole cache lines and whole vectors. */
  static final int BLOCK = 64;

  private record Place(int offset, int rows, int columns) {}

  private final List<Place> places = new ArrayList<>();
  private int end;

  void add(int rows, int columns) {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException("no parameter of " + rows + " x " + columns);
    }
    places.add(new Place(end, rows, columns));
    int size = Math.multiplyExact(rows, columns);
    end = Math.addExact(end, (size + BLOCK - 1) / BLOCK * BLOCK);
  }

  int count() {
    return places.size();
  }

  /** A zero column that holds all matrices. */
  Matrix allocate(Kernels kernels) {
    return kernels.allocate(end, 1);
  }

  /** The whole column as rows of {@link #BLOCK} elements. */
  static Matrix blocks(Matrix column) {
    return column.reshaped(column.rows() / BLOCK, BLOCK);
  }

  /** Matrix {@code index} as a view of the column. */
  Matrix view(Matrix column, int index) {
    Place place = places.get(index);
    int size = place.rows() * place.columns();
    return column
        .rows(place.offset(), place.offset() + size)
        .reshaped(place.rows(), place.columns());
  }
}
