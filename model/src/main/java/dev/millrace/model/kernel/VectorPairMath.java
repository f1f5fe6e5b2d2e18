package dev.millrace.model.kernel;

import static dev.millrace.model.kernel.VectorRowMath.S;
import static dev.millrace.model.kernel.VectorRowMath.exp;
import static dev.millrace.model.kernel.VectorRowMath.load;
import static dev.millrace.model.kernel.VectorRowMath.store;
import static dev.millrace.model.kernel.VectorRowMath.sumLanes;
import static dev.millrace.model.kernel.VectorRowMath.whole;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link PairMath} on whole vectors; what is left at the end of a row goes to the scalar form. */
final class VectorPairMath implements PairMath {

  private static final int PADDING = RowMath.PADDING;
  private static final int LANES = S.length();
  private static final int STEP = 4 * LANES;
  private static final ScalarPairMath REST = new ScalarPairMath();

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(S, value);
  }

  private static FloatVector lanes(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  @Override
  public void addSigmoidOfSum(
      float a, ByteBuffer x, int xAt, float weight, ByteBuffer out, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector v = load(x, xAt + i).add(a);
      FloatVector e = exp(v.abs().neg());
      FloatVector above = broadcast(1).blend(e, v.compare(VectorOperators.LT, 0f));
      FloatVector answer = above.div(e.add(1f));
      store(answer.fma(broadcast(weight), load(out, outAt + i)), out, outAt + i);
    }
    REST.addSigmoidOfSum(a, x, xAt + end, weight, out, outAt + end, n - end / 4);
  }

  @Override
  public float sigmoidOfSumGradient(
      float a, ByteBuffer x, int xAt, ByteBuffer g, int gAt, float[] sums, int from, int n) {
    int end = whole(n);
    FloatVector total = broadcast(0);
    for (int i = 0; i < end; i += STEP) {
      FloatVector e = exp(load(x, xAt + i).add(a).abs().neg());
      FloatVector sum = e.add(1f);
      FloatVector slope = e.div(sum.mul(sum)).mul(load(g, gAt + i));
      total = total.add(slope);
      FloatVector.fromArray(S, sums, from + i / 4).add(slope).intoArray(sums, from + i / 4);
    }
    return sumLanes(total)
        + REST.sigmoidOfSumGradient(
            a, x, xAt + end, g, gAt + end, sums, from + end / 4, n - end / 4);
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
    int j = 0;
    for (; j + 2 * LANES <= n; j += 2 * LANES) {
      two(a, aAt, weights, units, b, j, stride, bias, out, outAt + 4 * j);
    }
    for (; j + LANES <= n; j += LANES) {
      one(a, aAt, weights, units, b, j, stride, bias, out, outAt + 4 * j);
    }
    for (; j < n; j++) {
      out.putFloat(
          outAt + 4 * j, ScalarPairMath.reciprocal(a, aAt, weights, units, b, stride, bias, j));
    }
  }

  /**
   * Two vectors of columns, so that a unit's numbers are spread over their lanes once. Four would
   * be more than the compiler inlines.
   */
  private static void two(
      float[] a,
      int aAt,
      float[] weights,
      int units,
      float[] b,
      int j,
      int stride,
      float bias,
      ByteBuffer out,
      int outAt) {
    FloatVector sum0 = broadcast(bias);
    FloatVector sum1 = broadcast(bias);
    for (int h = 0; h < units; h += 2) {
      FloatVector a0 = broadcast(a[aAt + h]);
      FloatVector a1 = broadcast(a[aAt + h + 1]);
      FloatVector w0 = broadcast(weights[h]);
      FloatVector w1 = broadcast(weights[h + 1]);
      int at = h * stride + j;
      int next = at + stride;
      sum0 = sum0.add(parts(lanes(b, at), a0, w0, lanes(b, next), a1, w1));
      sum1 = sum1.add(parts(lanes(b, at + LANES), a0, w0, lanes(b, next + LANES), a1, w1));
    }
    store(sum0, out, outAt);
    store(sum1, out, outAt + STEP);
  }

  private static void one(
      float[] a,
      int aAt,
      float[] weights,
      int units,
      float[] b,
      int j,
      int stride,
      float bias,
      ByteBuffer out,
      int outAt) {
    FloatVector sum = broadcast(bias);
    for (int h = 0; h < units; h += 2) {
      int at = h * stride + j;
      FloatVector added =
          parts(
              lanes(b, at),
              broadcast(a[aAt + h]),
              broadcast(weights[h]),
              lanes(b, at + stride),
              broadcast(a[aAt + h + 1]),
              broadcast(weights[h + 1]));
      sum = sum.add(added);
    }
    store(sum, out, outAt);
  }

  /** {@code w0 / (1 + a0 b0) + w1 / (1 + a1 b1)} by one division. */
  private static FloatVector parts(
      FloatVector b0,
      FloatVector a0,
      FloatVector w0,
      FloatVector b1,
      FloatVector a1,
      FloatVector w1) {
    FloatVector first = b0.fma(a0, broadcast(1));
    FloatVector second = b1.fma(a1, broadcast(1));
    return first.fma(w1, second.mul(w0)).div(first.mul(second));
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
    int end = S.loopBound(n);
    gradientVectors(a[aAt], a[aAt + 1], b, bAt, stride, g, gAt, sums, sumsAt, end, slopes, parts);
    ScalarPairMath.rest(a, aAt, b, bAt, stride, g, gAt, sums, sumsAt, end, n, slopes, parts);
  }

  private static void gradientVectors(
      float a0,
      float a1,
      float[] b,
      int bAt,
      int stride,
      ByteBuffer g,
      int gAt,
      float[] sums,
      int sumsAt,
      int end,
      float[] slopes,
      float[] parts) {
    FloatVector slopes0 = broadcast(0);
    FloatVector slopes1 = broadcast(0);
    FloatVector parts0 = broadcast(0);
    FloatVector parts1 = broadcast(0);
    for (int j = 0; j < end; j += LANES) {
      FloatVector e0 = lanes(b, bAt + j).mul(a0);
      FloatVector e1 = lanes(b, bAt + stride + j).mul(a1);
      FloatVector one = e0.add(1f);
      FloatVector other = e1.add(1f);
      FloatVector both = broadcast(1).div(one.mul(other));
      FloatVector share0 = other.mul(both);
      FloatVector share1 = one.mul(both);
      FloatVector gradient = load(g, gAt + 4 * j);
      FloatVector part0 = share0.mul(gradient);
      FloatVector part1 = share1.mul(gradient);
      FloatVector slope0 = part0.mul(e0.mul(share0));
      FloatVector slope1 = part1.mul(e1.mul(share1));
      lanes(sums, sumsAt + j).add(slope0).intoArray(sums, sumsAt + j);
      lanes(sums, sumsAt + stride + j).add(slope1).intoArray(sums, sumsAt + stride + j);
      slopes0 = slopes0.add(slope0);
      slopes1 = slopes1.add(slope1);
      parts0 = parts0.add(part0);
      parts1 = parts1.add(part1);
    }
    slopes[0] = sumLanes(slopes0);
    slopes[1] = sumLanes(slopes1);
    lanes(parts, 0).add(parts0).intoArray(parts, 0);
    lanes(parts, PADDING).add(parts1).intoArray(parts, PADDING);
  }

  @Override
  public void distanceAndProduct(
      ByteBuffer x, int aAt, int bAt, ByteBuffer distance, ByteBuffer product, int outAt, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector a = load(x, aAt + i);
      FloatVector b = load(x, bAt + i);
      store(a.sub(b).abs(), distance, outAt + i);
      store(a.mul(b), product, outAt + i);
    }
    REST.distanceAndProduct(x, aAt + end, bAt + end, distance, product, outAt + end, n - end / 4);
  }

  @Override
  public void distanceAndProductGradient(
      ByteBuffer x, int aAt, int bAt, ByteBuffer d, ByteBuffer p, int at, int n) {
    int end = whole(n);
    for (int i = 0; i < end; i += STEP) {
      FloatVector a = load(x, aAt + i);
      FloatVector b = load(x, bAt + i);
      FloatVector signed = VectorElements.signed(a.sub(b), load(d, at + i));
      FloatVector ofProduct = load(p, at + i);
      store(ofProduct.mul(b).add(signed), d, at + i);
      store(ofProduct.mul(a).sub(signed), p, at + i);
    }
    REST.distanceAndProductGradient(x, aAt + end, bAt + end, d, p, at + end, n - end / 4);
  }
}
