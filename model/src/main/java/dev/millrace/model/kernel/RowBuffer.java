package dev.millrace.model.kernel;

/** A workspace that grows to the largest batch and is then used again and again. */
public final class RowBuffer {

  private final Kernels kernels;
  private final int columns;
  private Matrix storage;
  private Matrix view;

  public RowBuffer(Kernels kernels, int columns) {
    this.kernels = kernels;
    this.columns = columns;
  }

  /** The first rows; what they hold is left from earlier. */
  public Matrix rows(int count) {
    if (view != null && view.rows() == count) {
      return view;
    }
    if (storage == null || storage.rows() < count) {
      // A quarter more than needed: batches of a stream vary, and each growth is garbage.
      storage = kernels.allocate(storage == null ? count : count + count / 4, columns);
    }
    view = storage.head(count);
    return view;
  }
}
