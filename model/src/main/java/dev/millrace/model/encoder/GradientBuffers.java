package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;

/**
 * Memory of gradients on their way back, shared by all layers and all passes: two matrices that
 * take turns between layers, and two within a layer. Each takes any shape.
 */
final class GradientBuffers {

  private final Flat even;
  private final Flat odd;
  private final Flat scratch;
  private final Flat middle;

  GradientBuffers(Kernels kernels) {
    even = new Flat(kernels);
    odd = new Flat(kernels);
    scratch = new Flat(kernels);
    middle = new Flat(kernels);
  }

  private static final class Flat {

    private final RowBuffer elements;
    private Matrix last;

    Flat(Kernels kernels) {
      elements = new RowBuffer(kernels, 1);
    }

    Matrix matrix(int rows, int columns) {
      if (last == null || last.rows() != rows || last.columns() != columns) {
        last = elements.rows(Math.multiplyExact(rows, columns)).reshaped(rows, columns);
      }
      return last;
    }
  }

  /** Between layers: not the memory of {@code current}, which this class may have given. */
  Matrix next(Matrix current, int rows, int columns) {
    return (current == even.last ? odd : even).matrix(rows, columns);
  }

  Matrix scratch(int rows, int columns) {
    return scratch.matrix(rows, columns);
  }

  Matrix middle(int rows, int columns) {
    return middle.matrix(rows, columns);
  }
}
