package dev.millrace.model.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A row-major, contiguous matrix in native memory that ND4J owns.
 *
 * <p>{@link #head} and {@link #rows(int, int)} are views of the same memory. The array is kept
 * reachable by every view; memory is returned when the last view is collected.
 */
public final class Matrix {

  private final INDArray storage;
  private final long start;
  private final int rows;
  private final int columns;
  private INDArray array;
  private ByteBuffer bytes;
  private FloatBuffer floats;
  private FloatPointer pointer;

  private Matrix(INDArray storage, long start, int rows, int columns) {
    this.storage = storage;
    this.start = start;
    this.rows = rows;
    this.columns = columns;
  }

  /** A zero matrix of the given element type. */
  static Matrix allocate(DataType type, int rows, int columns) {
    if (rows < 0 || columns < 1) {
      throw new IllegalArgumentException("no such matrix: " + rows + " x " + columns);
    }
    return new Matrix(
        Nd4j.create(type, new long[] {Math.max(rows, 1), columns}, 'c'), 0, rows, columns);
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public long size() {
    return (long) rows * columns;
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive) as a view. */
  public Matrix rows(int from, int to) {
    if (from < 0 || to < from || to > rows) {
      throw new IllegalArgumentException("rows " + from + " to " + to + " of " + shape());
    }
    return new Matrix(storage, start + (long) from * columns, to - from, columns);
  }

  /** The first rows as a view. */
  public Matrix head(int count) {
    return count == rows ? this : rows(0, count);
  }

  /** The same memory with another shape of the same size. */
  public Matrix reshaped(int newRows, int newColumns) {
    if ((long) newRows * newColumns != size()) {
      throw new IllegalArgumentException(
          shape() + " cannot become " + newRows + " x " + newColumns);
    }
    return new Matrix(storage, start, newRows, newColumns);
  }

  /**
   * Part of the same memory as a matrix of its own shape.
   *
   * @param offset index of its first element, row-major
   */
  public Matrix window(long offset, int newRows, int newColumns) {
    if (offset < 0 || offset + (long) newRows * newColumns > size()) {
      throw new IllegalArgumentException(
          newRows + " x " + newColumns + " from element " + offset + " of " + shape());
    }
    return new Matrix(storage, start + offset, newRows, newColumns);
  }

  public double get(int row, int column) {
    return array().getDouble(row, column);
  }

  public void set(int row, int column, double value) {
    array().putScalar(row, column, value);
  }

  /**
   * Bulk copy of all elements, row-major, to {@code target[offset ...]}. A float64 matrix is
   * rounded to float32.
   *
   * @throws IndexOutOfBoundsException if {@code target} has no room for {@link #size()} elements
   */
  public void copyTo(float[] target, int offset) {
    int length = requireRange(target.length, offset);
    if (type() == DataType.DOUBLE) {
      double[] wide = new double[length];
      copyTo(wide, 0);
      for (int i = 0; i < length; i++) {
        target[offset + i] = (float) wide[i];
      }
    } else if (length > 0) {
      ensureOnHost();
      new FloatPointer(storage.data().pointer()).position(start()).get(target, offset, length);
      Reference.reachabilityFence(storage);
    }
  }

  /** Bulk copy of all elements, row-major, to {@code target[offset ...]}; always exact. */
  public void copyTo(double[] target, int offset) {
    int length = requireRange(target.length, offset);
    if (type() != DataType.DOUBLE) {
      float[] narrow = new float[length];
      copyTo(narrow, 0);
      for (int i = 0; i < length; i++) {
        target[offset + i] = narrow[i];
      }
    } else if (length > 0) {
      ensureOnHost();
      new DoublePointer(storage.data().pointer()).position(start()).get(target, offset, length);
      Reference.reachabilityFence(storage);
    }
  }

  /**
   * Bulk copy from {@code source[offset ...]} over all elements, row-major; always exact.
   *
   * @throws IndexOutOfBoundsException if {@code source} holds fewer than {@link #size()} elements
   *     from the offset on
   */
  public void copyFrom(float[] source, int offset) {
    int length = requireRange(source.length, offset);
    if (type() == DataType.DOUBLE) {
      double[] wide = new double[length];
      for (int i = 0; i < length; i++) {
        wide[i] = source[offset + i];
      }
      copyFrom(wide, 0);
    } else if (length > 0) {
      ensureOnHost();
      new FloatPointer(storage.data().pointer()).position(start()).put(source, offset, length);
      Reference.reachabilityFence(storage);
      writtenOnHost();
    }
  }

  /** The same from float64 values; a float32 matrix rounds each once. */
  public void copyFrom(double[] source, int offset) {
    int length = requireRange(source.length, offset);
    if (type() != DataType.DOUBLE) {
      float[] narrow = new float[length];
      for (int i = 0; i < length; i++) {
        narrow[i] = (float) source[offset + i];
      }
      copyFrom(narrow, 0);
    } else if (length > 0) {
      ensureOnHost();
      new DoublePointer(storage.data().pointer()).position(start()).put(source, offset, length);
      Reference.reachabilityFence(storage);
      writtenOnHost();
    }
  }

  private int requireRange(int available, int offset) {
    int length = Math.toIntExact(size());
    Objects.checkFromIndexSize(offset, length, available);
    return length;
  }

  /** First element of this view in the buffer, in elements. */
  private long start() {
    return storage.offset() + start;
  }

  /** On a GPU backend the newest values may be on the device; nothing to do on a CPU. */
  private void ensureOnHost() {
    Nd4j.getAffinityManager().ensureLocation(storage, AffinityManager.Location.HOST);
  }

  private void writtenOnHost() {
    Nd4j.getAffinityManager().tagLocation(storage, AffinityManager.Location.HOST);
  }

  public String shape() {
    return rows + " x " + columns;
  }

  /** The matrix as ND4J sees it: {@code rows x columns}, c order. */
  public INDArray array() {
    if (array == null) {
      array =
          start == 0 && storage.rows() == rows && storage.columns() == columns
              ? storage
              : Nd4j.create(
                  storage.data(),
                  new long[] {Math.max(rows, 1), columns},
                  new long[] {columns, 1},
                  start(),
                  'c');
    }
    return array;
  }

  /**
   * Rows that do not follow each other directly, as ND4J sees them: a view.
   *
   * @param offset index of the first element, row-major
   * @param stride elements from one row to the next
   */
  INDArray strided(long offset, int stridedRows, int stridedColumns, int stride) {
    return Nd4j.create(
        storage.data(),
        new long[] {stridedRows, stridedColumns},
        new long[] {stride, 1},
        start() + offset,
        'c');
  }

  /** Element type. */
  public DataType type() {
    return storage.dataType();
  }

  /** The float32 elements as bytes in native order; element {@code i} at {@code 4 i}. */
  ByteBuffer bytes() {
    if (bytes == null) {
      ByteBuffer all = storage.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder());
      int from = Math.toIntExact(start() * Float.BYTES);
      bytes = all.slice(from, Math.toIntExact(size() * Float.BYTES)).order(ByteOrder.nativeOrder());
    }
    return bytes;
  }

  /** The same memory as floats, for bulk copies to and from arrays. */
  FloatBuffer floats() {
    if (floats == null) {
      floats = bytes().asFloatBuffer();
    }
    return floats;
  }

  /** Address of the first float32 element. */
  FloatPointer pointer() {
    if (pointer == null) {
      pointer = new FloatPointer(storage.data().pointer()).position(start());
    }
    return pointer;
  }

  /** Address of the first float64 element. */
  DoublePointer doublePointer() {
    return new DoublePointer(storage.data().pointer()).position(start());
  }

  @Override
  public String toString() {
    return "Matrix " + shape() + " " + type();
  }
}
