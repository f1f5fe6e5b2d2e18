package dev.millrace.model.memory;

import dev.millrace.model.kernel.AdamStep;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Trainable rows and their two Adam moments side by side, grown by doubling up to a bound. A row
 * that is not in use is all zeros. Row 0 is padding: unless it is trainable it stays zeros,
 * whatever is added to it.
 *
 * <p>{@link #value}, {@link #first} and {@link #second} are views that a later admission may leave
 * behind: fetch them anew in each step.
 */
public final class ParameterRows {

  private static final int INITIAL_ROWS = 64;

  // configuration
  private final Kernels kernels;
  private final int width;
  private final int maximum;
  private final boolean trainablePadding;

  // runtime
  private int bound;
  private Matrix value;
  private Matrix first;
  private Matrix second;

  ParameterRows(Kernels kernels, int width, int maximum, boolean trainablePadding) {
    this.kernels = kernels;
    this.width = width;
    this.maximum = maximum;
    this.trainablePadding = trainablePadding;
    allocate(Math.min(INITIAL_ROWS, maximum));
    this.bound = 1;
  }

  /** Values of all rows up to the greatest number in use so far: {@code bound x width}. */
  public Matrix value() {
    return value.head(bound);
  }

  /** First moments, shaped as {@link #value}. */
  public Matrix first() {
    return first.head(bound);
  }

  /** Second moments, shaped as {@link #value}. */
  public Matrix second() {
    return second.head(bound);
  }

  /** {@code out[i, :] = value[rows[i], :]}, {@code out: count x width}. */
  public void gather(int[] rows, int count, Matrix out) {
    kernels.gatherRows(value(), rows, count, out);
  }

  /** {@code value[rows[i], :] += alpha x[i, :]}, in order; rows may repeat. */
  public void scatterAddInPlace(int[] rows, int count, double alpha, Matrix x) {
    kernels.scatterAddRowsInPlace(value(), rows, count, alpha, x);
    keepPadding();
  }

  /** One Adam step on distinct rows, {@code gradient: count x width}. */
  public void adamInPlace(int[] rows, int count, Matrix gradient, AdamStep step) {
    kernels.adamRowsInPlace(value(), rows, count, gradient, first(), second(), step);
    keepPadding();
  }

  /** One Adam step on all rows, {@code gradient: bound x width}. */
  public void adamInPlace(Matrix gradient, AdamStep step) {
    kernels.adamInPlace(value(), gradient, first(), second(), step);
    keepPadding();
  }

  /** Makes row {@code index} valid. */
  void ensure(int index) {
    if (index >= value.rows()) {
      Matrix oldValue = value();
      Matrix oldFirst = first();
      Matrix oldSecond = second();
      long doubled = 2L * value.rows();
      allocate((int) Math.max(index + 1, Math.min(maximum, doubled)));
      kernels.copy(oldValue, value());
      kernels.copy(oldFirst, first());
      kernels.copy(oldSecond, second());
    }
    bound = Math.max(bound, index + 1);
  }

  void set(int index, double[] row) {
    value.rows(index, index + 1).copyFrom(row, 0);
  }

  void clear(int index) {
    double[] zeros = new double[width];
    value.rows(index, index + 1).copyFrom(zeros, 0);
    first.rows(index, index + 1).copyFrom(zeros, 0);
    second.rows(index, index + 1).copyFrom(zeros, 0);
  }

  long memoryBytes() {
    return 3L * value.rows() * width * value.type().width();
  }

  void writeTo(DataOutput out) throws IOException {
    MatrixIO.write(out, value());
    MatrixIO.write(out, first());
    MatrixIO.write(out, second());
  }

  void restore(DataInput in, int restoredBound) throws IOException {
    ensure(restoredBound - 1);
    MatrixIO.readInto(in, value());
    MatrixIO.readInto(in, first());
    MatrixIO.readInto(in, second());
  }

  private void keepPadding() {
    if (!trainablePadding) {
      clear(0);
    }
  }

  private void allocate(int rows) {
    value = kernels.allocate(rows, width);
    first = kernels.allocate(rows, width);
    second = kernels.allocate(rows, width);
  }
}
