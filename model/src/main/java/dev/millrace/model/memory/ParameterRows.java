package dev.millrace.model.memory;

import dev.millrace.model.kernel.AdamStep;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Trainable rows and their two Adam moments side by side, grown by doubling up to a bound. A row
 * that is not in use is all zeros. Row 0 is padding: unless it is trainable it stays zeros,
 * whatever is added to it.
 *
 * <p>Several learners may train the same rows in turn, each with moments of its own: {@link
 * #reserveMoments} says how many, {@link #selectMoments} whose turn it is.
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
  private Matrix[] first = new Matrix[1];
  private Matrix[] second = new Matrix[1];
  private int selected;

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

  /** First moments of the learner whose turn it is, shaped as {@link #value}. */
  public Matrix first() {
    return first[selected].head(bound);
  }

  /** Second moments, as {@link #first}. */
  public Matrix second() {
    return second[selected].head(bound);
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
      Matrix[] oldFirst = first;
      Matrix[] oldSecond = second;
      long doubled = 2L * value.rows();
      allocate((int) Math.max(index + 1, Math.min(maximum, doubled)));
      kernels.copy(oldValue, value());
      for (int set = 0; set < first.length; set++) {
        kernels.copy(oldFirst[set].head(bound), first[set].head(bound));
        kernels.copy(oldSecond[set].head(bound), second[set].head(bound));
      }
    }
    bound = Math.max(bound, index + 1);
  }

  void set(int index, double[] row) {
    value.rows(index, index + 1).copyFrom(row, 0);
  }

  void clear(int index) {
    double[] zeros = new double[width];
    value.rows(index, index + 1).copyFrom(zeros, 0);
    for (int set = 0; set < first.length; set++) {
      first[set].rows(index, index + 1).copyFrom(zeros, 0);
      second[set].rows(index, index + 1).copyFrom(zeros, 0);
    }
  }

  long memoryBytes() {
    return (1L + 2L * first.length) * value.rows() * width * value.type().width();
  }

  /** Makes room for the moments of so many learners; those there are stay, new ones are zeros. */
  void reserveMoments(int sets) {
    int old = first.length;
    first = Arrays.copyOf(first, sets);
    second = Arrays.copyOf(second, sets);
    for (int set = old; set < sets; set++) {
      first[set] = kernels.allocate(value.rows(), width);
      second[set] = kernels.allocate(value.rows(), width);
    }
  }

  /** Lets learner {@code set}, from 0, have its turn. */
  void selectMoments(int set) {
    selected = set;
  }

  void writeValues(DataOutput out) throws IOException {
    MatrixIO.write(out, value());
  }

  void writeMoments(DataOutput out) throws IOException {
    MatrixIO.write(out, first());
    MatrixIO.write(out, second());
  }

  void restoreValues(DataInput in, int restoredBound) throws IOException {
    ensure(restoredBound - 1);
    MatrixIO.readInto(in, value());
  }

  void restoreMoments(DataInput in) throws IOException {
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
    first = allocated(first.length, rows);
    second = allocated(second.length, rows);
  }

  private Matrix[] allocated(int sets, int rows) {
    Matrix[] matrices = new Matrix[sets];
    Arrays.setAll(matrices, set -> kernels.allocate(rows, width));
    return matrices;
  }
}
