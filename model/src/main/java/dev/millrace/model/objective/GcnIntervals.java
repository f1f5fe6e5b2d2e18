package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/** Intervals of the pre-activations of a {@link Gcn} over all admissible graphs. */
final class GcnIntervals {

  private final Kernels kernels;
  private final Workspace workspace;
  private final PotGraph graph;
  private final LeakyRelu leaky;
  private Matrix firstLow;
  private Matrix firstHigh;
  private Matrix hiddenLow;
  private Matrix hiddenHigh;
  private Matrix positive;
  private Matrix negative;
  private Matrix mixedLow;
  private Matrix mixedHigh;
  private Matrix secondLow;
  private Matrix secondHigh;

  GcnIntervals(Kernels kernels, PotGraph graph, double slope) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.graph = graph;
    this.leaky = new LeakyRelu(kernels, slope);
  }

  Matrix firstLow() {
    return firstLow;
  }

  Matrix firstHigh() {
    return firstHigh;
  }

  Matrix secondLow() {
    return secondLow;
  }

  Matrix secondHigh() {
    return secondHigh;
  }

  void forward(GcnLayers layers) {
    Matrix v = layers.v();
    firstLow = workspace.like("firstLow", v);
    firstHigh = workspace.like("firstHigh", v);
    graph.bounds(v, v, firstLow, firstHigh);
    kernels.addRowInPlace(firstLow, layers.b1());
    kernels.addRowInPlace(firstHigh, layers.b1());
    hiddenLow = workspace.like("hiddenLow", v);
    hiddenHigh = workspace.like("hiddenHigh", v);
    leaky.forward(firstLow, hiddenLow);
    leaky.forward(firstHigh, hiddenHigh);

    positive = workspace.like("positive", layers.w2());
    negative = workspace.like("negative", layers.w2());
    LeakyRelu.split(kernels, layers.w2(), positive, negative);
    mixedLow = workspace.matrix("mixedLow", v.rows(), positive.columns());
    mixedHigh = workspace.like("mixedHigh", mixedLow);
    kernels.multiply(hiddenLow, positive, 1, 0, mixedLow);
    kernels.multiply(hiddenHigh, negative, 1, 1, mixedLow);
    kernels.multiply(hiddenHigh, positive, 1, 0, mixedHigh);
    kernels.multiply(hiddenLow, negative, 1, 1, mixedHigh);

    secondLow = workspace.like("secondLow", mixedLow);
    secondHigh = workspace.like("secondHigh", mixedLow);
    graph.bounds(mixedLow, mixedHigh, secondLow, secondHigh);
    kernels.addRowInPlace(secondLow, layers.b2());
    kernels.addRowInPlace(secondHigh, layers.b2());
  }

  /** Adds the gradients of {@link #forward} from those at the ends; the latter change. */
  void addBackward(
      Matrix ofFirstLow,
      Matrix ofFirstHigh,
      Matrix ofSecondLow,
      Matrix ofSecondHigh,
      GcnLayers layers,
      GcnLayers gradients) {
    kernels.sumOfRows(ofSecondLow, 1, gradients.b2());
    kernels.sumOfRows(ofSecondHigh, 1, gradients.b2());
    Matrix low = workspace.zeros("gradientMixedLow", mixedLow.rows(), mixedLow.columns());
    Matrix high = workspace.zeros("gradientMixedHigh", mixedLow.rows(), mixedLow.columns());
    graph.addBoundsBackward(mixedLow, mixedHigh, ofSecondLow, ofSecondHigh, low, high);

    addWeight(layers.w2(), 1, hiddenLow, low, hiddenHigh, high, gradients.w2());
    addWeight(layers.w2(), -1, hiddenHigh, low, hiddenLow, high, gradients.w2());
    addHidden(firstLow, low, positive, high, negative, ofFirstLow);
    addHidden(firstHigh, low, negative, high, positive, ofFirstHigh);

    kernels.sumOfRows(ofFirstLow, 1, gradients.b1());
    kernels.sumOfRows(ofFirstHigh, 1, gradients.b1());
    Matrix v = layers.v();
    graph.addBoundsBackward(v, v, ofFirstLow, ofFirstHigh, gradients.v(), gradients.v());
  }

  /** Adds {@code a^T b + c^T d} where the weight has this sign. */
  private void addWeight(
      Matrix weight, double sign, Matrix a, Matrix b, Matrix c, Matrix d, Matrix gradient) {
    Matrix sum = workspace.like("gradientPart", weight);
    kernels.multiplyTransposed(a, b, 1, 0, sum);
    kernels.multiplyTransposed(c, d, 1, 1, sum);
    Matrix signed = workspace.like("signed", weight);
    kernels.copy(weight, signed);
    kernels.scaleInPlace(signed, sign);
    Matrix passed = workspace.like("passed", weight);
    kernels.applyBackward(Elementwise.RELU, signed, sum, passed);
    kernels.addInPlace(gradient, 1, passed);
  }

  /** Adds {@code low a^T + high b^T} behind the rectifier. */
  private void addHidden(
      Matrix first, Matrix low, Matrix a, Matrix high, Matrix b, Matrix gradientFirst) {
    Matrix hidden = workspace.like("gradientHidden", first);
    kernels.multiplyByTransposed(low, a, 1, 0, hidden);
    kernels.multiplyByTransposed(high, b, 1, 1, hidden);
    leaky.backwardInPlace(hidden, first);
    kernels.addInPlace(gradientFirst, 1, hidden);
  }
}
