package dev.millrace.model.kernel;

import static dev.millrace.model.kernel.Approximations.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops over whole vectors; what is left at the end of a row goes to {@link ScalarRowMath}.
 *
 * <p>Lanes are added in a fixed tree, not by {@code reduceLanes}, whose order the API leaves open
 * and which may change when a method is compiled.
 */
final class VectorRowMath implements RowMath {

  static final VectorSpecies<Float> S =
      FloatVector.SPECIES_PREFERRED.length() > PADDING
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final int STEP = 4 * LANES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ScalarRowMath REST = new ScalarRowMath();

  @Override
  public String description() {
    return "vector " + S.vectorBitSize() + " bit";
  }

  static FloatVector load(ByteBuffer x, int at) {
    return FloatVector.fromByteBuffer(S, x, at, ORDER);
  }

  static void store(FloatVector v, ByteBuffer x, int at) {
    v.intoByteBuffer(x, at, ORDER);
  }

  /** Bytes of a run that whole vectors cover. */
  static int whole(int n) {
    return S.loopBound(n) * 4;
  }

  static float sumLanes(FloatVector v) {
    if (LANES == 16) {
      float a = (v.lane(0) + v.lane(8)) + (v.lane(4) + v.lane(12));
      float b = (v.lane(1) + v.lane(9)) + (v.lane(5) + v.lane(13));
      float c = (v.lane(2) + v.lane(10)) + (v.lane(6) + v.lane(14));
      float d = (v.lane(3) + v.lane(11)) + (v.lane(7) + v.lane(15));
      return (a + c) + (b + d);
    }
    if (LANES == 8) {
      float a = v.lane(0) + v.lane(4);
      float b = v.lane(1) + v.lane(5);
      float c = v.lane(2) + v.lane(6);
      float d = v.lane(3) + v.lane(7);
      return (a + c) + (b + d);
    }
    float sum = 0;
    for (int i = 0; i < LANES; i++) {
      sum += v.lane(i);
    }
    return sum;
  }

