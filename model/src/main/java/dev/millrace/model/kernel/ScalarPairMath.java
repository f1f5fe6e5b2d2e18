package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** {@link PairMath} one element after the other. */
final class ScalarPairMath implements PairMath {

  @Override
  public void addSigmoidOfSum(
      float a, ByteBuffer x, int xAt, float weight, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      double v = a + x.getFloat(xAt + i);
      double added = weight / (1 + Math.exp(-v));
      out.putFloat(outAt + i, (float) (out.getFloat(outAt + i) + added));
    }
  }

  @Override
  public float sigmoidOfSumGradient(
      float a, ByteBuffer x, int xAt, ByteBuffer g, int gAt, float[] sums, int from, int n) {
    float total = 0;
    for (int j = 0; j < n; j++) {
      double e = Math.exp(-Math.abs((double) a + x.getFloat(xAt + 4 * j)));
      float slope = (float) (e / ((1 + e) * (1 + e)) * g.getFloat(gAt + 4 * j));
      total += slope;
      sums[from + j] += slope;
    }
    return total;
  }

  @Override
  public void reciprocals(
      float[] a,
      int aAt,
      float[] weights,
      int units,
      float[] b,
      int stride,
      float bias,
      ByteBuffer out,
      int outAt,
      int n) {
    for (int j = 0; j < n; j++) {
      out.putFloat(outAt + 4 * j, reciprocal(a, aAt, weights, units, b, stride, bias, j));
    }
  }

  static float reciprocal(
      float[] a, int aAt, float[] weights, int units, float[] b, int stride, float bias, int j) {
    float sum = bias;
    for (int h = 0; h < units; h += 2) {
      float one = Math.fma(b[h * stride + j], a[aAt + h], 1f);
      float other = Math.fma(b[(h + 1) * stride + j], a[aAt + h + 1], 1f);
      sum += Math.fma(one, weights[h + 1], other * weights[h]) / (one * other);
    }
    return sum;
  }

  @Override
  public void reciprocalsGradient(
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
      float[] parts) {
    slopes[0] = 0;
    slopes[1] = 0;
    rest(a, aAt, b, bAt, stride, g, gAt, sums, sumsAt, 0, n, slopes, parts);
  }

  /** Columns {@code first} to {@code n - 1}, added to slopes and parts. */
  static void rest(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int stride,
      ByteBuffer g,
      int gAt,
      float[] sums,
      int sumsAt,
      int first,
      int n,
      float[] slopes,
      float[] parts) {
    for (int unit = 0; unit < 2; unit++) {
      int shift = unit * stride;
      for (int j = first; j < n; j++) {
        float e = a[aAt + unit] * b[bAt + shift + j];
        float share = 1 / (1 + e);
        float part = share * g.getFloat(gAt + 4 * j);
        float slope = part * (e * share);
        sums[sumsAt + shift + j] += slope;
        slopes[unit] += slope;
        parts[unit * RowMath.PADDING] += part;
      }
    }
  }

  @Override
  public void distanceAndProduct(
      ByteBuffer x, int aAt, int bAt, ByteBuffer distance, ByteBuffer product, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      float a = x.getFloat(aAt + i);
      float b = x.getFloat(bAt + i);
      distance.putFloat(outAt + i, Math.abs(a - b));
      product.putFloat(outAt + i, a * b);
    }
  }

  @Override
  public void distanceAndProductGradient(
      ByteBuffer x, int aAt, int bAt, ByteBuffer d, ByteBuffer p, int at, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      float a = x.getFloat(aAt + i);
      float b = x.getFloat(bAt + i);
      float signed = Math.signum(a - b) * d.getFloat(at + i);
      float ofProduct = p.getFloat(at + i);
      d.putFloat(at + i, ofProduct * b + signed);
      p.putFloat(at + i, ofProduct * a - signed);
    }
  }
}
