package dev.millrace.model.kernel;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The kernels as ND4J operations: they run on whatever ND4J backend is loaded, a GPU's too.
 *
 * <p>Float64 is for tests, which compare everything with reference vectors at full precision. On a
 * CPU {@link CpuKernels} is many times faster. Access by single elements and writes to rows of a
 * table are done by the host. How ND4J splits a reduction is up to its backend and may depend on
 * its number of threads.
 *
 * <p>Rows and columns are broadcast by the plain operations: ND4J's methods for column vectors took
 * some 100 times as long on small matrices (2 cores, 12 x 12: 8 ms against 0.08 ms).
 */
public final class Nd4jKernels implements Kernels {

  private final DataType type;

  /**
   * Kernels of one element type.
   *
   * @param type {@link DataType#FLOAT} or {@link DataType#DOUBLE}
   */
  public Nd4jKernels(DataType type) {
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException("kernels work on FLOAT or DOUBLE, not on " + type);
    }
    this.type = type;
  }

  @Override
  public String description() {
    String bits = type == DataType.DOUBLE ? "float64" : "float32";
    return "nd4j-" + bits + " (" + Nd4j.getBackend().getClass().getSimpleName() + ")";
  }

  @Override
  public Matrix allocate(int rowCount, int columns) {
    return Matrix.allocate(type, rowCount, columns);
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

  /** Nothing to release: ND4J's threads belong to the process. */
  @Override
  public void close() {}

  // ---- products

  @Override
  public void multiply(Matrix a, Matrix b, double alpha, double beta, Matrix c) {
    Shapes.product("multiply", a.rows(), a.columns(), b.rows(), b.columns(), a, b, c);
    multiply(a, b, false, false, alpha, beta, c);
  }

  @Override
  public void multiplyByTransposed(Matrix a, Matrix b, double alpha, double beta, Matrix c) {
    Shapes.product("multiplyByTransposed", a.rows(), a.columns(), b.columns(), b.rows(), a, b, c);
    multiply(a, b, false, true, alpha, beta, c);
  }

  @Override
  public void multiplyTransposed(Matrix a, Matrix b, double alpha, double beta, Matrix c) {
    Shapes.product("multiplyTransposed", a.columns(), a.rows(), b.rows(), b.columns(), a, b, c);
    multiply(a, b, true, false, alpha, beta, c);
  }

  // ---- element by element

  @Override
  public void fillInPlace(Matrix x, double value) {
    if (x.rows() > 0) {
      x.array().assign(value);
    }
  }

  @Override
  public void copy(Matrix x, Matrix out) {
    Shapes.same("copy", x, out);
    if (x.rows() > 0) {
      out.array().assign(x.array());
    }
  }

  @Override
  public void scaleInPlace(Matrix x, double factor) {
    if (x.rows() > 0) {
      x.array().muli(factor);
    }
  }

  @Override
  public void addInPlace(Matrix y, double alpha, Matrix x) {
    Shapes.same("addInPlace", y, x);
    if (y.rows() > 0) {
      y.array().addi(alpha == 1 ? x.array() : x.array().mul(alpha));
    }
  }

  @Override
  public void addScalarInPlace(Matrix y, double alpha) {
    if (y.rows() > 0) {
      y.array().addi(alpha);
    }
  }

  @Override
  public void hadamard(Matrix a, Matrix b, Matrix out) {
    Shapes.same("hadamard", a, b);
    Shapes.same("hadamard", a, out);
    if (a.rows() > 0) {
      a.array().muli(b.array(), out.array());
    }
  }

  @Override
  public void apply(Elementwise function, Matrix x, Matrix out) {
    Shapes.same("apply", x, out);
    if (x.rows() > 0) {
      Nd4jElementwise.apply(function, x.array(), out.array());
    }
  }

  @Override
  public void applyBackward(Elementwise function, Matrix x, Matrix gradient, Matrix out) {
    Shapes.same("applyBackward", x, gradient);
    Shapes.same("applyBackward", x, out);
    if (x.rows() > 0) {
      Nd4jElementwise.derivative(function, x.array(), out.array());
      out.array().muli(gradient.array());
    }
  }

  @Override
  public void addAtInPlace(Matrix x, int[] rowIndices, int[] columns, double[] values, int count) {
    Shapes.count("addAtInPlace", count, rowIndices.length, columns.length, values.length);
    for (int i = 0; i < count; i++) {
      requireElement("addAtInPlace", x, rowIndices[i], columns[i]);
      x.set(rowIndices[i], columns[i], x.get(rowIndices[i], columns[i]) + values[i]);
    }
  }

  @Override
  public void getAt(Matrix x, int[] rowIndices, int[] columns, int count, double[] out) {
    Shapes.count("getAt", count, rowIndices.length, columns.length, out.length);
    for (int i = 0; i < count; i++) {
      requireElement("getAt", x, rowIndices[i], columns[i]);
      out[i] = x.get(rowIndices[i], columns[i]);
    }
  }

  private static void requireElement(String operation, Matrix x, int row, int column) {
    Shapes.inRange(operation, row, x.rows());
    Shapes.inRange(operation, column, x.columns());
  }

  @Override
  public void dropout(Matrix x, double rate, long seed, Matrix out) {
    Shapes.same("dropout", x, out);
    if (x.rows() == 0) {
      return;
    }
    if (rate == 0) {
      if (x != out) {
        copy(x, out);
      }
      return;
    }
    double factor = 1 / (1 - rate);
    double[] kept = new double[Math.toIntExact(x.size())];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = DropoutMask.keeps(seed, i, rate) ? factor : 0;
    }
    x.array().muli(of(x.rows(), x.columns(), kept).array(), out.array());
  }

  // ---- rows and columns

  @Override
  public void addRowInPlace(Matrix x, Matrix row) {
    Shapes.row("addRowInPlace", x, row);
    if (x.rows() > 0) {
      x.array().addi(row.array());
    }
  }

  @Override
  public void addColumnInPlace(Matrix x, Matrix column) {
    Shapes.column("addColumnInPlace", x, column);
    if (x.rows() > 0) {
      x.array().addi(column.array());
    }
  }

  @Override
  public void scaleRowsInPlace(Matrix x, Matrix column) {
    Shapes.column("scaleRowsInPlace", x, column);
    if (x.rows() > 0) {
      x.array().muli(column.array());
    }
  }

  @Override
  public void sumOfRows(Matrix x, double beta, Matrix out) {
    Shapes.row("sumOfRows", x, out);
    if (beta == 0) {
      out.array().assign(0);
    } else {
      out.array().muli(beta);
    }
    if (x.rows() > 0) {
      out.array().addi(x.array().sum(true, 0));
    }
  }

  @Override
  public void rowSums(Matrix x, Matrix out) {
    Shapes.column("rowSums", x, out);
    if (x.rows() > 0) {
      out.array().assign(x.array().sum(true, 1));
    }
  }

  @Override
  public void rowDots(Matrix a, Matrix b, Matrix out) {
    Shapes.same("rowDots", a, b);
    Shapes.column("rowDots", a, out);
    if (a.rows() > 0) {
      out.array().assign(a.array().mul(b.array()).sum(true, 1));
    }
  }

  @Override
  public void argMaxRows(Matrix x, int[] columns) {
    Shapes.count("argMaxRows", x.rows(), columns.length);
    if (x.rows() > 0) {
      Nd4jRows.argMax(x.array(), 1, columns);
    }
  }

  @Override
  public void argMaxColumns(Matrix x, int[] rowIndices) {
    Shapes.count("argMaxColumns", x.columns(), rowIndices.length);
    Shapes.inRange("argMaxColumns", 0, x.rows());
    Nd4jRows.argMax(x.array(), 0, rowIndices);
  }

  @Override
  public double sum(Matrix x) {
    return x.rows() == 0 ? 0 : x.array().castTo(DataType.DOUBLE).sumNumber().doubleValue();
  }

  @Override
  public void normalizeRows(Matrix x, Matrix normalized, Matrix norms) {
    Shapes.same("normalizeRows", x, normalized);
    Shapes.column("normalizeRows", x, norms);
    if (x.rows() > 0) {
      Nd4jRows.normalize(x.array(), normalized.array(), norms.array());
    }
  }

  @Override
  public void normalizeRowsBackward(Matrix normalized, Matrix norms, Matrix gradient, Matrix out) {
    Shapes.same("normalizeRowsBackward", normalized, gradient);
    Shapes.same("normalizeRowsBackward", normalized, out);
    Shapes.column("normalizeRowsBackward", normalized, norms);
    if (normalized.rows() > 0) {
      Nd4jRows.normalizeBackward(normalized.array(), norms.array(), gradient.array(), out.array());
    }
  }

  @Override
  public void logSumExpRows(Matrix x, Matrix out) {
    Shapes.column("logSumExpRows", x, out);
    if (x.rows() > 0) {
      Nd4jSoftmax.logSumExp(x.array(), out.array());
    }
  }

  @Override
  public void softmaxRowsInPlace(Matrix x, Matrix logSumExp) {
    Shapes.column("softmaxRowsInPlace", x, logSumExp);
    if (x.rows() > 0) {
      Nd4jSoftmax.softmaxInPlace(x.array(), logSumExp.array());
    }
  }

  @Override
  public void crossEntropyRowsInPlace(Matrix x, int[] targets, Matrix rowLoss) {
    Shapes.column("crossEntropyRowsInPlace", x, rowLoss);
    Shapes.count("crossEntropyRowsInPlace", x.rows(), targets.length);
    for (int i = 0; i < x.rows(); i++) {
      Shapes.inRange("crossEntropyRowsInPlace", targets[i], x.columns());
    }
    if (x.rows() > 0) {
      Nd4jSoftmax.crossEntropyInPlace(x.array(), targets, rowLoss.array());
    }
  }

  @Override
  public void largestInRows(Matrix x, int count, int[] columns) {
    Shapes.largest(x, count, columns);
    double[] values = new double[Math.toIntExact(x.size())];
    read(x, values);
    int n = x.columns();
    for (int i = 0; i < x.rows(); i++) {
      int from = i * n;
      LargestEntries.select(j -> values[from + j], n, count, columns, i * count);
    }
  }

  @Override
  public void gatherRows(Matrix table, int[] rowIndices, int count, Matrix out) {
    Shapes.count("gatherRows", count, rowIndices.length, out.rows());
    Shapes.require(table.columns() == out.columns(), "gatherRows", table, out);
    requireRows("gatherRows", table, rowIndices, count);
    if (count > 0) {
      Nd4jRows.gather(table, rowIndices, count, out);
    }
  }

  @Override
  public void scatterAddRowsInPlace(
      Matrix table, int[] rowIndices, int count, double alpha, Matrix x) {
    Shapes.count("scatterAddRowsInPlace", count, rowIndices.length, x.rows());
    Shapes.require(table.columns() == x.columns(), "scatterAddRowsInPlace", table, x);
    requireRows("scatterAddRowsInPlace", table, rowIndices, count);
    Nd4jRows.scatterAdd(table, rowIndices, count, alpha, x);
  }

  @Override
  public void sumsOfBags(Matrix table, int[] starts, int[] rowIndices, Matrix out) {
    Shapes.bags(table, starts, rowIndices, out);
    Nd4jRows.sumsOfBags(table, starts, rowIndices, out);
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
    if (x.rows() > 0) {
      Nd4jRows.layerNorm(
          x.array(),
          weight.array(),
          bias.array(),
          epsilon,
          normalized.array(),
          inverseDeviation.array(),
          out.array());
    }
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
    if (gradient.rows() > 0) {
      Nd4jRows.layerNormBackward(
          normalized.array(),
          inverseDeviation.array(),
          weight.array(),
          gradient.array(),
          gradientX.array(),
          gradientWeight.array(),
          gradientBias.array());
    }
  }

  // ---- attention

  @Override
  public void sigmoidsOfSums(Matrix a, Matrix b, Matrix weights, double bias, Matrix out) {
    Shapes.pairs("sigmoidsOfSums", a, b, weights, out);
    Nd4jPairs.sigmoids(a, b, weights, bias, out);
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
    Nd4jPairs.sigmoidsBackward(a, b, weights, gradient, ofA, ofB, ofWeights);
  }

  @Override
  public void pairFeatures(
      Matrix x, int[] left, int[] right, int count, Matrix distance, Matrix product) {
    Shapes.pairRows("pairFeatures", x, left, right, count, distance, product);
    Nd4jPairs.features(x, left, right, count, distance, product);
  }

  @Override
  public void pairFeaturesBackwardInPlace(
      Matrix x, int[] left, int[] right, int count, Matrix ofDistance, Matrix ofProduct) {
    Shapes.pairRows("pairFeaturesBackwardInPlace", x, left, right, count, ofDistance, ofProduct);
    Nd4jPairs.featuresBackward(x, left, right, count, ofDistance, ofProduct);
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
    if (query.rows() > 0) {
      Nd4jAttention.forward(query, key, value, segments, options, probabilities, out);
    }
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
    if (query.rows() == 0) {
      fillInPlace(gradientKey, 0);
      fillInPlace(gradientValue, 0);
      return;
    }
    Nd4jAttention.backward(
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
    Nd4jConvolution.forward(x, kernel, shape, out);
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
    Nd4jConvolution.backward(x, kernel, shape, gradient, gradientKernel, beta != 0, gradientX);
  }

  @Override
  public void columnMoments(Matrix x, Matrix mean, Matrix variance) {
    Shapes.segments("columnMoments", x, mean, variance);
    Nd4jColumns.moments(x, mean, variance);
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
    Nd4jColumns.scale(x, mean, scale, shift, residual, rectified, out);
  }

  @Override
  public void columnGradientSumsInPlace(
      Matrix gradient, Matrix output, Matrix x, Matrix mean, Matrix sums, Matrix products) {
    Shapes.segments("columnGradientSumsInPlace", x, mean, sums, products);
    Shapes.same("columnGradientSumsInPlace", x, gradient);
    if (output != null) {
      Shapes.same("columnGradientSumsInPlace", x, output);
    }
    Nd4jColumns.gradientSums(gradient, output, x, mean, sums, products);
  }

  @Override
  public void columnGradients(
      Matrix gradient, Matrix x, Matrix mean, Matrix a, Matrix b, Matrix c, Matrix out) {
    Shapes.segments("columnGradients", x, mean, a, b, c);
    Shapes.same("columnGradients", x, gradient);
    Shapes.same("columnGradients", x, out);
    Nd4jColumns.gradients(gradient, x, mean, a, b, c, out);
  }

  // ---- optimizers

  @Override
  public void adamInPlace(
      Matrix parameter, Matrix gradient, Matrix first, Matrix second, AdamStep step) {
    Shapes.same("adamInPlace", parameter, gradient);
    Shapes.same("adamInPlace", parameter, first);
    Shapes.same("adamInPlace", parameter, second);
    if (parameter.rows() > 0) {
      Nd4jRows.adam(parameter.array(), gradient.array(), first.array(), second.array(), step);
    }
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
    requireRows("adamRowsInPlace", table, rowIndices, count);
    if (count > 0) {
      Nd4jRows.adamRows(table, rowIndices, count, gradient, first, second, step);
    }
  }

  private static void requireRows(String operation, Matrix table, int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      Shapes.inRange(operation, rows[i], table.rows());
    }
  }

  private static void multiply(
      Matrix a, Matrix b, boolean left, boolean right, double alpha, double beta, Matrix c) {
    if (c.rows() == 0) {
      return;
    }
    if (a.rows() == 0 || b.rows() == 0) {
      // A sum without terms.
      if (beta == 0) {
        c.array().assign(0);
      } else {
        c.array().muli(beta);
      }
      return;
    }
    multiply(a.array(), b.array(), left, right, alpha, beta, c.array());
  }

  /** {@code c = alpha op(a) op(b) + beta c} into a row-major result, at the speed of the BLAS. */
  static void multiply(
      INDArray a, INDArray b, boolean left, boolean right, double alpha, double beta, INDArray c) {
    MMulTranspose transposes = MMulTranspose.builder().transposeA(left).transposeB(right).build();
    Nd4j.getExecutioner().exec(new Mmul(a, b, c, alpha, beta, transposes));
  }
}
