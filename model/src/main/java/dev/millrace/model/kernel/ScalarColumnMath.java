package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** Plain Java loops: where the vector module is absent, and for the last columns. */
final class ScalarColumnMath implements ColumnMath {

  @Override
  public void sums(ByteBuffer x, int at, int rows, int n, int first, float[] sums, int from) {
    for (int j = first; j < n; j++) {
      float sum = 0;
      for (int i = 0; i < rows; i++) {
        sum += x.getFloat(at + 4 * (i * n + j));
      }
      sums[from + j] = sum;
    }
  }

  @Override
  public void squares(
      ByteBuffer x, int at, int rows, int n, int first, float[] means, float[] squares, int from) {
    for (int j = first; j < n; j++) {
      float sum = 0;
      for (int i = 0; i < rows; i++) {
        float d = x.getFloat(at + 4 * (i * n + j)) - means[from + j];
        sum = Math.fma(d, d, sum);
      }
      squares[from + j] = sum;
    }
  }

  private static float scaled(ByteBuffer x, int at, Statistics s, int j) {
    float d = x.getFloat(at) - s.mean().getFloat(s.at() + 4 * j);
    return Math.fma(d, s.scale().getFloat(s.at() + 4 * j), s.shift().getFloat(s.at() + 4 * j));
  }

  @Override
  public void scale(
      ByteBuffer x, int at, int rows, int n, int first, Statistics s, float floor, ByteBuffer out) {
    for (int i = 0; i < rows; i++) {
      for (int j = first; j < n; j++) {
        int e = at + 4 * (i * n + j);
        float y = scaled(x, e, s, j);
        out.putFloat(e, y < floor ? floor : y);
      }
    }
  }

  @Override
  public void scaleAndAdd(
      ByteBuffer x,
      int at,
      int rows,
      int n,
      int first,
      Statistics s,
      ByteBuffer residual,
      float floor,
      ByteBuffer out) {
    for (int i = 0; i < rows; i++) {
      for (int j = first; j < n; j++) {
        int e = at + 4 * (i * n + j);
        float y = scaled(x, e, s, j) + residual.getFloat(e);
        out.putFloat(e, y < floor ? floor : y);
      }
    }
  }

  @Override
  public void mask(ByteBuffer g, ByteBuffer y, int at, int count) {
    for (int e = at; e < at + 4 * count; e += 4) {
      if (!(y.getFloat(e) > 0)) {
        g.putFloat(e, 0);
      }
    }
  }

  @Override
  public void gradientSums(
      ByteBuffer g,
      ByteBuffer x,
      int at,
      int rows,
      int n,
      int first,
      Statistics s,
      float[] sums,
      float[] products,
      int from) {
    for (int j = first; j < n; j++) {
      float mean = s.mean().getFloat(s.at() + 4 * j);
      float sum = 0;
      float product = 0;
      for (int i = 0; i < rows; i++) {
        int e = at + 4 * (i * n + j);
        float slope = g.getFloat(e);
        sum += slope;
        product = Math.fma(slope, x.getFloat(e) - mean, product);
      }
      sums[from + j] = sum;
      products[from + j] = product;
    }
  }

  @Override
  public void gradients(
      ByteBuffer g,
      ByteBuffer x,
      int at,
      int rows,
      int n,
      int first,
      Statistics s,
      ByteBuffer out) {
    for (int i = 0; i < rows; i++) {
      for (int j = first; j < n; j++) {
        int e = at + 4 * (i * n + j);
        int c = s.at() + 4 * j;
        float y = Math.fma(s.scale().getFloat(c), g.getFloat(e), -s.shift().getFloat(c));
        float d = x.getFloat(e) - s.mean().getFloat(c);
        out.putFloat(e, Math.fma(-s.slope().getFloat(c), d, y));
      }
    }
  }

  @Override
  public void gatherSum(
      ByteBuffer x,
      int base,
      int[] offsets,
      int from,
      int count,
      ByteBuffer out,
      int outAt,
      int n,
      boolean keep) {
    for (int j = 0; j < 4 * n; j += 4) {
      float sum = keep ? out.getFloat(outAt + j) : 0;
      for (int k = from; k < from + count; k++) {
        sum += x.getFloat(base + offsets[k] + j);
      }
      out.putFloat(outAt + j, sum);
    }
  }

  @Override
  public void copy(ByteBuffer x, int at, ByteBuffer out, int outAt, int n) {
    out.put(outAt, x, at, 4 * n);
  }
}
