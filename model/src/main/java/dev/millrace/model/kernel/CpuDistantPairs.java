package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/** Sums of sigmoids over all pairs of rows with one exponential a pair, whatever the arguments. */
final class CpuDistantPairs {

  private final Cpu cpu;
  private final PairMath math = PairMath.FASTEST;

  /** A unit's answers to one row. */
  private Matrix answers;

  CpuDistantPairs(Cpu cpu) {
    this.cpu = cpu;
  }

  void forward(Matrix a, Matrix b, Matrix weights, float bias, Matrix out) {
    int m = a.columns();
    int n = b.columns();
    ByteBuffer left = a.bytes();
    ByteBuffer right = b.bytes();
    ByteBuffer factors = weights.bytes();
    ByteBuffer to = out.bytes();
    cpu.byRows(
        m,
        n * a.rows(),
        (from, end, chunk) -> {
          for (int i = from; i < end; i++) {
            cpu.math.fill(to, 4 * i * n, n, bias);
            for (int h = 0; h < a.rows(); h++) {
              float own = left.getFloat(4 * (h * m + i));
              float factor = factors.getFloat(4 * h);
              math.addSigmoidOfSum(own, right, 4 * h * n, factor, to, 4 * i * n, n);
            }
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
    int n = b.columns();
    if (answers == null || answers.size() < b.size()) {
      answers = Matrix.allocate(DataType.FLOAT, b.rows(), n);
    }
    float[] sums = cpu.partialSums(a.rows() * n);
    // A unit is one piece of work, so that its sums have one order.
    cpu.parallel.run(
        a.rows(),
        (h, worker) -> {
          toWeights.bytes().putFloat(4 * h, unit(h, a, b, gradient, toA, sums));
          float factor = weights.bytes().getFloat(4 * h);
          for (int j = h * n; j < (h + 1) * n; j++) {
            toB.bytes().putFloat(4 * j, sums[j] * factor);
          }
          cpu.math.scale(toA.bytes(), 4 * h * a.columns(), a.columns(), factor);
        });
  }

  private float unit(int h, Matrix a, Matrix b, Matrix gradient, Matrix toA, float[] sums) {
    int m = a.columns();
    int n = b.columns();
    ByteBuffer left = a.bytes();
    ByteBuffer right = b.bytes();
    ByteBuffer g = gradient.bytes();
    ByteBuffer answer = answers.bytes();
    double total = 0;
    for (int i = 0; i < m; i++) {
      float own = left.getFloat(4 * (h * m + i));
      float sum = math.sigmoidOfSumGradient(own, right, 4 * h * n, g, 4 * i * n, sums, h * n, n);
      toA.bytes().putFloat(4 * (h * m + i), sum);
      cpu.math.fill(answer, 4 * h * n, n, 0);
      math.addSigmoidOfSum(own, right, 4 * h * n, 1, answer, 4 * h * n, n);
      total += cpu.math.dot(answer, 4 * h * n, g, 4 * i * n, n);
    }
    return (float) total;
  }
}
