package dev.millrace.model.ranker;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;
import dev.millrace.model.optimizer.Parameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * The learned blend of the component scores: a line and a tiny network on top.
 *
 * <pre>
 *   score_i = w x_i + v relu(A x_i + c)
 *   loss of a basket = (sqrt(n) CE_all + sqrt(n_new) CE_new) / 3
 * </pre>
 *
 * <p>{@code CE} is the mean over the targets of -log softmax over the candidates, {@code CE_new}
 * over unseen candidates and targets alone. Random candidates stand for all the rest by a logarithm
 * added to their scores. {@code w} and {@code v} start at 0, so that nothing is ranked by chance.
 *
 * <p>Shapes: features are feature-major, {@code F x R}; {@code w: 1 x F}, {@code v: 1 x H}, {@code
 * A: H x F}, {@code c: H x 1}.
 */
final class Blend {

  private static final double LOSS_SCALE = 1 / 3.0;

  private final Kernels kernels;
  private final int features;
  private final int hidden;
  private final double rate;
  private final Parameters parameters;
  private final Storage x;
  private final Storage inner;
  private final Storage active;
  private final Storage scores;
  private final Storage gradient;
  private final Storage gradientInner;
  private final Matrix biasSum;
  private float[] flat = new float[1024];
  private double[] values = new double[1024];

  Blend(Kernels kernels, RankerConfig config, int features, long seed) {
    this.kernels = kernels;
    this.features = features;
    this.hidden = config.hidden();
    this.rate = config.rate();
    Parameters.Builder builder = Parameters.of(kernels).zeros("linear", 1, features);
    if (hidden > 0) {
      // The variance of the usual uniform start, 1 / (3 F).
      double deviation = 1 / Math.sqrt(3.0 * features);
      builder
          .normal("inner", hidden, features, deviation)
          .normal("bias", hidden, 1, deviation)
          .zeros("outer", 1, hidden);
    }
    this.parameters = builder.build(new SeededRandom(seed));
    this.x = new Storage(kernels);
    this.inner = new Storage(kernels);
    this.active = new Storage(kernels);
    this.scores = new Storage(kernels);
    this.gradient = new Storage(kernels);
    this.gradientInner = new Storage(kernels);
    this.biasSum = kernels.allocate(Math.max(1, hidden), 1);
  }

  /** Memory that grows to the largest shape asked for. */
  private static final class Storage {
    private final Kernels kernels;
    private Matrix memory;

    private Storage(Kernels kernels) {
      this.kernels = kernels;
    }

    Matrix of(int rows, int columns) {
      int size = rows * columns;
      if (memory == null || memory.size() < size) {
        memory = kernels.allocate(1, size + size / 4);
      }
      return memory.window(0, rows, columns);
    }
  }

  /** Scores items by their features, {@code F} arrays of at least {@code items} elements. */
  void score(float[][] byFeature, int items, float[] out) {
    reserve(features * items);
    for (int f = 0; f < features; f++) {
      System.arraycopy(byFeature[f], 0, flat, f * items, items);
    }
    forward(items).copyTo(out, 0);
  }

  /** Scores of the R columns in {@link #flat}. */
  private Matrix forward(int columns) {
    Matrix input = x.of(features, columns);
    input.copyFrom(flat, 0);
    Matrix out = scores.of(1, columns);
    kernels.multiply(parameters.value("linear"), input, 1, 0, out);
    if (hidden > 0) {
      Matrix before = inner.of(hidden, columns);
      kernels.multiply(parameters.value("inner"), input, 1, 0, before);
      kernels.addColumnInPlace(before, parameters.value("bias"));
      Matrix after = active.of(hidden, columns);
      kernels.apply(Elementwise.RELU, before, after);
      kernels.multiply(parameters.value("outer"), after, 1, 1, out);
    }
    return out;
  }

  /** An optimizer of the weights that knows nothing yet: one for each who trains them. */
  Adam optimizer() {
    return new Adam(kernels, parameters, AdamConfig.STANDARD);
  }

  /** One step on the mean loss of the examples; returns it. */
  double step(List<BlendExample> examples, Adam adam) {
    double loss = gradients(examples);
    adam.stepInPlace(rate);
    return loss;
  }

  /** Mean loss; its gradients are in the parameters. */
  double gradients(List<BlendExample> examples) {
    int columns = 0;
    for (BlendExample example : examples) {
      columns += example.candidates();
    }
    reserve(features * columns);
    int from = 0;
    for (BlendExample example : examples) {
      example.copyFeatures(flat, columns, from);
      from += example.candidates();
    }
    kernels.read(forward(columns), values);
    double loss = 0;
    from = 0;
    for (BlendExample example : examples) {
      loss += example.lossAndGradient(values, from, LOSS_SCALE / examples.size());
      from += example.candidates();
    }
    backward(columns);
    return loss;
  }

  private void backward(int columns) {
    Matrix input = x.of(features, columns);
    Matrix ofScores = gradient.of(1, columns);
    kernels.write(values, ofScores);
    kernels.multiplyByTransposed(ofScores, input, 1, 0, parameters.gradient("linear"));
    if (hidden > 0) {
      Matrix after = active.of(hidden, columns);
      kernels.multiplyByTransposed(ofScores, after, 1, 0, parameters.gradient("outer"));
      // What comes in at the hidden layer takes the place of what went out of it.
      kernels.multiplyTransposed(parameters.value("outer"), ofScores, 1, 0, after);
      Matrix ofInner = gradientInner.of(hidden, columns);
      kernels.applyBackward(Elementwise.RELU, inner.of(hidden, columns), after, ofInner);
      kernels.multiplyByTransposed(ofInner, input, 1, 0, parameters.gradient("inner"));
      kernels.rowSums(ofInner, biasSum);
      kernels.copy(biasSum, parameters.gradient("bias"));
    }
  }

  private void reserve(int size) {
    if (flat.length < size) {
      flat = new float[size + size / 4];
    }
    if (values.length < size) {
      values = new double[size + size / 4];
    }
  }

  Parameters parameters() {
    return parameters;
  }

  void writeTo(DataOutput out) throws IOException {
    parameters.writeTo(out);
  }

  void readInPlace(DataInput in) throws IOException {
    parameters.readInPlace(in);
  }
}
