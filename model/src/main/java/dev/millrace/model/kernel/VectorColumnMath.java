package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops over whole vectors of columns; what is left goes to {@link ScalarColumnMath}.
 *
 * <p>Sums take four vectors of columns at once, so that a line of the cache is read once and four
 * chains of additions run side by side.
 */
final class VectorColumnMath implements ColumnMath {

  private static final VectorSpecies<Float> S = VectorRowMath.S;
  private static final int LANES = S.length();
  private static final int STEP = 4 * LANES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ScalarColumnMath REST = new ScalarColumnMath();

  private static FloatVector load(ByteBuffer x, int at) {
    return FloatVector.fromByteBuffer(S, x, at, ORDER);
  }

  private static void store(FloatVector v, ByteBuffer x, int at) {
    v.intoByteBuffer(x, at, ORDER);
  }

  private static FloatVector zero() {
    return FloatVector.zero(S);
  }

  @Override
  public void sums(ByteBuffer x, int at, int rows, int n, int first, float[] sums, int from) {
    int j = first;
    for (; j + 4 * LANES <= n; j += 4 * LANES) {
      sumFour(x, at + 4 * j, rows, 4 * n, sums, from + j);
    }
    for (; j + LANES <= n; j += LANES) {
      sumOne(x, at + 4 * j, rows, 4 * n, sums, from + j);
    }
    REST.sums(x, at, rows, n, j, sums, from);
  }

  private static void sumFour(ByteBuffer x, int at, int rows, int stride, float[] sums, int to) {
    FloatVector a = zero();
    FloatVector b = zero();
    FloatVector c = zero();
    FloatVector d = zero();
    for (int i = 0, e = at; i < rows; i++, e += stride) {
      a = a.add(load(x, e));
      b = b.add(load(x, e + STEP));
      c = c.add(load(x, e + 2 * STEP));
      d = d.add(load(x, e + 3 * STEP));
    }
    a.intoArray(sums, to);
    b.intoArray(sums, to + LANES);
    c.intoArray(sums, to + 2 * LANES);
    d.intoArray(sums, to + 3 * LANES);
  }

  private static void sumOne(ByteBuffer x, int at, int rows, int stride, float[] sums, int to) {
    FloatVector a = zero();
    for (int i = 0, e = at; i < rows; i++, e += stride) {
      a = a.add(load(x, e));
    }
    a.intoArray(sums, to);
  }

  @Override
  public void squares(
      ByteBuffer x, int at, int rows, int n, int first, float[] means, float[] squares, int from) {
    int j = first;
    for (; j + 4 * LANES <= n; j += 4 * LANES) {
      squareFour(x, at + 4 * j, rows, 4 * n, means, squares, from + j);
    }
    for (; j + LANES <= n; j += LANES) {
      squareOne(x, at + 4 * j, rows, 4 * n, means, squares, from + j);
    }
    REST.squares(x, at, rows, n, j, means, squares, from);
  }

  private static void squareFour(
      ByteBuffer x, int at, int rows, int stride, float[] means, float[] squares, int to) {
    FloatVector meanA = FloatVector.fromArray(S, means, to);
    FloatVector meanB = FloatVector.fromArray(S, means, to + LANES);
    FloatVector meanC = FloatVector.fromArray(S, means, to + 2 * LANES);
    FloatVector meanD = FloatVector.fromArray(S, means, to + 3 * LANES);
    FloatVector a = zero();
    FloatVector b = zero();
    FloatVector c = zero();
    FloatVector d = zero();
    for (int i = 0, e = at; i < rows; i++, e += stride) {
      FloatVector p = load(x, e).sub(meanA);
      FloatVector q = load(x, e + STEP).sub(meanB);
      FloatVector r = load(x, e + 2 * STEP).sub(meanC);
      FloatVector s = load(x, e + 3 * STEP).sub(meanD);
      a = p.fma(p, a);
      b = q.fma(q, b);
      c = r.fma(r, c);
      d = s.fma(s, d);
    }
    a.intoArray(squares, to);
    b.intoArray(squares, to + LANES);
    c.intoArray(squares, to + 2 * LANES);
    d.intoArray(squares, to + 3 * LANES);
  }

