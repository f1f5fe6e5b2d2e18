package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** Fused loops over one row of pairs, float32; the conventions are those of {@link RowMath}. */
interface PairMath {

  /** The fastest implementation that this JVM offers. */
  PairMath FASTEST = VectorModule.present() ? new VectorPairMath() : new ScalarPairMath();

  /** {@code out += weight sigmoid(a + x)}. */
  void addSigmoidOfSum(
      float a, ByteBuffer x, int xAt, float weight, ByteBuffer out, int outAt, int n);

  /** {@code e = g sigmoid'(a + x); sums[from + j] += e[j]}; returns the sum of e. */
  float sigmoidOfSumGradient(
      float a, ByteBuffer x, int xAt, ByteBuffer g, int gAt, float[] sums, int from, int n);

  /**
   * {@code out[j] = bias + sum_h weights[h] / (1 + a[aAt + h] b[h stride + j])}.
   *
   * @param a not negative, {@code units} of them, and so are all of {@code b}; products of two
   *     denominators are finite
   * @param units even: two of them share a division
   * @param stride a multiple of {@link RowMath#PADDING}, {@code n} at least
   */
  void reciprocals(
      float[] a,
      int aAt,
      float[] weights,
      int units,
      float[] b,
      int stride,
      float bias,
      ByteBuffer out,
      int outAt,
      int n);

  /**
   * Backward of two units of {@link #reciprocals}, without their weights: with the share {@code s =
   * 1 / (1 + a b[bAt + j])} of each, {@code e = g s (1 - s)} is added to {@code sums[sumsAt + j]}.
   * The second unit's b and sums begin {@code stride} behind the first's.
   *
   * @param a the first unit's and the second's, from {@code aAt} on
   * @param slopes receives the sum of e of each unit
   * @param parts {@code g s} is added to one or the other of the first unit's {@link
   *     RowMath#PADDING} sums, or of the second's behind them
   */
  void reciprocalsGradient(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int stride,
      ByteBuffer g,
      int gAt,
      float[] sums,
      int sumsAt,
      int n,
      float[] slopes,
      float[] parts);

  /** {@code distance = |a - b|, product = a b}. */
  void distanceAndProduct(
      ByteBuffer x, int aAt, int bAt, ByteBuffer distance, ByteBuffer product, int outAt, int n);

  /**
   * From the gradients d at {@code |a - b|} and p at {@code a b}: {@code d = sign(a - b) d + b p}
   * and {@code p = a p - sign(a - b) d} with the old d, those at a and at b.
   */
  void distanceAndProductGradient(
      ByteBuffer x, int aAt, int bAt, ByteBuffer d, ByteBuffer p, int at, int n);
}
