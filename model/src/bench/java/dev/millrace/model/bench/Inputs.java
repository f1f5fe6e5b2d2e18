package dev.millrace.model.bench;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;

/** Seeded inputs of the benchmarks. */
final class Inputs {

  private Inputs() {}

  /** Independent draws from a normal distribution of mean 0. */
  static Matrix normal(
      Kernels kernels, SeededRandom random, int rows, int columns, double deviation) {
    float[] values = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    Matrix matrix = kernels.allocate(rows, columns);
    matrix.copyFrom(values, 0);
    return matrix;
  }

  /** Independent draws from {@code from} (inclusive) to {@code to} (exclusive). */
  static int[] integers(SeededRandom random, int count, int from, int to) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = from + random.nextInt(to - from);
    }
    return values;
  }
}