  static FloatVector exp(FloatVector x) {
    FloatVector rounded =
        x.lanewise(VectorOperators.MIN, LARGEST).fma(broadcast(LOG2_E), broadcast(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(broadcast(-LN2_HIGH), x);
    r = n.fma(broadcast(-LN2_LOW), r);
    FloatVector p =
        r.fma(broadcast(E4), broadcast(E3))
            .fma(r, broadcast(E2))
            .fma(r, broadcast(E1))
            .fma(r, broadcast(E0));
    FloatVector y = p.fma(r.mul(r), r).add(1f);
    IntVector power =
        rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(0x3f800000);
    FloatVector result = y.mul(power.reinterpretAsFloats());
    return result.blend(0f, x.compare(VectorOperators.LT, SMALLEST));
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(S, value);
  }

  private static FloatVector erf(FloatVector x) {
    FloatVector c =
        x.lanewise(VectorOperators.MIN, ERF_BOUND).lanewise(VectorOperators.MAX, -ERF_BOUND);
    FloatVector z = c.mul(c);
    FloatVector p =
        z.fma(broadcast(P5), broadcast(P4))
            .fma(z, broadcast(P3))
            .fma(z, broadcast(P2))
            .fma(z, broadcast(P1))
            .fma(z, broadcast(P0));
    FloatVector q =
        z.fma(broadcast(Q5), broadcast(Q4))
            .fma(z, broadcast(Q3))
            .fma(z, broadcast(Q2))
            .fma(z, broadcast(Q1))
            .fma(z, broadcast(1f));
    return c.mul(p).div(q);
  }

  @Override
  public void fill(ByteBuffer x, int at, int n, float value) {
    FloatVector v = broadcast(value);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      store(v, x, at + i);
    }
    REST.fill(x, at + end, n - end / 4, value);
  }

  @Override
  public void scale(ByteBuffer x, int at, int n, float factor) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      store(load(x, at + i).mul(factor), x, at + i);
    }
    REST.scale(x, at + end, n - end / 4, factor);
  }

  @Override
  public void combine(
      ByteBuffer y, int yAt, float beta, ByteBuffer x, int xAt, float alpha, int n) {
    FloatVector a = broadcast(alpha);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      store(load(x, xAt + i).fma(a, load(y, yAt + i).mul(beta)), y, yAt + i);
    }
    REST.combine(y, yAt + end, beta, x, xAt + end, alpha, n - end / 4);
  }

  @Override
  public void addScaled(ByteBuffer y, int yAt, ByteBuffer x, int xAt, float alpha, int n) {
    FloatVector a = broadcast(alpha);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      store(load(x, xAt + i).fma(a, load(y, yAt + i)), y, yAt + i);
    }
    REST.addScaled(y, yAt + end, x, xAt + end, alpha, n - end / 4);
  }

  @Override
  public void addScalar(ByteBuffer x, int at, int n, float alpha) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      store(load(x, at + i).add(alpha), x, at + i);
    }
    REST.addScalar(x, at + end, n - end / 4, alpha);
  }

  @Override
  public void multiply(
      ByteBuffer a, int aAt, ByteBuffer b, int bAt, ByteBuffer out, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      store(load(a, aAt + i).mul(load(b, bAt + i)), out, outAt + i);
    }
    REST.multiply(a, aAt + end, b, bAt + end, out, outAt + end, n - end / 4);
  }

  @Override
  public void addTo(float[] sums, int from, ByteBuffer x, int at, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      FloatVector.fromArray(S, sums, from + i).add(load(x, at + 4 * i)).intoArray(sums, from + i);
    }
    REST.addTo(sums, from + end, x, at + 4 * end, n - end);
  }

  @Override
  public void addProductTo(
      float[] sums, int from, ByteBuffer a, int aAt, ByteBuffer b, int bAt, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(a, aAt + 4 * i)
          .fma(load(b, bAt + 4 * i), FloatVector.fromArray(S, sums, from + i))
          .intoArray(sums, from + i);
    }
    REST.addProductTo(sums, from + end, a, aAt + 4 * end, b, bAt + 4 * end, n - end);
  }

  @Override
  public float sum(ByteBuffer x, int at, int n) {
    FloatVector sum = broadcast(0);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      sum = sum.add(load(x, at + i));
    }
    return sumLanes(sum) + REST.sum(x, at + end, n - end / 4);
  }

  @Override
  public float dot(ByteBuffer a, int aAt, ByteBuffer b, int bAt, int n) {
    FloatVector sum = broadcast(0);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      sum = load(a, aAt + i).fma(load(b, bAt + i), sum);
    }
    return sumLanes(sum) + REST.dot(a, aAt + end, b, bAt + end, n - end / 4);
  }

  @Override
  public float squaredDistance(ByteBuffer x, int at, int n, float mean) {
    FloatVector sum = broadcast(0);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector d = load(x, at + i).sub(mean);
      sum = d.fma(d, sum);
    }
    return sumLanes(sum) + REST.squaredDistance(x, at + end, n - end / 4, mean);
  }

  @Override
  public float max(ByteBuffer x, int at, int n) {
    FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      max = max.max(load(x, at + i));
    }
    return Math.max(max.reduceLanes(VectorOperators.MAX), REST.max(x, at + end, n - end / 4));
  }

  @Override
  public float sumOfExp(ByteBuffer x, int at, int n, float shift) {
    FloatVector sum = broadcast(0);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      sum = sum.add(exp(load(x, at + i).sub(shift)));
    }
    return sumLanes(sum) + REST.sumOfExp(x, at + end, n - end / 4, shift);
  }

  @Override
  public float exp(ByteBuffer x, int at, int n, float shift) {
    FloatVector sum = broadcast(0);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector y = exp(load(x, at + i).sub(shift));
      store(y, x, at + i);
      sum = sum.add(y);
    }
    return sumLanes(sum) + REST.exp(x, at + end, n - end / 4, shift);
  }

  @Override
  public void standardize(
      ByteBuffer x, int xAt, float mean, float scale, ByteBuffer out, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      store(load(x, xAt + i).sub(mean).mul(scale), out, outAt + i);
    }
    REST.standardize(x, xAt + end, mean, scale, out, outAt + end, n - end / 4);
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
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      store(
          load(x, xAt + i).fma(load(weight, weightAt + i), load(bias, biasAt + i)), out, outAt + i);
    }
    REST.affine(
        x, xAt + end, weight, weightAt + end, bias, biasAt + end, out, outAt + end, n - end / 4);
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
    FloatVector minusB = broadcast(-b);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector y = load(g, gAt + i).mul(load(w, wAt + i)).sub(a);
      store(load(h, hAt + i).fma(minusB, y).mul(scale), out, outAt + i);
    }
    REST.layerNormGradient(
        g, gAt + end, w, wAt + end, h, hAt + end, a, b, scale, out, outAt + end, n - end / 4);
  }

  @Override
  public float tripleDot(
      ByteBuffer a, int aAt, ByteBuffer b, int bAt, ByteBuffer c, int cAt, int n) {
    FloatVector sum = broadcast(0);
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      sum = load(a, aAt + i).mul(load(b, bAt + i)).fma(load(c, cAt + i), sum);
    }
    return sumLanes(sum) + REST.tripleDot(a, aAt + end, b, bAt + end, c, cAt + end, n - end / 4);
  }

  @Override
  public void sigmoid(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector v = load(x, xAt + i);
      FloatVector e = exp(v.abs().neg());
      FloatVector above = broadcast(1).blend(e, v.compare(VectorOperators.LT, 0f));
      store(above.div(e.add(1f)), out, outAt + i);
    }
    REST.sigmoid(x, xAt + end, out, outAt + end, n - end / 4);
  }

  @Override
  public void sigmoidGradient(
      ByteBuffer x, int xAt, ByteBuffer g, int gAt, ByteBuffer out, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector e = exp(load(x, xAt + i).abs().neg());
      FloatVector sum = e.add(1f);
      store(e.div(sum.mul(sum)).mul(load(g, gAt + i)), out, outAt + i);
    }
    REST.sigmoidGradient(x, xAt + end, g, gAt + end, out, outAt + end, n - end / 4);
  }

  @Override
  public void log(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector v = load(x, xAt + i);
      if (!v.compare(VectorOperators.GE, Float.MIN_NORMAL).allTrue()
          || v.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY).anyTrue()) {
        REST.log(x, xAt + i, out, outAt + i, STEP / 4);
        continue;
      }
      IntVector bits = v.reinterpretAsInts();
      IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
      FloatVector m = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
      FloatVector s = m.sub(1f).div(m.add(1f));
      FloatVector q = s.mul(s);
      FloatVector p =
          q.fma(broadcast(A9), broadcast(A7)).fma(q, broadcast(A5)).fma(q, broadcast(A3));
      FloatVector y = p.mul(q).fma(s, s.mul(2f));
      FloatVector e = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
      store(e.fma(broadcast(LN2_HIGH), e.fma(broadcast(LN2_LOW), y)), out, outAt + i);
    }
    REST.log(x, xAt + end, out, outAt + end, n - end / 4);
  }

  @Override
  public void softplus(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    // Two loops: with the exponential and the logarithm in one, the compiler reaches its limit of
    // nodes, does not inline the store, and every vector becomes an object.
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      store(exp(load(x, xAt + i).abs().neg()), out, outAt + i);
    }
    logOfOnePlus(x, xAt, out, outAt, end);
    REST.softplus(x, xAt + end, out, outAt + end, n - end / 4);
  }

  /** {@code out = log(1 + out) + max(x, 0)}. */
  private static void logOfOnePlus(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int end) {
    for (int i = 0; i < end; i += STEP) {
      FloatVector e = load(out, outAt + i);
      FloatVector s = e.div(e.add(2f));
      FloatVector q = s.mul(s);
      FloatVector p =
          q.fma(broadcast(A15), broadcast(A13))
              .fma(q, broadcast(A11))
              .fma(q, broadcast(A9))
              .fma(q, broadcast(A7))
              .fma(q, broadcast(A5))
              .fma(q, broadcast(A3));
      FloatVector v = load(x, xAt + i).max(0f);
      store(p.mul(q).fma(s, s.mul(2f)).add(v), out, outAt + i);
    }
  }

  @Override
  public void gelu(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector v = load(x, xAt + i);
      FloatVector area = erf(v.mul(SQRT_HALF)).fma(broadcast(0.5f), broadcast(0.5f));
      store(v.mul(area), out, outAt + i);
    }
    REST.gelu(x, xAt + end, out, outAt + end, n - end / 4);
  }

  @Override
  public void normalDensity(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector v = load(x, xAt + i);
      store(exp(v.mul(v).mul(-0.5f)).mul(NORMAL), out, outAt + i);
    }
    REST.normalDensity(x, xAt + end, out, outAt + end, n - end / 4);
  }

  @Override
  public void geluGradient(
      ByteBuffer x, int xAt, ByteBuffer g, int gAt, ByteBuffer out, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector v = load(x, xAt + i);
      FloatVector area = erf(v.mul(SQRT_HALF)).fma(broadcast(0.5f), broadcast(0.5f));
      store(v.fma(load(out, outAt + i), area).mul(load(g, gAt + i)), out, outAt + i);
    }
    REST.geluGradient(x, xAt + end, g, gAt + end, out, outAt + end, n - end / 4);
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
    FloatVector decay = broadcast(s.weightDecay());
    FloatVector beta1 = broadcast(s.beta1());
    FloatVector beta2 = broadcast(s.beta2());
    FloatVector root = broadcast(s.root());
    FloatVector epsilon = broadcast(s.epsilon());
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector p = load(parameter, parameterAt + i);
      FloatVector g = p.fma(decay, load(gradient, gradientAt + i));
      FloatVector m = load(first, firstAt + i).fma(beta1, g.mul(s.complement1()));
      FloatVector v = load(second, secondAt + i).fma(beta2, g.mul(s.complement2()).mul(g));
      store(m, first, firstAt + i);
      store(v, second, secondAt + i);
      FloatVector change = m.mul(s.rate()).div(v.sqrt().fma(root, epsilon));
      store(p.sub(change), parameter, parameterAt + i);
    }
    REST.adam(
        parameter,
        parameterAt + end,
        gradient,
        gradientAt + end,
        first,
        firstAt + end,
        second,
        secondAt + end,
        n - end / 4,
        s);
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
    for (int i = 0; i < n; i += LANES) {
      FloatVector sum = broadcast(0);
      for (int j = 0; j < width; j++) {
        sum =
            FloatVector.fromArray(S, columns, j * stride + i).fma(broadcast(query[from + j]), sum);
      }
      sum.mul(scale).intoArray(scores, i);
    }
  }

  @Override
  public float exp(float[] x, int n, float shift) {
    for (int i = n; i < RowMath.padded(n); i++) {
      x[i] = Float.NEGATIVE_INFINITY;
    }
    FloatVector sum = broadcast(0);
    for (int i = 0; i < n; i += LANES) {
      FloatVector y = exp(FloatVector.fromArray(S, x, i).sub(shift));
      y.intoArray(x, i);
      sum = sum.add(y);
    }
    return sumLanes(sum);
  }

  @Override
  public void weightedSum(float[] weights, int n, float[] rows, int width, float[] out) {
    if (width % LANES != 0) {
      REST.weightedSum(weights, n, rows, width, out);
      return;
    }
    for (int j = 0; j < width; j += LANES) {
      FloatVector sum = broadcast(0);
      for (int i = 0; i < n; i++) {
        sum = FloatVector.fromArray(S, rows, i * width + j).fma(broadcast(weights[i]), sum);
      }
      sum.intoArray(out, j);
    }
  }

  @Override
  public void addOuter(float[] weights, int n, float[] vector, int width, float[] rows) {
    if (width % LANES != 0) {
      REST.addOuter(weights, n, vector, width, rows);
      return;
    }
    for (int j = 0; j < width; j += LANES) {
      FloatVector v = FloatVector.fromArray(S, vector, j);
      for (int i = 0; i < n; i++) {
        v.fma(broadcast(weights[i]), FloatVector.fromArray(S, rows, i * width + j))
            .intoArray(rows, i * width + j);
      }
    }
  }

  @Override
  public void dropout(
      ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n, DropoutMask mask, int element) {
    int done =
        VectorDropout.usable() ? VectorDropout.drop(x, xAt, out, outAt, n, mask, element >>> 1) : 0;
    REST.dropout(x, xAt + 4 * done, out, outAt + 4 * done, n - done, mask, element + done);
  }

  @Override
  public void keepFactors(float[] out, int n, DropoutMask mask, int element) {
    if (VectorDropout.usable()) {
      VectorDropout.factors(out, n, mask, element >>> 1);
    } else {
      REST.keepFactors(out, n, mask, element);
    }
  }

  @Override
  public void simple(
      Elementwise function, ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    int done = VectorElements.apply(function, x, xAt, out, outAt, whole(n)) ? whole(n) : 0;
    REST.simple(function, x, xAt + done, out, outAt + done, n - done / 4);
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
    boolean whole = VectorElements.applyBackward(function, x, xAt, g, gAt, out, outAt, whole(n));
    int done = whole ? whole(n) : 0;
    REST.simpleGradient(function, x, xAt + done, g, gAt + done, out, outAt + done, n - done / 4);
  }
}
