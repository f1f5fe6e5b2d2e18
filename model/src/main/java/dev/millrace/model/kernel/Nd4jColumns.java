package dev.millrace.model.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;

/**
 * Statistics of columns over segments of rows as ND4J operations: rows become {@code segments x
 * length x columns}, statistics {@code segments x 1 x columns}.
 */
final class Nd4jColumns {

  private Nd4jColumns() {}

  private static INDArray segments(Matrix x, Matrix statistics) {
    int segments = statistics.rows();
    return x.array().reshape('c', segments, x.rows() / segments, x.columns());
  }

  private static INDArray wide(Matrix statistics) {
    return statistics.array().reshape('c', statistics.rows(), 1, statistics.columns());
  }

  private static void put(INDArray values, Matrix out) {
    out.array().assign(values.reshape('c', out.rows(), out.columns()));
  }

  static void moments(Matrix x, Matrix mean, Matrix variance) {
    INDArray rows = segments(x, mean);
    put(rows.mean(true, 1), mean);
    INDArray distance = rows.sub(wide(mean));
    put(distance.muli(distance).mean(true, 1), variance);
  }

  static void scale(
      Matrix x,
      Matrix mean,
      Matrix scale,
      Matrix shift,
      Matrix residual,
      boolean rectified,
      Matrix out) {
    INDArray y = segments(x, mean).sub(wide(mean));
    y.muli(wide(scale)).addi(wide(shift));
    if (residual != null) {
      y.addi(segments(residual, mean));
    }
    if (rectified) {
      Nd4jElementwise.run(new RectifiedLinear(y, y));
    }
    put(y, out);
  }

  static void gradientSums(
      Matrix gradient, Matrix output, Matrix x, Matrix mean, Matrix sums, Matrix products) {
    INDArray g = gradient.array();
    if (output != null) {
      g.muli(output.array().gt(0).castTo(g.dataType()));
    }
    put(segments(gradient, mean).sum(true, 1), sums);
    INDArray distance = segments(x, mean).sub(wide(mean));
    put(distance.muli(segments(gradient, mean)).sum(true, 1), products);
  }

  static void gradients(
      Matrix gradient, Matrix x, Matrix mean, Matrix a, Matrix b, Matrix c, Matrix out) {
    INDArray y = segments(gradient, mean).mul(wide(a)).subi(wide(b));
    INDArray distance = segments(x, mean).sub(wide(mean));
    put(y.subi(distance.muli(wide(c))), out);
  }
}