  private static void squareOne(
      ByteBuffer x, int at, int rows, int stride, float[] means, float[] squares, int to) {
    FloatVector mean = FloatVector.fromArray(S, means, to);
    FloatVector a = zero();
    for (int i = 0, e = at; i < rows; i++, e += stride) {
      FloatVector p = load(x, e).sub(mean);
      a = p.fma(p, a);
    }
    a.intoArray(squares, to);
  }

  @Override
  public void scale(
      ByteBuffer x, int at, int rows, int n, int first, Statistics s, float floor, ByteBuffer out) {
    int end = n - n % LANES;
    scaleVectors(x, at, rows, 4 * n, 4 * end, s.mean(), s.scale(), s.shift(), s.at(), floor, out);
    REST.scale(x, at, rows, n, end, s, floor, out);
  }

  private static void scaleVectors(
      ByteBuffer x,
      int at,
      int rows,
      int stride,
      int length,
      ByteBuffer mean,
      ByteBuffer scale,
      ByteBuffer shift,
      int statAt,
      float floor,
      ByteBuffer out) {
    for (int i = 0, row = at; i < rows; i++, row += stride) {
      for (int j = 0; j < length; j += STEP) {
        FloatVector d = load(x, row + j).sub(load(mean, statAt + j));
        FloatVector y = d.fma(load(scale, statAt + j), load(shift, statAt + j));
        store(y.blend(floor, y.compare(VectorOperators.LT, floor)), out, row + j);
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
    int end = n - n % LANES;
    addVectors(
        x, at, rows, 4 * n, 4 * end, s.mean(), s.scale(), s.shift(), s.at(), residual, floor, out);
    REST.scaleAndAdd(x, at, rows, n, end, s, residual, floor, out);
  }

  private static void addVectors(
      ByteBuffer x,
      int at,
      int rows,
      int stride,
      int length,
      ByteBuffer mean,
      ByteBuffer scale,
      ByteBuffer shift,
      int statAt,
      ByteBuffer residual,
      float floor,
      ByteBuffer out) {
    for (int i = 0, row = at; i < rows; i++, row += stride) {
      for (int j = 0; j < length; j += STEP) {
        FloatVector d = load(x, row + j).sub(load(mean, statAt + j));
        FloatVector y = d.fma(load(scale, statAt + j), load(shift, statAt + j));
        y = y.add(load(residual, row + j));
        store(y.blend(floor, y.compare(VectorOperators.LT, floor)), out, row + j);
      }
    }
  }

  @Override
  public void mask(ByteBuffer g, ByteBuffer y, int at, int count) {
    int end = at + 4 * S.loopBound(count);
    for (int e = at; e < end; e += STEP) {
      FloatVector slope = load(g, e);
      store(zero().blend(slope, load(y, e).compare(VectorOperators.GT, 0f)), g, e);
    }
    REST.mask(g, y, end, count - (end - at) / 4);
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
    int j = first;
    for (; j + 2 * LANES <= n; j += 2 * LANES) {
      gradientTwo(
          g, x, at + 4 * j, rows, 4 * n, s.mean(), s.at() + 4 * j, sums, products, from + j);
    }
    for (; j + LANES <= n; j += LANES) {
      gradientOne(
          g, x, at + 4 * j, rows, 4 * n, s.mean(), s.at() + 4 * j, sums, products, from + j);
    }
    REST.gradientSums(g, x, at, rows, n, j, s, sums, products, from);
  }

  private static void gradientTwo(
      ByteBuffer g,
      ByteBuffer x,
      int at,
      int rows,
      int stride,
      ByteBuffer mean,
      int statAt,
      float[] sums,
      float[] products,
      int to) {
    FloatVector meanA = load(mean, statAt);
    FloatVector meanB = load(mean, statAt + STEP);
    FloatVector sumA = zero();
    FloatVector sumB = zero();
    FloatVector productA = zero();
    FloatVector productB = zero();
    for (int i = 0, e = at; i < rows; i++, e += stride) {
      FloatVector a = load(g, e);
      FloatVector b = load(g, e + STEP);
      sumA = sumA.add(a);
      sumB = sumB.add(b);
      productA = load(x, e).sub(meanA).fma(a, productA);
      productB = load(x, e + STEP).sub(meanB).fma(b, productB);
    }
    sumA.intoArray(sums, to);
    sumB.intoArray(sums, to + LANES);
    productA.intoArray(products, to);
    productB.intoArray(products, to + LANES);
  }

  private static void gradientOne(
      ByteBuffer g,
      ByteBuffer x,
      int at,
      int rows,
      int stride,
      ByteBuffer mean,
      int statAt,
      float[] sums,
      float[] products,
      int to) {
    FloatVector meanA = load(mean, statAt);
    FloatVector sumA = zero();
    FloatVector productA = zero();
    for (int i = 0, e = at; i < rows; i++, e += stride) {
      FloatVector a = load(g, e);
      sumA = sumA.add(a);
      productA = load(x, e).sub(meanA).fma(a, productA);
    }
    sumA.intoArray(sums, to);
    productA.intoArray(products, to);
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
    int end = n - n % LANES;
    gradientVectors(
        g, x, at, rows, 4 * n, 4 * end, s.mean(), s.scale(), s.shift(), s.slope(), s.at(), out);
    REST.gradients(g, x, at, rows, n, end, s, out);
  }

  private static void gradientVectors(
      ByteBuffer g,
      ByteBuffer x,
      int at,
      int rows,
      int stride,
      int length,
      ByteBuffer mean,
      ByteBuffer scale,
      ByteBuffer shift,
      ByteBuffer slope,
      int statAt,
      ByteBuffer out) {
    for (int i = 0, row = at; i < rows; i++, row += stride) {
      for (int j = 0; j < length; j += STEP) {
        FloatVector y = load(g, row + j).mul(load(scale, statAt + j)).sub(load(shift, statAt + j));
        FloatVector d = load(mean, statAt + j).sub(load(x, row + j));
        store(d.fma(load(slope, statAt + j), y), out, row + j);
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
    int j = 0;
    for (; j + 4 * LANES <= n; j += 4 * LANES) {
      gatherFour(x, base + 4 * j, offsets, from, count, out, outAt + 4 * j, keep);
    }
    for (; j + LANES <= n; j += LANES) {
      gatherOne(x, base + 4 * j, offsets, from, count, out, outAt + 4 * j, keep);
    }
    REST.gatherSum(x, base + 4 * j, offsets, from, count, out, outAt + 4 * j, n - j, keep);
  }

  private static void gatherFour(
      ByteBuffer x,
      int at,
      int[] offsets,
      int from,
      int count,
      ByteBuffer out,
      int outAt,
      boolean keep) {
    FloatVector a = keep ? load(out, outAt) : zero();
    FloatVector b = keep ? load(out, outAt + STEP) : zero();
    FloatVector c = keep ? load(out, outAt + 2 * STEP) : zero();
    FloatVector d = keep ? load(out, outAt + 3 * STEP) : zero();
    for (int k = from; k < from + count; k++) {
      int e = at + offsets[k];
      a = a.add(load(x, e));
      b = b.add(load(x, e + STEP));
      c = c.add(load(x, e + 2 * STEP));
      d = d.add(load(x, e + 3 * STEP));
    }
    store(a, out, outAt);
    store(b, out, outAt + STEP);
    store(c, out, outAt + 2 * STEP);
    store(d, out, outAt + 3 * STEP);
  }

  private static void gatherOne(
      ByteBuffer x,
      int at,
      int[] offsets,
      int from,
      int count,
      ByteBuffer out,
      int outAt,
      boolean keep) {
    FloatVector sum = keep ? load(out, outAt) : zero();
    for (int k = from; k < from + count; k++) {
      sum = sum.add(load(x, at + offsets[k]));
    }
    store(sum, out, outAt);
  }

  @Override
  public void copy(ByteBuffer x, int at, ByteBuffer out, int outAt, int n) {
    if (n < LANES) {
      REST.copy(x, at, out, outAt, n);
      return;
    }
    // The last vector begins where it just fits and may write some elements twice.
    int last = 4 * (n - LANES);
    for (int i = 0; i < last; i += STEP) {
      store(load(x, at + i), out, outAt + i);
    }
    store(load(x, at + last), out, outAt + last);
  }
}
