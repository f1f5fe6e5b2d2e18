package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Backward of layer normalisation in double precision, for a few rows behind a ReLU.
 *
 * <pre>
 *   h = (x - mean) r with r = (variance + epsilon)^-1/2
 *   dx = r ( g w - mean(g w) - h mean(g w h) )
 * </pre>
 *
 * <p>The normalised row hardly changes with the length of x, by epsilon / variance only. Where ReLU
 * leaves a single positive entry nothing but the length is left, and all of the gradient is this
 * share: the three terms cancel to 1e-5 of their size, of which float32 holds two digits. From the
 * unrounded mean and deviation the difference is exact enough.
 */
final class ExactLayerNorm {

  private final Kernels kernels;
  private final double epsilon;
  private double[] values = new double[0];
  private double[] gradients = new double[0];

  ExactLayerNorm(Kernels kernels, double epsilon) {
    this.kernels = kernels;
    this.epsilon = epsilon;
  }

  /** {@code gradientX} from the gradient at the scaled and shifted rows. */
  void backward(Matrix x, Matrix weight, Matrix gradient, Matrix gradientX) {
    int n = x.columns();
    int size = Math.toIntExact(x.size());
    if (values.length < size) {
      values = new double[size];
      gradients = new double[size];
    }
    double[] w = new double[n];
    kernels.read(weight, w);
    kernels.read(x, values);
    kernels.read(gradient, gradients);
    for (int from = 0; from < size; from += n) {
      row(from, n, w);
    }
    kernels.write(gradients, gradientX);
  }

  private void row(int from, int n, double[] w) {
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += values[from + i] / n;
    }
    double variance = 0;
    for (int i = 0; i < n; i++) {
      values[from + i] -= mean;
      variance += values[from + i] * values[from + i] / n;
    }
    double r = 1 / Math.sqrt(variance + epsilon);
    double average = 0;
    double along = 0;
    for (int i = 0; i < n; i++) {
      values[from + i] *= r;
      gradients[from + i] *= w[i];
      average += gradients[from + i] / n;
      along += gradients[from + i] * values[from + i] / n;
    }
    for (int i = 0; i < n; i++) {
      gradients[from + i] = r * (gradients[from + i] - average - values[from + i] * along);
    }
  }
}
