package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A row-major, contiguous matrix in native memory that ND4J owns.
 *
 * <p>{@link #head} and {@link #rows(int, int)} are views of the same memory. The array is kept
 * reachable by every view; memory is returned when the last view is collected.
 */
public final class Matrix {

  private final INDArray storage;
  private final int firstRow;
  private final int rows;
  private final int columns;
  private INDArray array;
  private ByteBuffer bytes;
  private FloatPointer pointer;

  private Matrix(INDArray storage, int firstRow, int rows, int columns) {
    this.storage = storage;
    this.firstRow = firstRow;
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
    return new Matrix(storage, firstRow + from, to - from, columns);
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
    INDArray flat = array().reshape('c', newRows, newColumns);
    return new Matrix(flat, 0, newRows, newColumns);
  }

  public double get(int row, int column) {
    return array().getDouble(row, column);
  }

  public void set(int row, int column, double value) {
    array().putScalar(row, column, value);
  }

  public String shape() {
    return rows + " x " + columns;
  }

  /** The matrix as ND4J sees it: {@code rows x columns}, c order. */
  public INDArray array() {
    if (array == null) {
      array =
          firstRow == 0 && storage.rows() == rows
              ? storage
              : storage.get(
                  NDArrayIndex.interval(firstRow, firstRow + (long) rows), NDArrayIndex.all());
    }
    return array;
  }

  /** Element type. */
  public DataType type() {
    return storage.dataType();
  }

  /** The float32 elements as bytes in native order; element {@code i} at {@code 4 i}. */
  ByteBuffer bytes() {
    if (bytes == null) {
      ByteBuffer all = storage.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder());
      int from = Math.toIntExact((storage.offset() + (long) firstRow * columns) * Float.BYTES);
      bytes = all.slice(from, Math.toIntExact(size() * Float.BYTES)).order(ByteOrder.nativeOrder());
    }
    return bytes;
  }

  /** Address of the first float32 element. */
  FloatPointer pointer() {
    if (pointer == null) {
      pointer =
          new FloatPointer(storage.data().pointer())
              .position(storage.offset() + (long) firstRow * columns);
    }
    return pointer;
  }

  @Override
  public String toString() {
    return "Matrix " + shape() + " " + type();
  }
}
