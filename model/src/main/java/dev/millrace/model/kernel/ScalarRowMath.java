package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** Plain Java loops: where the vector module is absent, and for the ends of rows. */
final class ScalarRowMath implements RowMath {

  @Override
  public String description() {
    return "scalar";
  }

  @Override
  public void fill(ByteBuffer x, int at, int n, float value) {
    for (int i = at, end = at + 4 * n; i < end; i += 4) {
      x.putFloat(i, value);
    }
  }

  @Override
  public void scale(ByteBuffer x, int at, int n, float factor) {
    for (int i = at, end = at + 4 * n; i < end; i += 4) {
      x.putFloat(i, x.getFloat(i) * factor);
    }
  }

  @Override
  public void combine(
      ByteBuffer y, int yAt, float beta, ByteBuffer x, int xAt, float alpha, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      y.putFloat(yAt + i, Math.fma(alpha, x.getFloat(xAt + i), beta * y.getFloat(yAt + i)));
    }
  }

  @Override
  public void addScaled(ByteBuffer y, int yAt, ByteBuffer x, int xAt, float alpha, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      y.putFloat(yAt + i, Math.fma(alpha, x.getFloat(xAt + i), y.getFloat(yAt + i)));
    }
  }

  @Override
  public void addScalar(ByteBuffer x, int at, int n, float alpha) {
    for (int i = at, end = at + 4 * n; i < end; i += 4) {
      x.putFloat(i, x.getFloat(i) + alpha);
    }
  }

  @Override
  public void multiply(
      ByteBuffer a, int aAt, ByteBuffer b, int bAt, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      out.putFloat(outAt + i, a.getFloat(aAt + i) * b.getFloat(bAt + i));
    }
  }

  @Override
  public void addTo(float[] sums, int from, ByteBuffer x, int at, int n) {
    for (int i = 0; i < n; i++) {
      sums[from + i] += x.getFloat(at + 4 * i);
    }
  }

  @Override
  public void addProductTo(
      float[] sums, int from, ByteBuffer a, int aAt, ByteBuffer b, int bAt, int n) {
    for (int i = 0; i < n; i++) {
      sums[from + i] = Math.fma(a.getFloat(aAt + 4 * i), b.getFloat(bAt + 4 * i), sums[from + i]);
    }
  }

  @Override
  public float sum(ByteBuffer x, int at, int n) {
    float sum = 0;
    for (int i = at, end = at + 4 * n; i < end; i += 4) {
      sum += x.getFloat(i);
    }
    return sum;
  }

  @Override
  public float dot(ByteBuffer a, int aAt, ByteBuffer b, int bAt, int n) {
    float sum = 0;
    for (int i = 0; i < 4 * n; i += 4) {
      sum = Math.fma(a.getFloat(aAt + i), b.getFloat(bAt + i), sum);
    }
    return sum;
  }

  @Override
  public float squaredDistance(ByteBuffer x, int at, int n, float mean) {
    float sum = 0;
    for (int i = at, end = at + 4 * n; i < end; i += 4) {
      float d = x.getFloat(i) - mean;
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  @Override
  public float max(ByteBuffer x, int at, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at, end = at + 4 * n; i < end; i += 4) {
      max = Math.max(max, x.getFloat(i));
    }
    return max;
  }

  @Override
  public float sumOfExp(ByteBuffer x, int at, int n, float shift) {
    float sum = 0;
    for (int i = at, end = at + 4 * n; i < end; i += 4) {
      sum += Approximations.exp(x.getFloat(i) - shift);
    }
    return sum;
  }

  @Override
  public float exp(ByteBuffer x, int at, int n, float shift) {
    float sum = 0;
    for (int i = at, end = at + 4 * n; i < end; i += 4) {
      float y = Approximations.exp(x.getFloat(i) - shift);
      x.putFloat(i, y);
      sum += y;
    }
    return sum;
  }

  @Override
  public void standardize(
      ByteBuffer x, int xAt, float mean, float scale, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      out.putFloat(outAt + i, (x.getFloat(xAt + i) - mean) * scale);
    }
  }

  @Override
  public void affine(
      ByteBuffer x,
      int xAt,
      ByteBuffer weight,
      int weightAt,
      ByteBuffer bias,
      int biasAt,
      ByteBuffer out,
      int outAt,
      int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      out.putFloat(
          outAt + i,
          Math.fma(x.getFloat(xAt + i), weight.getFloat(weightAt + i), bias.getFloat(biasAt + i)));
    }
  }

  @Override
  public void layerNormGradient(
      ByteBuffer g,
      int gAt,
      ByteBuffer w,
      int wAt,
      ByteBuffer h,
      int hAt,
      float a,
      float b,
      float scale,
      ByteBuffer out,
      int outAt,
      int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      float y = g.getFloat(gAt + i) * w.getFloat(wAt + i) - a;
      out.putFloat(outAt + i, scale * Math.fma(h.getFloat(hAt + i), -b, y));
    }
  }

  @Override
  public float tripleDot(
      ByteBuffer a, int aAt, ByteBuffer b, int bAt, ByteBuffer c, int cAt, int n) {
    float sum = 0;
    for (int i = 0; i < 4 * n; i += 4) {
      sum = Math.fma(a.getFloat(aAt + i) * b.getFloat(bAt + i), c.getFloat(cAt + i), sum);
    }
    return sum;
  }

  @Override
  public void sigmoid(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      float v = x.getFloat(xAt + i);
      float e = Approximations.exp(-Math.abs(v));
      out.putFloat(outAt + i, (v < 0 ? e : 1) / (e + 1));
    }
  }

  @Override
  public void sigmoidGradient(
      ByteBuffer x, int xAt, ByteBuffer g, int gAt, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      float e = Approximations.exp(-Math.abs(x.getFloat(xAt + i)));
      out.putFloat(outAt + i, e / ((e + 1) * (e + 1)) * g.getFloat(gAt + i));
    }
  }

  @Override
  public void log(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      out.putFloat(outAt + i, Approximations.log(x.getFloat(xAt + i)));
    }
  }

  @Override
  public void softplus(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      out.putFloat(outAt + i, Approximations.softplus(x.getFloat(xAt + i)));
    }
  }

  @Override
  public void gelu(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      float v = x.getFloat(xAt + i);
      out.putFloat(outAt + i, v * (0.5f + 0.5f * Approximations.erf(v * Approximations.SQRT_HALF)));
    }
  }

  @Override
  public void normalDensity(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      float v = x.getFloat(xAt + i);
      out.putFloat(outAt + i, Approximations.NORMAL * Approximations.exp(-0.5f * v * v));
    }
  }

  @Override
  public void geluGradient(
      ByteBuffer x, int xAt, ByteBuffer g, int gAt, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      float v = x.getFloat(xAt + i);
      float area = 0.5f + 0.5f * Approximations.erf(v * Approximations.SQRT_HALF);
      float slope = Math.fma(v, out.getFloat(outAt + i), area);
      out.putFloat(outAt + i, slope * g.getFloat(gAt + i));
    }
  }

  @Override
  public void adam(
      ByteBuffer parameter,
      int parameterAt,
      ByteBuffer gradient,
      int gradientAt,
      ByteBuffer first,
      int firstAt,
      ByteBuffer second,
      int secondAt,
      int n,
      AdamScalars s) {
    for (int i = 0; i < 4 * n; i += 4) {
      float p = parameter.getFloat(parameterAt + i);
      float g = Math.fma(s.weightDecay(), p, gradient.getFloat(gradientAt + i));
      float m = Math.fma(s.beta1(), first.getFloat(firstAt + i), s.complement1() * g);
      float v = Math.fma(s.beta2(), second.getFloat(secondAt + i), s.complement2() * g * g);
      first.putFloat(firstAt + i, m);
      second.putFloat(secondAt + i, v);
      float root = (float) Math.sqrt(v) * s.root() + s.epsilon();
      parameter.putFloat(parameterAt + i, p - s.rate() * m / root);
    }
  }

  @Override
  public void scores(
      float[] query,
      int from,
      int width,
      float[] columns,
      int stride,
      float scale,
      float[] scores,
      int n) {
    for (int i = 0; i < n; i++) {
      float sum = 0;
      for (int j = 0; j < width; j++) {
        sum = Math.fma(query[from + j], columns[j * stride + i], sum);
      }
      scores[i] = sum * scale;
    }
  }

  @Override
  public float exp(float[] x, int n, float shift) {
    float sum = 0;
    for (int i = 0; i < n; i++) {
      x[i] = Approximations.exp(x[i] - shift);
      sum += x[i];
    }
    return sum;
  }

  @Override
  public void weightedSum(float[] weights, int n, float[] rows, int width, float[] out) {
    for (int j = 0; j < width; j++) {
      out[j] = 0;
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < width; j++) {
        out[j] = Math.fma(weights[i], rows[i * width + j], out[j]);
      }
    }
  }

  @Override
  public void addOuter(float[] weights, int n, float[] vector, int width, float[] rows) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < width; j++) {
        rows[i * width + j] = Math.fma(weights[i], vector[j], rows[i * width + j]);
      }
    }
  }

  @Override
  public void dropout(
      ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n, DropoutMask mask, int element) {
    for (int i = 0; i < n; i++) {
      float value = mask.keeps(element + i) ? x.getFloat(xAt + 4 * i) * mask.factor() : 0f;
      out.putFloat(outAt + 4 * i, value);
    }
  }

  @Override
  public void keepFactors(float[] out, int n, DropoutMask mask, int element) {
    for (int i = 0; i < n; i++) {
      out[i] = mask.keeps(element + i) ? mask.factor() : 0f;
    }
  }

  @Override
  public void simple(
      Elementwise function, ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    ScalarElements.apply(function, x, xAt, out, outAt, n);
  }

  @Override
  public void simpleGradient(
      Elementwise function,
      ByteBuffer x,
      int xAt,
      ByteBuffer g,
      int gAt,
      ByteBuffer out,
      int outAt,
      int n) {
    ScalarElements.applyBackward(function, x, xAt, g, gAt, out, outAt, n);
  }
}
