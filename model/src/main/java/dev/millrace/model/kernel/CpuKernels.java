package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Float32 on a CPU: products by BLAS, everything between them as fused loops over rows.
 *
 * <p>ND4J owns the memory and brings the BLAS; its own operations between products cost many times
 * what these loops cost. Work is cut into chunks by shape alone and runs on a few threads, so
 * results do not depend on their number. A matrix holds less than 2 GiB.
 */
public final class CpuKernels implements Kernels {

  private final Cpu cpu;
  private final RowMath math;
  private final Blas blas;
  private final CpuSoftmax softmax;
  private final CpuLayerNorm norm;
  private final CpuAttention attention;
  private final CpuElementwise elementwise;
  private final CpuRows rows;
  private final CpuPairs pairs;
  private final CpuColumns columns;
  private final CpuConvolution convolution;

  /** Kernels on as many threads as the JVM has processors, at most 8. */
  public CpuKernels() {
    this(Math.min(8, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * Kernels on a number of threads, the caller's among them.
   *
   * @param threads at least 1
   */
  public CpuKernels(int threads) {
    cpu = new Cpu(threads);
    math = cpu.math;
    blas = new Blas(cpu.parallel);
    softmax = new CpuSoftmax(cpu);
    norm = new CpuLayerNorm(cpu);
    attention = new CpuAttention(cpu);
    elementwise = new CpuElementwise(cpu);
    rows = new CpuRows(cpu);
    pairs = new CpuPairs(cpu);
    columns = new CpuColumns(cpu);
    convolution = new CpuConvolution(cpu);
  }

  @Override
  public String description() {
    return "cpu-float32 (OpenBLAS, " + math.description() + ")";
  }

  @Override
  public Matrix allocate(int rowCount, int columns) {
    return Matrix.allocate(DataType.FLOAT, rowCount, columns);
  }

  @Override
  public Matrix of(int rowCount, int columns, double... values) {
    Matrix result = allocate(rowCount, columns);
    write(values, result);
    return result;
  }

  @Override
  public void read(Matrix x, double[] out) {
    x.copyTo(out, 0);
  }

  @Override
  public void write(double[] values, Matrix out) {
    out.copyFrom(values, 0);
  }

  @Override
  public void close() {
    cpu.close();
  }

  // ---- products

  @Override
  public void multiply(Matrix a, Matrix b, double alpha, double beta, Matrix c) {
    Shapes.product("multiply", a.rows(), a.columns(), b.rows(), b.columns(), a, b, c);
    blas.multiply(false, false, a.rows(), b.columns(), a.columns(), alpha, a, b, beta, c);
  }

  @Override
  public void multiplyByTransposed(Matrix a, Matrix b, double alpha, double beta, Matrix c) {
    Shapes.product("multiplyByTransposed", a.rows(), a.columns(), b.columns(), b.rows(), a, b, c);
    blas.multiply(false, true, a.rows(), b.rows(), a.columns(), alpha, a, b, beta, c);
  }

  @Override
  public void multiplyTransposed(Matrix a, Matrix b, double alpha, double beta, Matrix c) {
    Shapes.product("multiplyTransposed", a.columns(), a.rows(), b.rows(), b.columns(), a, b, c);
    blas.multiply(true, false, a.columns(), b.columns(), a.rows(), alpha, a, b, beta, c);
  }

  // ---- element by element

  @Override
  public void fillInPlace(Matrix x, double value) {
    ByteBuffer to = x.bytes();
    cpu.byElements(x, (at, n) -> math.fill(to, at, n, (float) value));
  }

  @Override
  public void copy(Matrix x, Matrix out) {
    Shapes.same("copy", x, out);
    ByteBuffer from = x.bytes();
    ByteBuffer to = out.bytes();
    cpu.byElements(x, (at, n) -> to.put(at, from, at, 4 * n));
  }

  @Override
  public void scaleInPlace(Matrix x, double factor) {
    ByteBuffer to = x.bytes();
    cpu.byElements(x, (at, n) -> math.scale(to, at, n, (float) factor));
  }

  @Override
  public void addInPlace(Matrix y, double alpha, Matrix x) {
    Shapes.same("addInPlace", y, x);
    ByteBuffer to = y.bytes();
    ByteBuffer from = x.bytes();
    cpu.byElements(y, (at, n) -> math.addScaled(to, at, from, at, (float) alpha, n));
  }

  @Override
  public void addScalarInPlace(Matrix y, double alpha) {
    ByteBuffer to = y.bytes();
    cpu.byElements(y, (at, n) -> math.addScalar(to, at, n, (float) alpha));
  }

  @Override
  public void hadamard(Matrix a, Matrix b, Matrix out) {
    Shapes.same("hadamard", a, b);
    Shapes.same("hadamard", a, out);
    ByteBuffer left = a.bytes();
    ByteBuffer right = b.bytes();
    ByteBuffer to = out.bytes();
    cpu.byElements(a, (at, n) -> math.multiply(left, at, right, at, to, at, n));
  }

  @Override
  public void apply(Elementwise function, Matrix x, Matrix out) {
    Shapes.same("apply", x, out);
    elementwise.apply(function, x, out);
  }

  @Override
  public void applyBackward(Elementwise function, Matrix x, Matrix gradient, Matrix out) {
    Shapes.same("applyBackward", x, gradient);
    Shapes.same("applyBackward", x, out);
    elementwise.applyBackward(function, x, gradient, out);
  }

  @Override
  public void addAtInPlace(Matrix x, int[] rowIndices, int[] columns, double[] values, int count) {
    Shapes.count("addAtInPlace", count, rowIndices.length, columns.length, values.length);
    ByteBuffer to = x.bytes();
    for (int i = 0; i < count; i++) {
      int at = elementAt("addAtInPlace", x, rowIndices[i], columns[i]);
      to.putFloat(at, to.getFloat(at) + (float) values[i]);
    }
  }

  @Override
  public void getAt(Matrix x, int[] rowIndices, int[] columns, int count, double[] out) {
    Shapes.count("getAt", count, rowIndices.length, columns.length, out.length);
    for (int i = 0; i < count; i++) {
      out[i] = x.bytes().getFloat(elementAt("getAt", x, rowIndices[i], columns[i]));
    }
  }

  private static int elementAt(String operation, Matrix x, int row, int column) {
    Shapes.inRange(operation, row, x.rows());
    Shapes.inRange(operation, column, x.columns());
    return 4 * (row * x.columns() + column);
  }

  @Override
  public void dropout(Matrix x, double rate, long seed, Matrix out) {
    Shapes.same("dropout", x, out);
    if (rate == 0) {
      if (x != out) {
        copy(x, out);
      }
      return;
    }
    elementwise.dropout(x, rate, seed, out);
  }

  // ---- rows and columns

  @Override
  public void addRowInPlace(Matrix x, Matrix row) {
    Shapes.row("addRowInPlace", x, row);
    rows.addRow(x, row);
  }

  @Override
  public void addColumnInPlace(Matrix x, Matrix column) {
    Shapes.column("addColumnInPlace", x, column);
    rows.addColumn(x, column);
  }

  @Override
  public void scaleRowsInPlace(Matrix x, Matrix column) {
    Shapes.column("scaleRowsInPlace", x, column);
    rows.scaleRows(x, column);
  }

  @Override
  public void sumOfRows(Matrix x, double beta, Matrix out) {
    Shapes.row("sumOfRows", x, out);
    rows.sumOfRows(x, beta, out);
  }

  @Override
  public void rowSums(Matrix x, Matrix out) {
    Shapes.column("rowSums", x, out);
    rows.rowSums(x, out);
  }

  @Override
  public void rowDots(Matrix a, Matrix b, Matrix out) {
    Shapes.same("rowDots", a, b);
    Shapes.column("rowDots", a, out);
    rows.rowDots(a, b, out);
  }

  @Override
  public void argMaxRows(Matrix x, int[] columns) {
    Shapes.count("argMaxRows", x.rows(), columns.length);
    rows.argMaxRows(x, columns);
  }

  @Override
  public void argMaxColumns(Matrix x, int[] rowIndices) {
    Shapes.count("argMaxColumns", x.columns(), rowIndices.length);
    Shapes.inRange("argMaxColumns", 0, x.rows());
    rows.argMaxColumns(x, rowIndices);
  }

  @Override
  public double sum(Matrix x) {
    return rows.sum(x);
  }

  @Override
  public void normalizeRows(Matrix x, Matrix normalized, Matrix norms) {
    Shapes.same("normalizeRows", x, normalized);
    Shapes.column("normalizeRows", x, norms);
    norm.normalize(x, normalized, norms);
  }

  @Override
  public void normalizeRowsBackward(Matrix normalized, Matrix norms, Matrix gradient, Matrix out) {
    Shapes.same("normalizeRowsBackward", normalized, gradient);
    Shapes.same("normalizeRowsBackward", normalized, out);
    Shapes.column("normalizeRowsBackward", normalized, norms);
    norm.normalizeBackward(normalized, norms, gradient, out);
  }

  @Override
  public void logSumExpRows(Matrix x, Matrix out) {
    Shapes.column("logSumExpRows", x, out);
    softmax.logSumExp(x, out);
  }

  @Override
  public void softmaxRowsInPlace(Matrix x, Matrix logSumExp) {
    Shapes.column("softmaxRowsInPlace", x, logSumExp);
    softmax.softmax(x, logSumExp);
  }

  @Override
  public void crossEntropyRowsInPlace(Matrix x, int[] targets, Matrix rowLoss) {
    Shapes.column("crossEntropyRowsInPlace", x, rowLoss);
    Shapes.count("crossEntropyRowsInPlace", x.rows(), targets.length);
    for (int i = 0; i < x.rows(); i++) {
      Shapes.inRange("crossEntropyRowsInPlace", targets[i], x.columns());
    }
    softmax.crossEntropy(x, targets, rowLoss);
  }

  @Override
  public void largestInRows(Matrix x, int count, int[] columns) {
    Shapes.largest(x, count, columns);
    rows.largest(x, count, columns);
  }

  @Override
  public void gatherRows(Matrix table, int[] rowIndices, int count, Matrix out) {
    Shapes.count("gatherRows", count, rowIndices.length, out.rows());
    Shapes.require(table.columns() == out.columns(), "gatherRows", table, out);
    rows.gather(table, rowIndices, count, out);
  }

  @Override
  public void scatterAddRowsInPlace(
      Matrix table, int[] rowIndices, int count, double alpha, Matrix x) {
    Shapes.count("scatterAddRowsInPlace", count, rowIndices.length, x.rows());
    Shapes.require(table.columns() == x.columns(), "scatterAddRowsInPlace", table, x);
    rows.scatterAdd(table, rowIndices, count, alpha, x);
  }

  @Override
  public void sumsOfBags(Matrix table, int[] starts, int[] rowIndices, Matrix out) {
    Shapes.bags(table, starts, rowIndices, out);
    rows.sumsOfBags(table, starts, rowIndices, out);
  }

  @Override
  public void layerNorm(
      Matrix x,
      Matrix weight,
      Matrix bias,
      double epsilon,
      Matrix normalized,
      Matrix inverseDeviation,
      Matrix out) {
    Shapes.row("layerNorm", x, weight);
    Shapes.row("layerNorm", x, bias);
    Shapes.same("layerNorm", x, normalized);
    Shapes.same("layerNorm", x, out);
    Shapes.column("layerNorm", x, inverseDeviation);
    norm.forward(x, weight, bias, epsilon, normalized, inverseDeviation, out);
  }

  @Override
  public void layerNormBackward(
      Matrix normalized,
      Matrix inverseDeviation,
      Matrix weight,
      Matrix gradient,
      Matrix gradientX,
      Matrix gradientWeight,
      Matrix gradientBias) {
    Shapes.same("layerNormBackward", normalized, gradient);
    Shapes.same("layerNormBackward", normalized, gradientX);
    Shapes.row("layerNormBackward", gradient, weight);
    Shapes.row("layerNormBackward", gradient, gradientWeight);
    Shapes.row("layerNormBackward", gradient, gradientBias);
    norm.backward(
        normalized, inverseDeviation, weight, gradient, gradientX, gradientWeight, gradientBias);
  }

  // ---- attention

  @Override
  public void sigmoidsOfSums(Matrix a, Matrix b, Matrix weights, double bias, Matrix out) {
    Shapes.pairs("sigmoidsOfSums", a, b, weights, out);
    pairs.sigmoids(a, b, weights, bias, out);
  }

  @Override
  public void sigmoidsOfSumsBackward(
      Matrix a,
      Matrix b,
      Matrix weights,
      Matrix gradient,
      Matrix ofA,
      Matrix ofB,
      Matrix ofWeights) {
    Shapes.pairs("sigmoidsOfSumsBackward", a, b, weights, gradient);
    Shapes.same("sigmoidsOfSumsBackward", a, ofA);
    Shapes.same("sigmoidsOfSumsBackward", b, ofB);
    Shapes.same("sigmoidsOfSumsBackward", weights, ofWeights);
    pairs.sigmoidsBackward(a, b, weights, gradient, ofA, ofB, ofWeights);
  }

  @Override
  public void pairFeatures(
      Matrix x, int[] left, int[] right, int count, Matrix distance, Matrix product) {
    Shapes.pairRows("pairFeatures", x, left, right, count, distance, product);
    pairs.features(x, left, right, count, distance, product);
  }

  @Override
  public void pairFeaturesBackwardInPlace(
      Matrix x, int[] left, int[] right, int count, Matrix ofDistance, Matrix ofProduct) {
    Shapes.pairRows("pairFeaturesBackwardInPlace", x, left, right, count, ofDistance, ofProduct);
    pairs.featuresBackward(x, left, right, count, ofDistance, ofProduct);
  }

  @Override
  public void attention(
      Matrix query,
      Matrix key,
      Matrix value,
      PackedSegments segments,
      AttentionOptions options,
      Matrix probabilities,
      Matrix out) {
    Shapes.same("attention", key, value);
    Shapes.same("attention", query, out);
    attention.forward(query, key, value, segments, options, probabilities, out);
  }

  @Override
  public void attentionBackward(
      Matrix query,
      Matrix key,
      Matrix value,
      PackedSegments segments,
      AttentionOptions options,
      Matrix probabilities,
      Matrix gradient,
      Matrix gradientQuery,
      Matrix gradientKey,
      Matrix gradientValue) {
    Shapes.same("attentionBackward", query, gradient);
    attention.backward(
        query,
        key,
        value,
        segments,
        options,
        probabilities,
        gradient,
        gradientQuery,
        gradientKey,
        gradientValue);
  }

  // ---- convolutional networks

  @Override
  public void convolve(Matrix x, Matrix kernel, ConvShape shape, Matrix out) {
    shape.require(x, kernel, out);
    convolution.forward(x, kernel, shape, out);
  }

  @Override
  public void convolveBackward(
      Matrix x,
      Matrix kernel,
      ConvShape shape,
      Matrix gradient,
      Matrix gradientKernel,
      double beta,
      Matrix gradientX) {
    shape.require(x, kernel, gradient);
    Shapes.same("convolveBackward", kernel, gradientKernel);
    if (gradientX != null) {
      Shapes.same("convolveBackward", x, gradientX);
    }
    convolution.backward(x, kernel, shape, gradient, gradientKernel, beta != 0, gradientX);
  }

  @Override
  public void columnMoments(Matrix x, Matrix mean, Matrix variance) {
    Shapes.segments("columnMoments", x, mean, variance);
    columns.moments(x, mean, variance);
  }

  @Override
  public void scaleColumns(
      Matrix x,
      Matrix mean,
      Matrix scale,
      Matrix shift,
      Matrix residual,
      boolean rectified,
      Matrix out) {
    Shapes.segments("scaleColumns", x, mean, scale, shift);
    Shapes.same("scaleColumns", x, out);
    if (residual != null) {
      Shapes.same("scaleColumns", x, residual);
    }
    columns.scale(x, mean, scale, shift, residual, rectified, out);
  }

  @Override
  public void columnGradientSumsInPlace(
      Matrix gradient, Matrix output, Matrix x, Matrix mean, Matrix sums, Matrix products) {
    Shapes.segments("columnGradientSumsInPlace", x, mean, sums, products);
    Shapes.same("columnGradientSumsInPlace", x, gradient);
    if (output != null) {
      Shapes.same("columnGradientSumsInPlace", x, output);
    }
    columns.gradientSums(gradient, output, x, mean, sums, products);
  }

  @Override
  public void columnGradients(
      Matrix gradient, Matrix x, Matrix mean, Matrix a, Matrix b, Matrix c, Matrix out) {
    Shapes.segments("columnGradients", x, mean, a, b, c);
    Shapes.same("columnGradients", x, gradient);
    Shapes.same("columnGradients", x, out);
    columns.gradients(gradient, x, mean, a, b, c, out);
  }

  // ---- optimizers

  @Override
  public void adamInPlace(
      Matrix parameter, Matrix gradient, Matrix first, Matrix second, AdamStep step) {
    Shapes.same("adamInPlace", parameter, gradient);
    Shapes.same("adamInPlace", parameter, first);
    Shapes.same("adamInPlace", parameter, second);
    ByteBuffer p = parameter.bytes();
    ByteBuffer g = gradient.bytes();
    ByteBuffer m = first.bytes();
    ByteBuffer v = second.bytes();
    RowMath.AdamScalars scalars = RowMath.AdamScalars.of(step);
    cpu.byElements(parameter, (at, n) -> math.adam(p, at, g, at, m, at, v, at, n, scalars));
  }

  @Override
  public void adamRowsInPlace(
      Matrix table,
      int[] rowIndices,
      int count,
      Matrix gradient,
      Matrix first,
      Matrix second,
      AdamStep step) {
    Shapes.count("adamRowsInPlace", count, rowIndices.length, gradient.rows());
    Shapes.require(table.columns() == gradient.columns(), "adamRowsInPlace", table, gradient);
    Shapes.same("adamRowsInPlace", table, first);
    Shapes.same("adamRowsInPlace", table, second);
    rows.adam(table, rowIndices, count, gradient, first, second, step);
  }
}
