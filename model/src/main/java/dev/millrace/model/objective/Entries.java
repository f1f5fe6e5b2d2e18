package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/** A growing list of matrix entries {@code (row, column, value)}, reused from call to call. */
final class Entries {

  private int[] rows = new int[64];
  private int[] columns = new int[64];
  private double[] values = new double[64];
  private int count;

  void clear() {
    count = 0;
  }

  void add(int row, int column, double value) {
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, 2 * count);
      columns = Arrays.copyOf(columns, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    rows[count] = row;
    columns[count] = column;
    values[count++] = value;
  }

  /** Excludes an entry of a matrix of logits: its softmax becomes exactly 0. */
  void mask(int row, int column) {
    add(row, column, Double.NEGATIVE_INFINITY);
  }

  /** Masks the entries of a row-major {@code rows x columns} array that are 0. */
  void maskZeros(int[] mask, int width) {
    for (int i = 0; i < mask.length; i++) {
      if (mask[i] == 0) {
        mask(i / width, i % width);
      }
    }
  }

  int count() {
    return count;
  }

  /** Row of the entry of this number. */
  int row(int entry) {
    return rows[entry];
  }

  /** Gives the entry of this number another value. */
  void set(int entry, double value) {
    values[entry] = value;
  }

  /** {@code x[row, column] += value} for every entry, in order. */
  void addTo(Kernels kernels, Matrix x) {
    if (count > 0) {
      kernels.addAtInPlace(x, rows, columns, values, count);
    }
  }

  /** Sets every value to the matrix's entry at its place and returns the values. */
  double[] readFrom(Kernels kernels, Matrix x) {
    if (count > 0) {
      kernels.getAt(x, rows, columns, count, values);
    }
    return values;
  }
}
