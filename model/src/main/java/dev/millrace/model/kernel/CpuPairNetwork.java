package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Sums of sigmoids over all pairs of rows, and their backward.
 *
 * <p>{@code sigmoid(a + b) = 1 / (1 + exp(-a) exp(-b))}: there are as many exponentials as rows,
 * not as pairs, and two units share a division. Nothing is kept for the backward pass, which
 * computes the shares again. Arguments so far out that a product of two denominators might overflow
 * go to {@link CpuDistantPairs}.
 */
final class CpuPairNetwork {

  /** Two denominators of such arguments, each {@code 1 + exp(-a - b)}, have a finite product. */
  private static final float FARTHEST = 20;

  private final Cpu cpu;
  private final PairMath math = PairMath.FASTEST;
  private final CpuDistantPairs distant;

  /** {@code exp(-a)}, all units of a row beside each other, of which there are an even number. */
  private float[] left = new float[0];

  /** {@code exp(-b)}, a unit a row, padded. */
  private float[] right = new float[0];

  private float[] factors = new float[0];

  CpuPairNetwork(Cpu cpu) {
    this.cpu = cpu;
    this.distant = new CpuDistantPairs(cpu);
  }

  void forward(Matrix a, Matrix b, Matrix weights, float bias, Matrix out) {
    int n = b.columns();
    int units = a.rows() + a.rows() % 2;
    ByteBuffer to = out.bytes();
    if (!exponentials(a, b, weights)) {
      distant.forward(a, b, weights, bias, out);
      return;
    }
    cpu.byRows(
        out.rows(),
        Math.max(1, n * units / 4),
        (from, end, chunk) -> {
          for (int i = from; i < end; i++) {
            math.reciprocals(
                left, i * units, factors, units, right, RowMath.padded(n), bias, to, 4 * i * n, n);
          }
        });
  }

  void backward(
      Matrix a,
      Matrix b,
      Matrix weights,
      Matrix gradient,
      Matrix toA,
      Matrix toB,
      Matrix toWeights) {
    if (!exponentials(a, b, weights)) {
      distant.backward(a, b, weights, gradient, toA, toB, toWeights);
      return;
    }
    int m = a.columns();
    int n = b.columns();
    int units = a.rows() + a.rows() % 2;
    int stride = RowMath.padded(n);
    ByteBuffer g = gradient.bytes();
    ByteBuffer ofRows = toA.bytes();
    ByteBuffer ofWeights = toWeights.bytes();
    float[] sums = cpu.partialSums(units * stride);
    // Two units are one piece of work, so that their sums have one order.
    cpu.parallel.run(
        units / 2,
        (pair, worker) -> {
          int h = 2 * pair;
          int present = Math.min(2, a.rows() - h);
          float[] slopes = new float[2];
          float[] parts = new float[2 * RowMath.PADDING];
          for (int i = 0; i < m; i++) {
            math.reciprocalsGradient(
                left,
                i * units + h,
                right,
                h * stride,
                stride,
                g,
                4 * i * n,
                sums,
                h * stride,
                n,
                slopes,
                parts);
            for (int unit = 0; unit < present; unit++) {
              ofRows.putFloat(4 * ((h + unit) * m + i), slopes[unit] * factors[h + unit]);
            }
          }
          for (int unit = 0; unit < present; unit++) {
            finish(h + unit, sums, (h + unit) * stride, factors[h + unit], toB);
            ofWeights.putFloat(4 * (h + unit), sum(parts, unit * RowMath.PADDING));
          }
        });
  }

  private static float sum(float[] parts, int from) {
    double sum = 0;
    for (int i = from; i < from + RowMath.PADDING; i++) {
      sum += parts[i];
    }
    return (float) sum;
  }

  private static void finish(int h, float[] sums, int at, float factor, Matrix toB) {
    ByteBuffer ofColumns = toB.bytes();
    int n = toB.columns();
    for (int j = 0; j < n; j++) {
      ofColumns.putFloat(4 * (h * n + j), sums[at + j] * factor);
    }
  }

  /** Prepares exponentials and weights; false where arguments are too far out. */
  private boolean exponentials(Matrix a, Matrix b, Matrix weights) {
    int m = a.columns();
    int n = b.columns();
    int units = a.rows() + a.rows() % 2;
    int stride = RowMath.padded(n);
    if (left.length < RowMath.padded(m * units)) {
      left = new float[RowMath.padded(m * units)];
    }
    if (right.length < units * stride) {
      right = new float[units * stride];
    }
    if (factors.length < units) {
      factors = new float[units];
    }
    // A unit that is there only to make them even has the exponential 0 and the weight 0.
    Arrays.fill(left, Float.NEGATIVE_INFINITY);
    Arrays.fill(right, 0);
    Arrays.fill(factors, 0);
    boolean near = true;
    for (int h = 0; h < a.rows(); h++) {
      near &= negate(a.bytes(), h * m, m, left, h, units);
      near &= negate(b.bytes(), h * n, n, right, h * stride, 1);
      factors[h] = weights.bytes().getFloat(4 * h);
    }
    if (near) {
      int ofLeft = m * units;
      int ofRight = units * stride;
      cpu.parallel.run(
          2,
          (side, worker) ->
              cpu.math.exp(side == 0 ? left : right, side == 0 ? ofLeft : ofRight, 0));
    }
    return near;
  }

  private static boolean negate(ByteBuffer x, int from, int count, float[] out, int at, int step) {
    boolean near = true;
    for (int i = 0; i < count; i++) {
      float v = x.getFloat(4 * (from + i));
      near &= Math.abs(v) <= FARTHEST;
      out[at + i * step] = -v;
    }
    return near;
  }
}
