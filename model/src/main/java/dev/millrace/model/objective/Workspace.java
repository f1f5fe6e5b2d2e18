package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.HashMap;
import java.util.Map;

/**
 * Named matrices that are reused from call to call.
 *
 * <p>Memory under a name grows to the largest size ever asked for and is never given back; a
 * smaller request is a view of it. Contents are those of the last use, not zero.
 */
final class Workspace {

  /** All memory of a name, and the view that was handed out last. */
  private record Slot(Matrix memory, Matrix view) {}

  private final Kernels kernels;
  private final Map<String, Slot> slots = new HashMap<>();

  Workspace(Kernels kernels) {
    this.kernels = kernels;
  }

  /** The matrix of this name with the given shape; overwritten by the next request. */
  Matrix matrix(String name, int rows, int columns) {
    Slot slot = slots.get(name);
    if (slot != null && slot.view().rows() == rows && slot.view().columns() == columns) {
      return slot.view();
    }
    int size = Math.multiplyExact(rows, columns);
    Matrix memory =
        slot == null || slot.memory().size() < size
            ? kernels.allocate(Math.max(size, 1), 1)
            : slot.memory();
    Matrix view = memory.rows(0, size).reshaped(rows, columns);
    slots.put(name, new Slot(memory, view));
    return view;
  }

  /** As {@link #matrix}, filled with zeros. */
  Matrix zeros(String name, int rows, int columns) {
    Matrix view = matrix(name, rows, columns);
    kernels.fillInPlace(view, 0);
    return view;
  }

  /** The matrix of this name with the shape of another. */
  Matrix like(String name, Matrix other) {
    return matrix(name, other.rows(), other.columns());
  }
}
