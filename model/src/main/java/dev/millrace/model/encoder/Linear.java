package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.optimizer.Parameters;

/** {@code y = x W^T + b} with {@code W: out x in}, {@code b: 1 x out}, or without b. */
final class Linear {

  private final Kernels kernels;
  private final Matrix weight;
  private final Matrix weightGradient;

  /** Null where there is none. */
  private final Matrix bias;

  private final Matrix biasGradient;

  Linear(Kernels kernels, Parameters parameters, String name) {
    this(kernels, parameters, name, true);
  }

  Linear(Kernels kernels, Parameters parameters, String name, boolean biased) {
    this.kernels = kernels;
    this.weight = parameters.value(name + ".weight");
    this.weightGradient = parameters.gradient(name + ".weight");
    this.bias = biased ? parameters.value(name + ".bias") : null;
    this.biasGradient = biased ? parameters.gradient(name + ".bias") : null;
  }

  static void declare(Parameters.Builder builder, String name, int in, int out, double deviation) {
    declareWithoutBias(builder, name, in, out, deviation);
    builder.zeros(name + ".bias", 1, out);
  }

  static void declareWithoutBias(
      Parameters.Builder builder, String name, int in, int out, double deviation) {
    builder.normal(name + ".weight", out, in, deviation);
  }

  /** {@code x: m x in}, {@code y: m x out}. */
  void forward(Matrix x, Matrix y) {
    kernels.multiplyByTransposed(x, weight, 1, 0, y);
    if (bias != null) {
      kernels.addRowInPlace(y, bias);
    }
  }

  /** Adds to the gradients of weight and bias. */
  void accumulate(Matrix x, Matrix gradientY) {
    kernels.multiplyTransposed(gradientY, x, 1, 1, weightGradient);
    if (bias != null) {
      kernels.sumOfRows(gradientY, 1, biasGradient);
    }
  }

  /** {@code gradientX = gradientY W + beta gradientX}. */
  void backward(Matrix gradientY, double beta, Matrix gradientX) {
    kernels.multiply(gradientY, weight, 1, beta, gradientX);
  }
}
