package dev.millrace.model.kernel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A matrix as bytes: rows, columns, bytes per element (4 or 8), then the elements row-major in
 * little-endian order. The bits of every element survive, and equal matrices give equal bytes on
 * every machine.
 */
public final class MatrixCodec {

  /** Elements that are moved at once, unless a single row has more. */
  private static final int CHUNK = 1 << 14;

  private MatrixCodec() {}

  public static void write(Matrix matrix, DataOutput out) throws IOException {
    out.writeInt(matrix.rows());
    out.writeInt(matrix.columns());
    out.writeInt(elementBytes(matrix));
    int step = rowsAtOnce(matrix);
    byte[] bytes = buffer(matrix, step);
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < matrix.rows(); row += step) {
      Matrix part = matrix.rows(row, Math.min(matrix.rows(), row + step));
      int size = (int) part.size();
      if (matrix.type() == DataType.FLOAT) {
        float[] values = new float[size];
        part.copyTo(values, 0);
        view.asFloatBuffer().put(values);
      } else {
        double[] values = new double[size];
        part.copyTo(values, 0);
        view.asDoubleBuffer().put(values);
      }
      out.write(bytes, 0, size * elementBytes(matrix));
    }
  }

  /**
   * Overwrites the matrix with what {@link #write} wrote.
   *
   * @throws IOException if the bytes hold a matrix of another shape or element type
   */
  public static void readInPlace(Matrix matrix, DataInput in) throws IOException {
    requireShape(matrix, in.readInt(), in.readInt(), in.readInt());
    int step = rowsAtOnce(matrix);
    byte[] bytes = buffer(matrix, step);
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < matrix.rows(); row += step) {
      Matrix part = matrix.rows(row, Math.min(matrix.rows(), row + step));
      int size = (int) part.size();
      in.readFully(bytes, 0, size * elementBytes(matrix));
      if (matrix.type() == DataType.FLOAT) {
        float[] values = new float[size];
        view.asFloatBuffer().get(values);
        part.copyFrom(values, 0);
      } else {
        double[] values = new double[size];
        view.asDoubleBuffer().get(values);
        part.copyFrom(values, 0);
      }
    }
  }

  private static void requireShape(Matrix matrix, int rows, int columns, int elementBytes)
      throws IOException {
    if (rows != matrix.rows()
        || columns != matrix.columns()
        || elementBytes != elementBytes(matrix)) {
      throw new IOException(
          "stored is a matrix of %d x %d with %d bytes per element, expected %s with %d: the state was written under another configuration"
              .formatted(rows, columns, elementBytes, matrix.shape(), elementBytes(matrix)));
    }
  }

  private static int rowsAtOnce(Matrix matrix) {
    return Math.max(1, CHUNK / matrix.columns());
  }

  private static byte[] buffer(Matrix matrix, int step) {
    int rows = Math.min(step, matrix.rows());
    return new byte[Math.multiplyExact(rows * matrix.columns(), elementBytes(matrix))];
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
}
