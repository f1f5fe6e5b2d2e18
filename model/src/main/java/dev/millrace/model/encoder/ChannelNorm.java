package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.optimizer.Parameters;

/**
 * Batch or group normalisation of channels, fused with what follows it.
 *
 * <p>{@code y = f(weight (x - mean) / sqrt(variance + epsilon) + bias + residual)} with f the ReLU
 * or the identity. Mean and variance (biased) are those of a channel over the batch, or of a group
 * of channels over one image. Both are the same arithmetic over segments of rows and groups of
 * channels: one segment and groups of one channel, or a segment for each image and the groups.
 *
 * <p>Batch normalisation keeps running statistics, {@code running = (1 - momentum) running +
 * momentum batch} with the unbiased variance, and uses them in evaluation.
 *
 * <p>Ioffe and Szegedy, Batch normalization, ICML 2015; Wu and He, Group normalization, ECCV 2018.
 */
final class ChannelNorm {

  private final Kernels kernels;
  private final boolean batch;
  private final int groupSize;
  private final double epsilon;
  private final double momentum;
  private final int width;
  private final Matrix weight;
  private final Matrix bias;
  private final Matrix weightGradient;
  private final Matrix biasGradient;
  private final Matrix runningMean;
  private final Matrix runningVariance;

  private final RowBuffer sums;
  private final RowBuffer products;
  private final RowBuffer scale;
  private final RowBuffer shift;
  private final RowBuffer slope;

  /** The same on the Java side, row-major. */
  private final double[] weights;

  private final double[] others;
  private double[] first = new double[0];
  private double[] second = new double[0];
  private double[] third = new double[0];

  /** What a backward pass takes from its forward pass. */
  static final class Pass {

    private final RowBuffer mean;
    private final RowBuffer variance;
    private double[] inverse = new double[0];
    private Matrix x;
    private int segments;

    Pass(Kernels kernels, int width) {
      mean = new RowBuffer(kernels, width);
      variance = new RowBuffer(kernels, width);
    }

    Matrix mean() {
      return mean.rows(segments);
    }

    Matrix variance() {
      return variance.rows(segments);
    }
  }

  /**
   * @param groups 0 for batch normalisation
   */
  ChannelNorm(
      Kernels kernels,
      ConvEncoderConfig.Norm norm,
      int groups,
      Parameters parameters,
      Parameters statistics,
      String name) {
    this.kernels = kernels;
    this.batch = groups == 0;
    this.epsilon = norm.epsilon();
    this.momentum = norm.momentum();
    this.weight = parameters.value(name + ".weight");
    this.bias = parameters.value(name + ".bias");
    this.weightGradient = parameters.gradient(name + ".weight");
    this.biasGradient = parameters.gradient(name + ".bias");
    this.width = weight.columns();
    this.groupSize = batch ? 1 : width / groups;
    this.runningMean = batch ? statistics.value(name + ".mean") : null;
    this.runningVariance = batch ? statistics.value(name + ".variance") : null;
    this.sums = new RowBuffer(kernels, width);
    this.products = new RowBuffer(kernels, width);
    this.scale = new RowBuffer(kernels, width);
    this.shift = new RowBuffer(kernels, width);
    this.slope = new RowBuffer(kernels, width);
    this.weights = new double[width];
    this.others = new double[width];
  }

  static void declare(Parameters.Builder parameters, String name, int width) {
    parameters.ones(name + ".weight", 1, width).zeros(name + ".bias", 1, width);
  }

  static void declareStatistics(Parameters.Builder statistics, String name, int width) {
    statistics.zeros(name + ".mean", 1, width).ones(name + ".variance", 1, width);
  }

  Pass newPass() {
    return new Pass(kernels, width);
  }

  /**
   * Forward pass by the statistics of {@code x}; batch normalisation takes them into its running
   * ones.
   *
   * @param x must stay as it is until the backward pass
   * @param images number of images, equal runs of rows
   * @param residual null for none
   * @throws IllegalArgumentException if batch normalisation is given a single row
   */
  void forward(Pass pass, Matrix x, int images, Matrix residual, boolean rectified, Matrix y) {
    if (batch && x.rows() < 2) {
      throw new IllegalArgumentException(
          "batch normalisation needs at least 2 rows to have a variance: use larger batches or"
              + " group normalisation");
    }
    pass.x = x;
    pass.segments = batch ? 1 : images;
    kernels.columnMoments(x, pass.mean(), pass.variance());
    reserve(pass.segments * width);
    kernels.read(pass.mean(), first);
    kernels.read(pass.variance(), second);
    if (batch) {
      updateRunning(x.rows());
    } else {
      joinGroups(pass.segments);
      kernels.write(first, pass.mean());
    }
    pass.inverse = invert(second, pass.segments * width, pass.inverse);
    apply(pass.mean(), pass.inverse, x, residual, rectified, y);
  }

