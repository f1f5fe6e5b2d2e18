package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/** Rectifier with a slope below 0 and the line-wise parts that interval bounds are made of. */
final class LeakyRelu {

  private final Kernels kernels;
  private final Workspace workspace;
  private final double slope;

  LeakyRelu(Kernels kernels, double slope) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.slope = slope;
  }

  /** {@code out = x > 0 ? x : slope x}. */
  void forward(Matrix x, Matrix out) {
    kernels.apply(Elementwise.RELU, x, out);
    kernels.scaleInPlace(out, 1 - slope);
    kernels.addInPlace(out, slope, x);
  }

  /** {@code gradient *= x > 0 ? 1 : slope}. */
  void backwardInPlace(Matrix gradient, Matrix x) {
    Matrix positive = workspace.like("positive", x);
    kernels.applyBackward(Elementwise.RELU, x, gradient, positive);
    kernels.scaleInPlace(gradient, slope);
    kernels.addInPlace(gradient, 1 - slope, positive);
  }

  /** {@code positive = max(x, 0)} and {@code negative = min(x, 0)}. */
  static void split(Kernels kernels, Matrix x, Matrix positive, Matrix negative) {
    kernels.apply(Elementwise.RELU, x, positive);
    kernels.copy(x, negative);
    kernels.addInPlace(negative, -1, positive);
  }
}
