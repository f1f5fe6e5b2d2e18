package dev.millrace.model.kernel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A matrix as bytes: version, element type (4 or 8 bytes), rows, columns as big-endian ints, then
 * the elements row-major as little-endian floats or doubles. Exact for both types and for views.
 */
public final class MatrixIO {

  private static final int VERSION_1 = 1;
  private static final int BLOCK_ELEMENTS = 1 << 16;

  private MatrixIO() {}

  public static void write(DataOutput out, Matrix matrix) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(bytesPerElement(matrix));
    out.writeInt(matrix.rows());
    out.writeInt(matrix.columns());
    int step = rowsPerBlock(matrix.columns());
    for (int from = 0; from < matrix.rows(); from += step) {
      Matrix block = matrix.rows(from, Math.min(matrix.rows(), from + step));
      int length = Math.toIntExact(block.size());
      if (bytesPerElement(matrix) == Double.BYTES) {
        double[] values = new double[length];
        block.copyTo(values, 0);
        ArrayIO.write(out, values, 0, length);
      } else {
        float[] values = new float[length];
        block.copyTo(values, 0);
        ArrayIO.write(out, values, 0, length);
      }
    }
  }

  /** Reads a matrix into new memory of the kernels, whose element type must be the written one. */
  public static Matrix read(DataInput in, Kernels kernels) throws IOException {
    int bytes = readHeader(in);
    int rows = in.readInt();
    int columns = in.readInt();
    if (rows < 0 || columns < 1) {
      throw new IOException("damaged state: a matrix of " + rows + " x " + columns);
    }
    Matrix matrix = kernels.allocate(rows, columns);
    requireType(bytes, matrix);
    readElements(in, matrix);
    return matrix;
  }

  /** Reads over the elements of {@code matrix}, whose shape and type must be the written ones. */
  public static void readInto(DataInput in, Matrix matrix) throws IOException {
    int bytes = readHeader(in);
    int rows = in.readInt();
    int columns = in.readInt();
    if (rows != matrix.rows() || columns != matrix.columns()) {
      throw new IOException(
          "the state holds a matrix of "
              + rows
              + " x "
              + columns
              + " where this configuration has "
              + matrix.shape()
              + "; restore with the configuration that wrote it");
    }
    requireType(bytes, matrix);
    readElements(in, matrix);
  }

  private static int readHeader(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a matrix of version " + version + "; this build reads " + VERSION_1);
    }
    return in.readInt();
  }

  private static void requireType(int bytes, Matrix matrix) throws IOException {
    if (bytes != bytesPerElement(matrix)) {
      throw new IOException(
          "the state holds elements of "
              + bytes
              + " bytes, the kernels work on "
              + matrix.type()
              + "; restore with kernels of the element type that wrote it");
    }
  }

  private static void readElements(DataInput in, Matrix matrix) throws IOException {
    int step = rowsPerBlock(matrix.columns());
    for (int from = 0; from < matrix.rows(); from += step) {
      Matrix block = matrix.rows(from, Math.min(matrix.rows(), from + step));
      int length = Math.toIntExact(block.size());
      if (bytesPerElement(matrix) == Double.BYTES) {
        double[] values = new double[length];
        ArrayIO.read(in, values, 0, length);
        block.copyFrom(values, 0);
      } else {
        float[] values = new float[length];
        ArrayIO.read(in, values, 0, length);
        block.copyFrom(values, 0);
      }
    }
  }

  private static int rowsPerBlock(int columns) {
    return Math.max(1, BLOCK_ELEMENTS / columns);
  }

  private static int bytesPerElement(Matrix matrix) {
    return matrix.type() == DataType.DOUBLE ? Double.BYTES : Float.BYTES;
  }
}
