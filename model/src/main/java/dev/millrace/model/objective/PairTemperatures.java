package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * A network of one hidden layer that gives every pair of rows a temperature, the same in both
 * orders.
 *
 * <pre>
 *   x = [ |a - b| ; a * b ],  u = w2 relu(w1 x + b1) + b2,  tau = low + (high - low) sigmoid(u)
 * </pre>
 *
 * <p>Pairs are worked on in chunks, so that memory does not grow with their number; with several
 * chunks the hidden layer is computed again on the way back.
 */
final class PairTemperatures {

  /** Pairs of a chunk. */
  private static final int CHUNK = 4096;

  private final Kernels kernels;
  private final Workspace workspace;
  private final double low;
  private final double range;
  private Matrix z;
  private int[] left;
  private int[] right;
  private int count;
  private Matrix differenceWeight;
  private Matrix productWeight;
  private Matrix b1;
  private Matrix w2;
  private Matrix b2;

  private int loaded;
  private int[] leftRows;
  private int[] rightRows;
  private Matrix distance;
  private Matrix product;
  private Matrix hidden;
  private Matrix active;
  private Matrix raw;

  PairTemperatures(Kernels kernels, double low, double high) {
    if (!(high > low)) {
      throw new IllegalArgumentException(
          "parameter 'tauHigh' must be above tauLow = " + low + ", was " + high);
    }
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.low = low;
    this.range = high - low;
  }

  /** Temperatures of the pairs of unit rows, one below the other. */
  Matrix forward(AmclPairs pairs, ObjectiveInputs inputs) {
    z = pairs.z();
    left = pairs.left();
    right = pairs.right();
    count = pairs.count();
    splitWeights(inputs.matrix("w1"));
    b1 = inputs.matrix("b1");
    w2 = inputs.matrix("w2");
    b2 = inputs.matrix("b2");
    loaded = -1;
    Matrix temperature = workspace.matrix("temperature", count, 1);
    for (int from = 0; from < count; from += CHUNK) {
      load(from);
      Matrix own = temperature.rows(from, from + raw.rows());
      kernels.apply(Elementwise.SIGMOID, raw, own);
      kernels.scaleInPlace(own, range);
      kernels.addScalarInPlace(own, low);
    }
    return temperature;
  }

  /** Adds the gradients of the weights to the result, and that of the rows to gradientUnit. */
  void backward(Matrix gradientTemperature, Matrix gradientUnit, LossAndGradient result) {
    int width = w2.columns();
    int dimension = z.columns();
    Matrix gradientDifference = workspace.zeros("gradientDifference", width, dimension);
    Matrix gradientProduct = workspace.zeros("gradientProduct", width, dimension);
    Matrix gradientB1 = workspace.zeros("gradientB1", 1, width);
    Matrix gradientW2 = workspace.zeros("gradientW2", 1, width);
    Matrix gradientB2 = workspace.zeros("gradientB2", 1, 1);
    for (int from = 0; from < count; from += CHUNK) {
      load(from);
      Matrix ofRaw = workspace.like("ofRaw", raw);
      Matrix given = gradientTemperature.rows(from, from + raw.rows());
      kernels.applyBackward(Elementwise.SIGMOID, raw, given, ofRaw);
      kernels.scaleInPlace(ofRaw, range);
      kernels.multiplyTransposed(ofRaw, active, 1, 1, gradientW2);
      kernels.sumOfRows(ofRaw, 1, gradientB2);
      Matrix ofActive = workspace.like("ofActive", active);
      kernels.multiply(ofRaw, w2, 1, 0, ofActive);
      Matrix ofHidden = workspace.like("ofHidden", hidden);
      kernels.applyBackward(Elementwise.RELU, hidden, ofActive, ofHidden);
      kernels.multiplyTransposed(ofHidden, distance, 1, 1, gradientDifference);
      kernels.multiplyTransposed(ofHidden, product, 1, 1, gradientProduct);
      kernels.sumOfRows(ofHidden, 1, gradientB1);
      addToRows(ofHidden, gradientUnit);
    }
    Matrix gradientW1 = workspace.zeros("gradientW1", width, 2 * dimension);
    Matrix halves = gradientW1.reshaped(2 * width, dimension);
    kernels.scatterAddRowsInPlace(halves, every(width, 0), width, 1, gradientDifference);
    kernels.scatterAddRowsInPlace(halves, every(width, 1), width, 1, gradientProduct);
    result
        .withGradient("w1", gradientW1)
        .withGradient("b1", gradientB1)
        .withGradient("w2", gradientW2)
        .withGradient("b2", gradientB2);
  }

  private void addToRows(Matrix ofHidden, Matrix gradientUnit) {
    int size = raw.rows();
    Matrix ofLeft = workspace.like("ofLeft", distance);
    kernels.multiply(ofHidden, differenceWeight, 1, 0, ofLeft);
    Matrix ofRight = workspace.like("ofRight", product);
    kernels.multiply(ofHidden, productWeight, 1, 0, ofRight);
    kernels.pairFeaturesBackwardInPlace(z, leftRows, rightRows, size, ofLeft, ofRight);
    kernels.scatterAddRowsInPlace(gradientUnit, leftRows, size, 1, ofLeft);
    kernels.scatterAddRowsInPlace(gradientUnit, rightRows, size, 1, ofRight);
  }

  /** The two halves of the rows of w1, for {@code |a - b|} and for {@code a * b}. */
  private void splitWeights(Matrix w1) {
    int width = w1.rows();
    int dimension = w1.columns() / 2;
    Matrix halves = w1.reshaped(2 * width, dimension);
    differenceWeight = workspace.matrix("differenceWeight", width, dimension);
    productWeight = workspace.matrix("productWeight", width, dimension);
    kernels.gatherRows(halves, every(width, 0), width, differenceWeight);
    kernels.gatherRows(halves, every(width, 1), width, productWeight);
  }

  private static int[] every(int width, int half) {
    int[] rows = new int[width];
    Arrays.setAll(rows, i -> 2 * i + half);
    return rows;
  }

  /** Computes the hidden layer of the chunk that begins at a pair, unless it is there already. */
  private void load(int from) {
    if (loaded == from) {
      return;
    }
    loaded = from;
    int size = Math.min(CHUNK, count - from);
    leftRows = Arrays.copyOfRange(left, from, from + size);
    rightRows = Arrays.copyOfRange(right, from, from + size);
    distance = workspace.matrix("distance", size, z.columns());
    product = workspace.matrix("product", size, z.columns());
    kernels.pairFeatures(z, leftRows, rightRows, size, distance, product);
    hidden = workspace.matrix("hidden", size, w2.columns());
    kernels.multiplyByTransposed(distance, differenceWeight, 1, 0, hidden);
    kernels.multiplyByTransposed(product, productWeight, 1, 1, hidden);
    kernels.addRowInPlace(hidden, b1);
    active = workspace.like("active", hidden);
    kernels.apply(Elementwise.RELU, hidden, active);
    raw = workspace.matrix("raw", size, 1);
    kernels.multiplyByTransposed(active, w2, 1, 0, raw);
    kernels.addRowInPlace(raw, b2);
  }
}
