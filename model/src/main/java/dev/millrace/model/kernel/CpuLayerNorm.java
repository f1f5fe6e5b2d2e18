package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** Layer normalisation and row normalisation, forward and backward. */
final class CpuLayerNorm {

  private final Cpu cpu;
  private final RowMath math;

  CpuLayerNorm(Cpu cpu) {
    this.cpu = cpu;
    this.math = cpu.math;
  }

  void forward(
      Matrix x,
      Matrix weight,
      Matrix bias,
      double epsilon,
      Matrix normalized,
      Matrix inverseDeviation,
      Matrix out) {
    ByteBuffer in = x.bytes();
    ByteBuffer w = weight.bytes();
    ByteBuffer b = bias.bytes();
    ByteBuffer hat = normalized.bytes();
    ByteBuffer inverse = inverseDeviation.bytes();
    ByteBuffer y = out.bytes();
    int n = x.columns();
    cpu.byRows(
        x.rows(),
        n,
        (from, to, chunk) -> {
          for (int i = from; i < to; i++) {
            int at = 4 * i * n;
            float mean = math.sum(in, at, n) / n;
            float variance = math.squaredDistance(in, at, n, mean) / n;
            float scale = (float) (1 / Math.sqrt(variance + epsilon));
            inverse.putFloat(4 * i, scale);
            math.standardize(in, at, mean, scale, hat, at, n);
            math.affine(hat, at, w, 0, b, 0, y, at, n);
          }
        });
  }

  void backward(
      Matrix normalized,
      Matrix inverseDeviation,
      Matrix weight,
      Matrix gradient,
      Matrix gradientX,
      Matrix gradientWeight,
      Matrix gradientBias) {
    ByteBuffer hat = normalized.bytes();
    ByteBuffer inverse = inverseDeviation.bytes();
    ByteBuffer w = weight.bytes();
    ByteBuffer g = gradient.bytes();
    ByteBuffer gx = gradientX.bytes();
    int n = gradient.columns();
    int chunks = Cpu.chunksOf(gradient.rows(), n);
    float[] sums = cpu.partialSums(2 * n * chunks);
    cpu.byRows(
        gradient.rows(),
        n,
        (from, to, chunk) -> {
          int weightSums = 2 * n * chunk;
          for (int i = from; i < to; i++) {
            int at = 4 * i * n;
            float a = math.dot(g, at, w, 0, n) / n;
            float b = math.tripleDot(g, at, w, 0, hat, at, n) / n;
            float scale = inverse.getFloat(4 * i);
            math.layerNormGradient(g, at, w, 0, hat, at, a, b, scale, gx, at, n);
            math.addProductTo(sums, weightSums, g, at, hat, at, n);
            math.addTo(sums, weightSums + n, g, at, n);
          }
        });
    ByteBuffer gw = gradientWeight.bytes();
    ByteBuffer gb = gradientBias.bytes();
    for (int chunk = 0; chunk < chunks; chunk++) {
      for (int j = 0; j < n; j++) {
        gw.putFloat(4 * j, gw.getFloat(4 * j) + sums[2 * n * chunk + j]);
        gb.putFloat(4 * j, gb.getFloat(4 * j) + sums[2 * n * chunk + n + j]);
      }
    }
  }

  void normalize(Matrix x, Matrix normalized, Matrix norms) {
    ByteBuffer in = x.bytes();
    ByteBuffer out = normalized.bytes();
    ByteBuffer lengths = norms.bytes();
    int n = x.columns();
    cpu.byRows(
        x.rows(),
        n,
        (from, to, chunk) -> {
          for (int i = from; i < to; i++) {
            int at = 4 * i * n;
            float norm = (float) Math.max(Math.sqrt(math.dot(in, at, in, at, n)), 1e-12);
            lengths.putFloat(4 * i, norm);
            math.standardize(in, at, 0, 1 / norm, out, at, n);
          }
        });
  }

  void normalizeBackward(Matrix normalized, Matrix norms, Matrix gradient, Matrix out) {
    ByteBuffer hat = normalized.bytes();
    ByteBuffer lengths = norms.bytes();
    ByteBuffer g = gradient.bytes();
    ByteBuffer y = out.bytes();
    int n = gradient.columns();
    cpu.byRows(
        gradient.rows(),
        n,
        (from, to, chunk) -> {
          for (int i = from; i < to; i++) {
            int at = 4 * i * n;
            float along = math.dot(hat, at, g, at, n);
            float scale = 1 / lengths.getFloat(4 * i);
            math.standardize(g, at, 0, scale, y, at, n);
            math.addScaled(y, at, hat, at, -along * scale, n);
          }
        });
  }
}
