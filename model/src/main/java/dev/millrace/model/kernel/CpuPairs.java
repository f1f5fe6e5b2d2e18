package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** Fused loops over pairs of rows. */
final class CpuPairs {

  private final Cpu cpu;
  private final PairMath math = PairMath.FASTEST;
  private final CpuPairNetwork network;

  CpuPairs(Cpu cpu) {
    this.cpu = cpu;
    this.network = new CpuPairNetwork(cpu);
  }

  void sigmoids(Matrix a, Matrix b, Matrix weights, double bias, Matrix out) {
    network.forward(a, b, weights, (float) bias, out);
  }

  void sigmoidsBackward(
      Matrix a,
      Matrix b,
      Matrix weights,
      Matrix gradient,
      Matrix ofA,
      Matrix ofB,
      Matrix ofWeights) {
    network.backward(a, b, weights, gradient, ofA, ofB, ofWeights);
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
