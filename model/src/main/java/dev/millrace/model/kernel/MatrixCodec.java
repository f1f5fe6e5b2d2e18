package dev.millrace.model.kernel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A matrix as bytes: rows, columns, bytes per element (4 or 8), then the elements row-major in
 * little-endian order. The bits of every element survive; equal matrices give equal bytes on every
 * machine.
 */
public final class MatrixCodec {

  /** Bytes that are moved at once. */
  private static final int CHUNK = 1 << 16;

  private MatrixCodec() {}

  public static void write(Matrix matrix, DataOutput out) throws IOException {
    int width = elementBytes(matrix);
    out.writeInt(matrix.rows());
    out.writeInt(matrix.columns());
    out.writeInt(width);
    ByteBuffer source = bytes(matrix, width);
    byte[] chunk = new byte[(int) Math.min(CHUNK, matrix.size() * width)];
    while (source.hasRemaining()) {
      int length = Math.min(chunk.length, source.remaining());
      source.get(chunk, 0, length);
      orderInPlace(chunk, length, width);
      out.write(chunk, 0, length);
    }
  }

  /**
   * Overwrites the matrix with what {@link #write} wrote.
   *
   * @throws IOException if the bytes hold a matrix of another shape or element type
   */
  public static void readInPlace(Matrix matrix, DataInput in) throws IOException {
    int rows = in.readInt();
    int columns = in.readInt();
    int width = in.readInt();
    if (rows != matrix.rows() || columns != matrix.columns() || width != elementBytes(matrix)) {
      throw new IOException(
          "stored is a matrix of "
              + rows
              + " x "
              + columns
              + " with "
              + width
              + " bytes per element, expected "
              + matrix.shape()
              + " with "
              + elementBytes(matrix)
              + ": the state was written under another configuration");
    }
    ByteBuffer target = bytes(matrix, width);
    byte[] chunk = new byte[(int) Math.min(CHUNK, matrix.size() * width)];
    while (target.hasRemaining()) {
      int length = Math.min(chunk.length, target.remaining());
      in.readFully(chunk, 0, length);
      orderInPlace(chunk, length, width);
      target.put(chunk, 0, length);
    }
  }

  private static int elementBytes(Matrix matrix) {
    if (matrix.type() == DataType.FLOAT) {
      return Float.BYTES;
    }
    if (matrix.type() == DataType.DOUBLE) {
      return Double.BYTES;
    }
    throw new IllegalArgumentException("no codec for elements of type " + matrix.type());
  }

  /** The elements in native order; the caller keeps the matrix, and so the memory, reachable. */
  private static ByteBuffer bytes(Matrix matrix, int width) {
    INDArray array = matrix.array();
    ByteBuffer all = array.data().pointer().asByteBuffer();
    int from = Math.toIntExact(array.offset() * width);
    return all.slice(from, Math.toIntExact(matrix.size() * width));
  }

  /** Native order to little-endian or back; nothing to do on the usual processors. */
  private static void orderInPlace(byte[] bytes, int length, int width) {
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      return;
    }
    for (int start = 0; start < length; start += width) {
      for (int low = start, high = start + width - 1; low < high; low++, high--) {
        byte held = bytes[low];
        bytes[low] = bytes[high];
        bytes[high] = held;
      }
    }
  }
}
