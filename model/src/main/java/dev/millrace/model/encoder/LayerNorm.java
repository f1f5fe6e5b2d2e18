package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;

/** Layer normalisation that keeps what its backward pass needs. */
final class LayerNorm {

  private final Kernels kernels;
  private final double epsilon;
  private final Matrix weight;
  private final Matrix bias;
  private final Matrix weightGradient;
  private final Matrix biasGradient;
  private final RowBuffer normalized;
  private final RowBuffer inverseDeviation;

  LayerNorm(
      Kernels kernels,
      double epsilon,
      Matrix weight,
      Matrix bias,
      Matrix weightGradient,
      Matrix biasGradient) {
    this.kernels = kernels;
    this.epsilon = epsilon;
    this.weight = weight;
    this.bias = bias;
    this.weightGradient = weightGradient;
    this.biasGradient = biasGradient;
    this.normalized = new RowBuffer(kernels, weight.columns());
    this.inverseDeviation = new RowBuffer(kernels, 1);
  }

  /** {@code x, y: m x width}. */
  void forward(Matrix x, Matrix y) {
    int rows = x.rows();
    kernels.layerNorm(
        x, weight, bias, epsilon, normalized.rows(rows), inverseDeviation.rows(rows), y);
  }

  /** Writes {@code gradientX} and adds to the gradients of weight and bias. */
  void backward(Matrix gradientY, Matrix gradientX) {
    int rows = gradientY.rows();
    kernels.layerNormBackward(
        normalized.rows(rows),
        inverseDeviation.rows(rows),
        weight,
        gradientY,
        gradientX,
        weightGradient,
        biasGradient);
  }
}
