package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/**
 * Fused loops down the columns of a run of rows in native memory, float32.
 *
 * <p>A run is {@code rows} rows of {@code n} elements without gaps. Loops work on columns {@code
 * first} to {@code n - 1}; sums run down the rows in order. One row of statistics is used for the
 * whole run; it begins at byte {@code statAt} of its matrix.
 */
interface ColumnMath {

  /** The fastest implementation that this JVM offers. */
  ColumnMath FASTEST = VectorModule.present() ? new VectorColumnMath() : new ScalarColumnMath();

  /** {@code sums[from + j] = sum_i x[i, j]}. */
  void sums(ByteBuffer x, int at, int rows, int n, int first, float[] sums, int from);

  /** {@code squares[from + j] = sum_i (x[i, j] - means[from + j])^2}. */
  void squares(
      ByteBuffer x, int at, int rows, int n, int first, float[] means, float[] squares, int from);

  /** {@code out = (x - mean) * scale + shift}, not below {@code floor}. */
  void scale(
      ByteBuffer x, int at, int rows, int n, int first, Statistics s, float floor, ByteBuffer out);

  /** {@code out = (x - mean) * scale + shift + residual}, not below {@code floor}. */
  void scaleAndAdd(
      ByteBuffer x,
      int at,
      int rows,
      int n,
      int first,
      Statistics s,
      ByteBuffer residual,
      float floor,
      ByteBuffer out);

  /** {@code g = 0} where {@code y <= 0}. */
  void mask(ByteBuffer g, ByteBuffer y, int at, int count);

  /**
   * {@code sums[from + j] = sum_i g[i, j]} and {@code products[from + j] = sum_i g[i, j] (x[i, j] -
   * mean[j])}.
   */
  void gradientSums(
      ByteBuffer g,
      ByteBuffer x,
      int at,
      int rows,
      int n,
      int first,
      Statistics s,
      float[] sums,
      float[] products,
      int from);

  /** {@code out = scale g - shift - slope (x - mean)}. */
  void gradients(
      ByteBuffer g, ByteBuffer x, int at, int rows, int n, int first, Statistics s, ByteBuffer out);

  /** {@code out[j] = keep out[j] + sum over k < count of x[offsets[from + k] + j]}, keep 0 or 1. */
  void gatherSum(
      ByteBuffer x,
      int base,
      int[] offsets,
      int from,
      int count,
      ByteBuffer out,
      int outAt,
      int n,
      boolean keep);

  /** Copies {@code n} elements. */
  void copy(ByteBuffer x, int at, ByteBuffer out, int outAt, int n);

  /** Rows of statistics, each beginning at byte {@code at}; what a loop does not name is null. */
  record Statistics(
      ByteBuffer mean, ByteBuffer scale, ByteBuffer shift, ByteBuffer slope, int at) {}
}