  /** Forward pass by the running statistics, or those of the image for group normalisation. */
  void evaluate(Pass pass, Matrix x, int images, Matrix residual, boolean rectified, Matrix y) {
    if (!batch) {
      forward(pass, x, images, residual, rectified, y);
      return;
    }
    reserve(width);
    kernels.read(runningVariance, second);
    pass.inverse = invert(second, width, pass.inverse);
    apply(runningMean, pass.inverse, x, residual, rectified, y);
  }

  private double[] invert(double[] variance, int count, double[] room) {
    double[] inverse = room.length < count ? new double[count] : room;
    for (int i = 0; i < count; i++) {
      inverse[i] = 1 / Math.sqrt(variance[i] + epsilon);
    }
    return inverse;
  }

  private void apply(
      Matrix mean, double[] inverse, Matrix x, Matrix residual, boolean rectified, Matrix y) {
    int segments = mean.rows();
    kernels.read(weight, weights);
    kernels.read(bias, others);
    for (int i = 0; i < segments * width; i++) {
      second[i] = inverse[i] * weights[i % width];
      third[i] = others[i % width];
    }
    kernels.write(second, scale.rows(segments));
    kernels.write(third, shift.rows(segments));
    kernels.scaleColumns(
        x, mean, scale.rows(segments), shift.rows(segments), residual, rectified, y);
  }

  private void updateRunning(int rows) {
    double unbiased = rows / (rows - 1.0);
    kernels.read(runningMean, weights);
    kernels.read(runningVariance, others);
    for (int j = 0; j < width; j++) {
      weights[j] += momentum * (first[j] - weights[j]);
      others[j] += momentum * (unbiased * second[j] - others[j]);
    }
    kernels.write(weights, runningMean);
    kernels.write(others, runningVariance);
  }

  /** From the moments of channels to those of their group, which each of its channels then has. */
  private void joinGroups(int segments) {
    for (int from = 0; from < segments * width; from += groupSize) {
      double mean = 0;
      for (int i = from; i < from + groupSize; i++) {
        mean += first[i] / groupSize;
      }
      double variance = 0;
      for (int i = from; i < from + groupSize; i++) {
        double distance = first[i] - mean;
        variance += (second[i] + distance * distance) / groupSize;
      }
      for (int i = from; i < from + groupSize; i++) {
        first[i] = mean;
        second[i] = variance;
      }
    }
  }

  /**
   * Backward pass: adds to the gradients of weight and bias.
   *
   * @param gradient of the result, of which the ReLU's zeros are taken out here: it becomes the
   *     gradient of the residual
   * @param y result of the forward pass if it was rectified, else null
   * @param gradientX written
   */
  void backward(Pass pass, Matrix gradient, Matrix y, Matrix gradientX) {
    int segments = pass.segments;
    Matrix mean = pass.mean();
    kernels.columnGradientSumsInPlace(
        gradient, y, pass.x, mean, sums.rows(segments), products.rows(segments));
    reserve(segments * width);
    kernels.read(sums.rows(segments), first);
    kernels.read(products.rows(segments), second);
    accumulate(pass.inverse, segments);
    kernels.read(weight, weights);
    double count = (double) groupSize * gradient.rows() / segments;
    for (int from = 0; from < segments * width; from += groupSize) {
      combine(pass.inverse, from, count);
    }
    kernels.write(first, shift.rows(segments));
    kernels.write(second, slope.rows(segments));
    kernels.write(third, scale.rows(segments));
    kernels.columnGradients(
        gradient,
        pass.x,
        mean,
        scale.rows(segments),
        shift.rows(segments),
        slope.rows(segments),
        gradientX);
  }

  private void accumulate(double[] inverse, int segments) {
    kernels.read(weightGradient, weights);
    kernels.read(biasGradient, others);
    for (int i = 0; i < segments * width; i++) {
      weights[i % width] += inverse[i] * second[i];
      others[i % width] += first[i];
    }
    kernels.write(weights, weightGradient);
    kernels.write(others, biasGradient);
  }

  /** Coefficients of one group: {@code scale g - shift - slope (x - mean)}. */
  private void combine(double[] inverse, int from, double count) {
    double sum = 0;
    double product = 0;
    for (int i = from; i < from + groupSize; i++) {
      sum += weights[i % width] * first[i];
      product += weights[i % width] * second[i];
    }
    for (int i = from; i < from + groupSize; i++) {
      double r = inverse[i];
      first[i] = r * sum / count;
      second[i] = r * r * r * product / count;
      third[i] = r * weights[i % width];
    }
  }

  private void reserve(int count) {
    if (first.length < count) {
      first = new double[count];
      second = new double[count];
      third = new double[count];
    }
  }
}
