package dev.millrace.model.optimizer;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Adam on the rows of a table that a batch touched, as in {@link Adam} for those rows alone.
 *
 * <p>Moments of other rows neither decay nor move their rows; the bias correction counts the steps
 * of the table, not of the row. The table may grow between steps, and a row that passes to another
 * id starts afresh after {@link #forgetRowInPlace}.
 */
public final class RowAdam {

  private static final int VERSION = 1;

  private final Kernels kernels;
  private final AdamConfig config;
  private final int columns;
  private Matrix first;
  private Matrix second;
  private long steps;

  public RowAdam(Kernels kernels, int rows, int columns, AdamConfig config) {
    this.kernels = kernels;
    this.config = config;
    this.columns = columns;
    this.first = kernels.allocate(rows, columns);
    this.second = kernels.allocate(rows, columns);
  }

  /**
   * One step on {@code table[rows[i], :]}, {@code i < count}.
   *
   * @param rows distinct rows of the table
   * @param gradient {@code count x columns}, row {@code i} for table row {@code rows[i]}
   * @throws IllegalArgumentException if the table has another number of rows or columns
   */
  public void stepInPlace(Matrix table, int[] rows, int count, Matrix gradient, double rate) {
    if (table.rows() != first.rows() || table.columns() != columns) {
      throw new IllegalArgumentException(
          "the table is " + table.shape() + ", its moments are " + first.shape());
    }
    steps++;
    kernels.adamRowsInPlace(table, rows, count, gradient, first, second, config.at(steps, rate));
  }

  /** Number of steps taken. */
  public long steps() {
    return steps;
  }

  /** Number of rows. */
  public int rows() {
    return first.rows();
  }

  /** Adds rows with zero moments at the end. */
  public void growInPlace(int rows) {
    if (rows < first.rows()) {
      throw new IllegalArgumentException(
          "moments of " + first.rows() + " rows cannot become " + rows + " rows");
    }
    first = grown(first, rows);
    second = grown(second, rows);
  }

  private Matrix grown(Matrix moments, int rows) {
    Matrix larger = kernels.allocate(rows, columns);
    if (moments.rows() > 0) {
      kernels.copy(moments, larger.head(moments.rows()));
    }
    return larger;
  }

  /** Sets the moments of a row to zero. */
  public void forgetRowInPlace(int row) {
    kernels.fillInPlace(first.rows(row, row + 1), 0);
    kernels.fillInPlace(second.rows(row, row + 1), 0);
  }

  /** Writes version, number of steps, number of rows and the exact bits of all moments. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeLong(steps);
    out.writeInt(first.rows());
    MatrixCodec.write(first, out);
    MatrixCodec.write(second, out);
  }

  /** Takes over what {@link #writeTo} wrote, with its number of rows. */
  public void readInPlace(DataInput in) throws IOException {
    Versions.require("row Adam", VERSION, in.readInt());
    steps = in.readLong();
    int rows = in.readInt();
    if (rows != first.rows()) {
      first = kernels.allocate(rows, columns);
      second = kernels.allocate(rows, columns);
    }
    MatrixCodec.readInPlace(first, in);
    MatrixCodec.readInPlace(second, in);
  }
}
