package dev.millrace.model.bench;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;

/**
 * What the machine can do, measured in the same JVM: the best of several runs.
 *
 * @param gigaFlops rate of a 1024 x 1024 x 1024 product by the BLAS in use, in 1e9 a second
 * @param gigaBytes rate of reading and writing 256 MiB in place, both counted, in 1e9 a second
 */
record MachineRates(double gigaFlops, double gigaBytes) {

  private static final int RUNS = 15;
  private static final int SIDE = 1024;
  private static final int ROWS = 1 << 16;

  static MachineRates measure() {
    try (CpuKernels kernels = new CpuKernels(Torch.THREADS)) {
      Matrix a = Inputs.normal(kernels, new SeededRandom(1), SIDE, SIDE, 1);
      Matrix b = Inputs.normal(kernels, new SeededRandom(2), SIDE, SIDE, 1);
      Matrix c = kernels.allocate(SIDE, SIDE);
      double product = best(() -> kernels.multiplyByTransposed(a, b, 1, 0, c));
      Matrix large = kernels.allocate(ROWS, SIDE);
      double pass = best(() -> kernels.scaleInPlace(large, 0.5));
      return new MachineRates(
          2.0 * SIDE * SIDE * SIDE / 1e9 / product, 2.0 * large.size() * Float.BYTES / 1e9 / pass);
    }
  }

  private static double best(Runnable work) {
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }

  /** The better of two measurements, rate by rate. */
  MachineRates best(MachineRates other) {
    return new MachineRates(
        Math.max(gigaFlops, other.gigaFlops), Math.max(gigaBytes, other.gigaBytes));
  }

  /** Milliseconds below which no code on these rates can go. */
  double floor(double flops, double bytes) {
    return 1e3 * Math.max(flops / gigaFlops, bytes / gigaBytes);
  }
}
