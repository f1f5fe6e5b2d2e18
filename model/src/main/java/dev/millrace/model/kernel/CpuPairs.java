package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/** Fused loops over pairs of rows. */
final class CpuPairs {

  /** Two such arguments have exponentials whose product is a normal float32. */
  private static final float FARTHEST = 40;

  private final Cpu cpu;
  private final RowMath math;
  private Matrix ofLeft;
  private Matrix ofRight;

  CpuPairs(Cpu cpu) {
    this.cpu = cpu;
    this.math = cpu.math;
  }

  void sigmoidOfSums(Matrix a, Matrix b, Matrix out) {
    int m = a.columns();
    int n = b.columns();
    boolean apart = exponentials(a, b);
    ByteBuffer left = (apart ? ofLeft : a).bytes();
    ByteBuffer right = (apart ? ofRight : b).bytes();
    ByteBuffer to = out.bytes();
    cpu.byRows(
        out.rows(),
        n,
        (from, end, chunk) -> {
          for (int row = from; row < end; row++) {
            float own = left.getFloat(4 * row);
            int at = 4 * (row / m) * n;
            if (apart) {
              math.reciprocalOfOnePlus(own, right, at, to, 4 * row * n, n);
            } else {
              math.sigmoidOfSum(own, right, at, to, 4 * row * n, n);
            }
          }
        });
  }

  void sigmoidOfSumsBackward(Matrix a, Matrix b, Matrix gradient, Matrix toA, Matrix toB) {
    int m = a.columns();
    int n = b.columns();
    boolean apart = exponentials(a, b);
    ByteBuffer left = (apart ? ofLeft : a).bytes();
    ByteBuffer right = (apart ? ofRight : b).bytes();
    ByteBuffer g = gradient.bytes();
    ByteBuffer toLeft = toA.bytes();
    ByteBuffer toRight = toB.bytes();
    float[] sums = cpu.partialSums(a.rows() * n);
    // A unit is one piece of work, so that its sums have one order.
    cpu.parallel.run(
        a.rows(),
        (h, worker) -> {
          for (int i = 0; i < m; i++) {
            int at = 4 * (h * m + i);
            float own = left.getFloat(at);
            float sum =
                apart
                    ? math.reciprocalOfOnePlusGradient(
                        own, right, 4 * h * n, g, 4 * i * n, sums, h * n, n)
                    : math.sigmoidOfSumGradient(
                        own, right, 4 * h * n, g, 4 * i * n, sums, h * n, n);
            toLeft.putFloat(at, sum);
          }
          for (int j = 0; j < n; j++) {
            toRight.putFloat(4 * (h * n + j), sums[h * n + j]);
          }
        });
  }

  /**
   * Prepares {@code exp(-a)} and {@code exp(-b)}, whose products are the exponentials of all pairs:
   * as many exponentials as rows, not as pairs. False where a product might overflow.
   */
  private boolean exponentials(Matrix a, Matrix b) {
    ofLeft = room(ofLeft, a);
    ofRight = room(ofRight, b);
    return negatedExp(a, ofLeft) & negatedExp(b, ofRight);
  }

  private boolean negatedExp(Matrix x, Matrix out) {
    int size = Math.toIntExact(x.size());
    ByteBuffer from = x.bytes();
    ByteBuffer to = out.bytes();
    for (int i = 0; i < 4 * size; i += 4) {
      float v = from.getFloat(i);
      if (!(Math.abs(v) <= FARTHEST)) {
        return false;
      }
      to.putFloat(i, -v);
    }
    math.exp(to, 0, size, 0);
    return true;
  }

  private static Matrix room(Matrix matrix, Matrix like) {
    boolean fits = matrix != null && matrix.size() >= like.size();
    return fits ? matrix : Matrix.allocate(DataType.FLOAT, like.rows(), like.columns());
  }

  void features(Matrix x, int[] left, int[] right, int count, Matrix distance, Matrix product) {
    ByteBuffer in = x.bytes();
    ByteBuffer toDistance = distance.bytes();
    ByteBuffer toProduct = product.bytes();
    int bytes = 4 * x.columns();
    cpu.byRows(
        count,
        x.columns(),
        (from, end, chunk) -> {
          for (int i = from; i < end; i++) {
            math.distanceAndProduct(
                in,
                left[i] * bytes,
                right[i] * bytes,
                toDistance,
                toProduct,
                i * bytes,
                x.columns());
          }
        });
  }

  void featuresBackward(
      Matrix x, int[] left, int[] right, int count, Matrix ofDistance, Matrix ofProduct) {
    ByteBuffer in = x.bytes();
    ByteBuffer d = ofDistance.bytes();
    ByteBuffer p = ofProduct.bytes();
    int bytes = 4 * x.columns();
    cpu.byRows(
        count,
        x.columns(),
        (from, end, chunk) -> {
          for (int i = from; i < end; i++) {
            math.distanceAndProductGradient(
                in, left[i] * bytes, right[i] * bytes, d, p, i * bytes, x.columns());
          }
        });
  }
}
