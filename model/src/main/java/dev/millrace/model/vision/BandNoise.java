package dev.millrace.model.vision;

import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;

/**
 * Gaussian white noise of one seed, of which bands of radial frequency are cut out.
 *
 * <p>Plain discrete Fourier transforms along both axes, {@code O(size^3)}: a few dozen are made.
 */
final class BandNoise {

  private final int size;
  private final double cyclesPerDegree;
  private final double[] cosine;
  private final double[] sine;
  private final double[] real;
  private final double[] imaginary;

  BandNoise(int size, double pixelsPerDegree, long seed) {
    this.size = size;
    cyclesPerDegree = pixelsPerDegree / size;
    cosine = new double[size];
    sine = new double[size];
    for (int i = 0; i < size; i++) {
      cosine[i] = Math.cos(2 * Math.PI * i / size);
      sine[i] = Math.sin(2 * Math.PI * i / size);
    }
    SeededRandom random = new SeededRandom(seed);
    double[] noise = new double[size * size];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextGaussian();
    }
    double[] rowsReal = new double[size * size];
    double[] rowsImaginary = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int v = 0; v < size; v++) {
        for (int j = 0, turn = 0; j < size; j++, turn = next(turn, v)) {
          rowsReal[i * size + v] += noise[i * size + j] * cosine[turn];
          rowsImaginary[i * size + v] -= noise[i * size + j] * sine[turn];
        }
      }
    }
    real = new double[size * size];
    imaginary = new double[size * size];
    for (int u = 0; u < size; u++) {
      for (int i = 0; i < size; i++) {
        double c = cosine[i * u % size];
        double s = sine[i * u % size];
        for (int v = 0; v < size; v++) {
          double re = rowsReal[i * size + v];
          double im = rowsImaginary[i * size + v];
          real[u * size + v] += re * c + im * s;
          imaginary[u * size + v] += im * c - re * s;
        }
      }
    }
  }

  /**
   * The noise between two frequencies, both included, divided by its standard deviation.
   *
   * @param low cycles per degree
   * @param high cycles per degree
   */
  double[] band(double low, double high) {
    double[] out = new double[size * size];
    double[] partReal = new double[size];
    double[] partImaginary = new double[size];
    for (int u = 0; u < size; u++) {
      if (!transformRow(u, low, high, partReal, partImaginary)) {
        continue;
      }
      for (int i = 0; i < size; i++) {
        double c = cosine[i * u % size];
        double s = sine[i * u % size];
        for (int j = 0; j < size; j++) {
          out[i * size + j] += partReal[j] * c - partImaginary[j] * s;
        }
      }
    }
    divideByDeviationInPlace(out);
    return out;
  }

  /** Back transform of the part of a row inside the band; whether there is any. */
  private boolean transformRow(
      int u, double low, double high, double[] partReal, double[] partImaginary) {
    Arrays.fill(partReal, 0);
    Arrays.fill(partImaginary, 0);
    boolean any = false;
    for (int v = 0; v < size; v++) {
      double frequency = cyclesPerDegree * Math.hypot(Math.min(u, size - u), Math.min(v, size - v));
      if (frequency < low || frequency > high) {
        continue;
      }
      any = true;
      double re = real[u * size + v];
      double im = imaginary[u * size + v];
      for (int j = 0, turn = 0; j < size; j++, turn = next(turn, v)) {
        partReal[j] += re * cosine[turn] - im * sine[turn];
        partImaginary[j] += re * sine[turn] + im * cosine[turn];
      }
    }
    return any;
  }

  /** {@code (turn + step) mod size} without a division. */
  private int next(int turn, int step) {
    int sum = turn + step;
    return sum < size ? sum : sum - size;
  }

  private static void divideByDeviationInPlace(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double variance = 0;
    for (double value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    double deviation = Math.sqrt(variance);
    for (int i = 0; i < values.length; i++) {
      values[i] /= deviation;
    }
  }
}
