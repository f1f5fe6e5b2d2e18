package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * A perceptron of three linear layers with GELU after the first two, whose weights {@code name.w1,
 * name.b1, ... name.b3} are inputs of an objective. Weights are {@code out x in}.
 */
final class Augmenter {

  private static final int LAYERS = 3;

  private final Kernels kernels;
  private final Workspace workspace;
  private final String name;
  private final Matrix[] arguments = new Matrix[LAYERS];
  private final Matrix[] linear = new Matrix[LAYERS];

  Augmenter(Kernels kernels, String name) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.name = name;
  }

  /** Declares the weights; hidden widths are the symbols H and G. */
  static void declare(Signature.Builder signature, String name) {
    String[] widths = {"D", "H", "G", "D"};
    for (int layer = 1; layer <= LAYERS; layer++) {
      signature
          .parameter(name + ".w" + layer, ValueRange.any(), widths[layer], widths[layer - 1])
          .parameter(name + ".b" + layer, ValueRange.any(), widths[layer]);
    }
  }

  /** The outputs; they live until the next call. */
  Matrix forward(Matrix x, ObjectiveInputs inputs) {
    Matrix argument = x;
    for (int layer = 0; layer < LAYERS; layer++) {
      if (layer > 0) {
        argument = workspace.like("activation" + layer, linear[layer - 1]);
        kernels.apply(Elementwise.GELU, linear[layer - 1], argument);
      }
      Matrix weight = weight(inputs, layer);
      arguments[layer] = argument;
      linear[layer] = workspace.matrix("linear" + layer, x.rows(), weight.rows());
      kernels.multiplyByTransposed(argument, weight, 1, 0, linear[layer]);
      kernels.addRowInPlace(linear[layer], inputs.matrix(name + ".b" + (layer + 1)));
    }
    return linear[LAYERS - 1];
  }

  /**
   * Adds the gradient at the argument of {@link #forward} and puts those of the weights into the
   * result.
   */
  void backward(Matrix gradient, ObjectiveInputs inputs, Matrix gradientX, LossAndGradient result) {
    Matrix ofLinear = gradient;
    for (int layer = LAYERS - 1; layer >= 0; layer--) {
      Matrix weight = weight(inputs, layer);
      Matrix ofWeight = workspace.like("gradientWeight" + layer, weight);
      kernels.multiplyTransposed(ofLinear, arguments[layer], 1, 0, ofWeight);
      Matrix ofBias = workspace.matrix("gradientBias" + layer, 1, weight.rows());
      kernels.sumOfRows(ofLinear, 0, ofBias);
      result
          .withGradient(name + ".w" + (layer + 1), ofWeight)
          .withGradient(name + ".b" + (layer + 1), ofBias);
      if (layer == 0) {
        kernels.multiply(ofLinear, weight, 1, 1, gradientX);
      } else {
        Matrix ofActivation = workspace.like("gradientActivation" + layer, arguments[layer]);
        kernels.multiply(ofLinear, weight, 1, 0, ofActivation);
        ofLinear = workspace.like("gradientLinear" + layer, arguments[layer]);
        kernels.applyBackward(Elementwise.GELU, linear[layer - 1], ofActivation, ofLinear);
      }
    }
  }

  private Matrix weight(ObjectiveInputs inputs, int layer) {
    return inputs.matrix(name + ".w" + (layer + 1));
  }
}
