package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * The network from a pair of labels to a gate: mean of two embeddings, then twice ReLU, layer
 * normalisation and a linear map, then the logistic function. Its weights are inputs of {@link
 * HydraNetwork}, by their names.
 */
final class GateNetwork {

  private final Kernels kernels;
  private final Workspace workspace;
  private final Block first;
  private final Block second;

  GateNetwork(Kernels kernels, double epsilon) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.first = new Block("1", epsilon);
    this.second = new Block("2", epsilon);
  }

  /** One gate per row of the batch. */
  Matrix forward(ObjectiveInputs inputs) {
    Matrix table = inputs.matrix("labelEmbedding");
    int[] labels = inputs.integers("labels");
    Matrix mean = workspace.matrix("mean", labels.length, table.columns());
    Matrix partner = workspace.like("partner", mean);
    kernels.gatherRows(table, labels, labels.length, mean);
    kernels.gatherRows(table, inputs.integers("partner"), labels.length, partner);
    kernels.addInPlace(mean, 1, partner);
    kernels.scaleInPlace(mean, 0.5);
    Matrix logits = second.forward(first.forward(mean, inputs), inputs);
    Matrix gates = workspace.like("gates", logits);
    kernels.apply(Elementwise.SIGMOID, logits, gates);
    return gates;
  }

  /** Adds the gradients of all weights from the one at the gates of the last call. */
  void backward(ObjectiveInputs inputs, Matrix gradientGates, LossAndGradient result) {
    Matrix gradientLogits = workspace.like("gradientLogits", gradientGates);
    kernels.applyBackward(Elementwise.SIGMOID, second.out, gradientGates, gradientLogits);
    Matrix gradientHidden = second.backward(gradientLogits, inputs, result);
    Matrix gradientMean = first.backward(gradientHidden, inputs, result);
    Matrix table = inputs.matrix("labelEmbedding");
    Matrix gradientTable = workspace.zeros("gradientTable", table.rows(), table.columns());
    int rows = gradientMean.rows();
    for (String name : new String[] {"labels", "partner"}) {
      kernels.scatterAddRowsInPlace(gradientTable, inputs.integers(name), rows, 0.5, gradientMean);
    }
    result.withGradient("labelEmbedding", gradientTable);
  }

  /** ReLU, layer normalisation, linear map. */
  private final class Block {

    private final String number;
    private final double epsilon;
    private final ExactLayerNorm norm;
    private Matrix in;
    private Matrix out;

    Block(String number, double epsilon) {
      this.number = number;
      this.epsilon = epsilon;
      this.norm = new ExactLayerNorm(kernels, epsilon);
    }

    Matrix forward(Matrix x, ObjectiveInputs inputs) {
      in = x;
      Matrix active = like("active", x);
      kernels.apply(Elementwise.RELU, x, active);
      Matrix normed = like("normed", x);
      kernels.layerNorm(
          active,
          inputs.matrix("norm" + number + "Weight"),
          inputs.matrix("norm" + number + "Bias"),
          epsilon,
          like("normalized", x),
          matrix("inverseDeviation", x.rows(), 1),
          normed);
      Matrix weight = inputs.matrix("w" + number);
      out = matrix("out", x.rows(), weight.rows());
      kernels.multiplyByTransposed(normed, weight, 1, 0, out);
      kernels.addRowInPlace(out, inputs.matrix("b" + number));
      return out;
    }

    Matrix backward(Matrix gradientOut, ObjectiveInputs inputs, LossAndGradient result) {
      Matrix weight = inputs.matrix("w" + number);
      Matrix gradientWeight = like("gradientWeight", weight);
      kernels.multiplyTransposed(gradientOut, like("normed", in), 1, 0, gradientWeight);
      Matrix gradientBias = matrix("gradientBias", 1, weight.rows());
      kernels.sumOfRows(gradientOut, 0, gradientBias);
      Matrix gradientNormed = like("gradientNormed", in);
      kernels.multiply(gradientOut, weight, 1, 0, gradientNormed);
      Matrix gradientActive = like("gradientActive", in);
      Matrix gradientNormBias = matrix("gradientNormBias", 1, in.columns());
      kernels.sumOfRows(gradientNormed, 0, gradientNormBias);
      kernels.hadamard(gradientNormed, like("normalized", in), gradientActive);
      Matrix gradientNormWeight = like("gradientNormWeight", gradientNormBias);
      kernels.sumOfRows(gradientActive, 0, gradientNormWeight);
      norm.backward(
          like("active", in),
          inputs.matrix("norm" + number + "Weight"),
          gradientNormed,
          gradientActive);
      Matrix gradientIn = like("gradientIn", in);
      kernels.applyBackward(Elementwise.RELU, in, gradientActive, gradientIn);
      result
          .withGradient("w" + number, gradientWeight)
          .withGradient("b" + number, gradientBias)
          .withGradient("norm" + number + "Weight", gradientNormWeight)
          .withGradient("norm" + number + "Bias", gradientNormBias);
      return gradientIn;
    }

    private Matrix matrix(String name, int rows, int columns) {
      return workspace.matrix(name + number, rows, columns);
    }

    private Matrix like(String name, Matrix other) {
      return workspace.like(name + number, other);
    }
  }
}
