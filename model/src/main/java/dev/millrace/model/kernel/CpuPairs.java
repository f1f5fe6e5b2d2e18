package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** Fused loops over pairs of rows. */
final class CpuPairs {

  private final Cpu cpu;
  private final RowMath math;

  CpuPairs(Cpu cpu) {
    this.cpu = cpu;
    this.math = cpu.math;
  }

  void sigmoidOfSums(Matrix a, Matrix b, Matrix out) {
    ByteBuffer left = a.bytes();
    ByteBuffer right = b.bytes();
    ByteBuffer to = out.bytes();
    int m = a.columns();
    int n = b.columns();
    cpu.byRows(
        out.rows(),
        n,
        (from, end, chunk) -> {
          for (int row = from; row < end; row++) {
            math.sigmoidOfSum(left.getFloat(4 * row), right, 4 * (row / m) * n, to, 4 * row * n, n);
          }
        });
  }

  void sigmoidOfSumsBackward(Matrix a, Matrix b, Matrix gradient, Matrix ofA, Matrix ofB) {
    ByteBuffer left = a.bytes();
    ByteBuffer right = b.bytes();
    ByteBuffer g = gradient.bytes();
    ByteBuffer toLeft = ofA.bytes();
    ByteBuffer toRight = ofB.bytes();
    int m = a.columns();
    int n = b.columns();
    float[] sums = cpu.partialSums(a.rows() * n);
    // A unit is one piece of work, so that its sums have one order.
    cpu.parallel.run(
        a.rows(),
        (h, worker) -> {
          for (int i = 0; i < m; i++) {
            int at = 4 * (h * m + i);
            float sum =
                math.sigmoidOfSumGradient(
                    left.getFloat(at), right, 4 * h * n, g, 4 * i * n, sums, h * n, n);
            toLeft.putFloat(at, sum);
          }
          for (int j = 0; j < n; j++) {
            toRight.putFloat(4 * (h * n + j), sums[h * n + j]);
          }
        });
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
