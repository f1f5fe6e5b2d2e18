package dev.millrace.model.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Norms, layer norm, table rows and Adam as ND4J operations.
 *
 * <p>Rows are written back to a table by the host, one after another: the scatter operations of
 * ND4J leave the order of repeated rows to chance.
 */
final class Nd4jRows {

  private static final double SMALLEST_NORM = 1e-12;

  private Nd4jRows() {}

  static void normalize(INDArray x, INDArray normalized, INDArray norms) {
    norms.assign(x.mul(x).sum(true, 1));
    Nd4jElementwise.run(new Sqrt(norms, norms));
    Nd4jElementwise.run(new ScalarMax(norms, null, norms, SMALLEST_NORM));
    normalized.assign(x);
    normalized.divi(norms);
  }

  static void normalizeBackward(
      INDArray normalized, INDArray norms, INDArray gradient, INDArray out) {
    INDArray along = normalized.mul(gradient).sum(true, 1);
    out.assign(normalized);
    out.muli(along).rsubi(gradient).divi(norms);
  }

  /** First place of the largest entry along a dimension. */
  static void argMax(INDArray x, int dimension, int[] out) {
    long[] places = x.argMax(dimension).toLongVector();
    for (int i = 0; i < places.length; i++) {
      out[i] = Math.toIntExact(places[i]);
    }
  }

  static void layerNorm(
      INDArray x,
      INDArray weight,
      INDArray bias,
      double epsilon,
      INDArray normalized,
      INDArray inverseDeviation,
      INDArray out) {
    normalized.assign(x);
    normalized.subi(x.mean(true, 1));
    inverseDeviation.assign(normalized.mul(normalized).mean(true, 1));
    inverseDeviation.addi(epsilon);
    Nd4jElementwise.run(new Sqrt(inverseDeviation, inverseDeviation));
    inverseDeviation.rdivi(1);
    normalized.muli(inverseDeviation);
    out.assign(normalized);
    out.muli(weight).addi(bias);
  }

  static void layerNormBackward(
      INDArray normalized,
      INDArray inverseDeviation,
      INDArray weight,
      INDArray gradient,
      INDArray gradientX,
      INDArray gradientWeight,
      INDArray gradientBias) {
    gradientWeight.addi(gradient.mul(normalized).sum(true, 0));
    gradientBias.addi(gradient.sum(true, 0));
    INDArray inner = gradient.mul(weight);
    INDArray mean = inner.mean(true, 1);
    INDArray along = inner.mul(normalized).mean(true, 1);
    gradientX.assign(normalized);
    gradientX.muli(along).rsubi(inner).subi(mean).muli(inverseDeviation);
  }

  static void gather(Matrix table, int[] rows, int count, Matrix out) {
    int[] indices = Arrays.copyOf(rows, count);
    Nd4j.exec(
        DynamicCustomOp.builder("gather")
            .addInputs(table.array(), Nd4j.createFromArray(indices))
            .addOutputs(out.head(count).array())
            .addIntegerArguments(0)
            .build());
  }

  static void sumsOfBags(Matrix table, int[] starts, int[] rows, Matrix out) {
    out.array().assign(0);
    for (int i = 0; i < out.rows(); i++) {
      INDArray target = out.rows(i, i + 1).array();
      for (int t = starts[i]; t < starts[i + 1]; t++) {
        target.addi(table.rows(rows[t], rows[t] + 1).array());
      }
    }
  }

  static void scatterAdd(Matrix table, int[] rows, int count, double alpha, Matrix x) {
    int n = table.columns();
    double[] added = new double[count * n];
    x.head(count).copyTo(added, 0);
    double[] sum = new double[n];
    for (int i = 0; i < count; i++) {
      Matrix row = table.rows(rows[i], rows[i] + 1);
      row.copyTo(sum, 0);
      for (int j = 0; j < n; j++) {
        sum[j] += alpha * added[i * n + j];
      }
      row.copyFrom(sum, 0);
    }
  }

  static void adam(
      INDArray parameter, INDArray gradient, INDArray first, INDArray second, AdamStep step) {
    INDArray g = gradient;
    if (step.weightDecay() != 0) {
      g = parameter.mul(step.weightDecay()).addi(gradient);
    }
    first.muli(step.beta1()).addi(g.mul(1 - step.beta1()));
    second.muli(step.beta2()).addi(g.mul(g).muli(1 - step.beta2()));
    INDArray root = second.mul(1 / (1 - Math.pow(step.beta2(), step.step())));
    Nd4jElementwise.run(new Sqrt(root, root));
    root.addi(step.epsilon());
    INDArray change = first.mul(step.rate() / (1 - Math.pow(step.beta1(), step.step())));
    parameter.subi(change.divi(root));
  }

  static void adamRows(
      Matrix table,
      int[] rows,
      int count,
      Matrix gradient,
      Matrix first,
      Matrix second,
      AdamStep step) {
    Matrix[] stored = {table, first, second};
    Matrix[] taken = new Matrix[stored.length];
    for (int i = 0; i < stored.length; i++) {
      taken[i] = Matrix.allocate(table.type(), count, table.columns());
      gather(stored[i], rows, count, taken[i]);
    }
    adam(taken[0].array(), gradient.head(count).array(), taken[1].array(), taken[2].array(), step);
    for (int i = 0; i < stored.length; i++) {
      put(taken[i], rows, count, stored[i]);
    }
  }

  private static void put(Matrix x, int[] rows, int count, Matrix table) {
    double[] row = new double[table.columns()];
    for (int i = 0; i < count; i++) {
      x.rows(i, i + 1).copyTo(row, 0);
      table.rows(rows[i], rows[i] + 1).copyFrom(row, 0);
    }
  }
}
