package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/** Two graph convolutions: {@code z = leaky(A leaky(A v + b1) w2 + b2)}. */
final class Gcn {

  private final Kernels kernels;
  private final Workspace workspace;
  private final LeakyRelu leaky;
  private Matrix adjacency;
  private Matrix first;
  private Matrix hidden;
  private Matrix second;

  Gcn(Kernels kernels, double slope) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.leaky = new LeakyRelu(kernels, slope);
  }

  /** Pre-activations of the first layer, {@code n x H}. */
  Matrix first() {
    return first;
  }

  Matrix forward(Matrix graph, GcnLayers layers) {
    adjacency = graph;
    first = workspace.like("first", layers.v());
    kernels.multiply(graph, layers.v(), 1, 0, first);
    kernels.addRowInPlace(first, layers.b1());
    hidden = workspace.like("hidden", first);
    leaky.forward(first, hidden);
    Matrix mixed = workspace.matrix("mixed", first.rows(), layers.w2().columns());
    kernels.multiply(hidden, layers.w2(), 1, 0, mixed);
    second = workspace.like("second", mixed);
    kernels.multiply(graph, mixed, 1, 0, second);
    kernels.addRowInPlace(second, layers.b2());
    Matrix z = workspace.like("z", second);
    leaky.forward(second, z);
    return z;
  }

  /** Adds the gradients of {@link #forward}; overwrites the one at z. */
  void addBackward(Matrix gradientZ, GcnLayers layers, GcnLayers gradients) {
    leaky.backwardInPlace(gradientZ, second);
    kernels.sumOfRows(gradientZ, 1, gradients.b2());
    Matrix mixed = workspace.like("gradientMixed", second);
    kernels.multiplyTransposed(adjacency, gradientZ, 1, 0, mixed);
    kernels.multiplyTransposed(hidden, mixed, 1, 1, gradients.w2());
    Matrix inner = workspace.like("gradientFirst", first);
    kernels.multiplyByTransposed(mixed, layers.w2(), 1, 0, inner);
    leaky.backwardInPlace(inner, first);
    kernels.sumOfRows(inner, 1, gradients.b1());
    kernels.multiplyTransposed(adjacency, inner, 1, 1, gradients.v());
  }
}
