package dev.millrace.model.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Pairs of rows as ND4J operations. */
final class Nd4jPairs {

  private Nd4jPairs() {}

  static void sigmoids(Matrix a, Matrix b, Matrix weights, double bias, Matrix out) {
    INDArray target = out.array();
    target.assign(bias);
    for (int h = 0; h < a.rows(); h++) {
      target.addi(sigmoid(sums(a, b, h)).muli(weights.get(0, h)));
    }
  }

  static void sigmoidsBackward(
      Matrix a,
      Matrix b,
      Matrix weights,
      Matrix gradient,
      Matrix ofA,
      Matrix ofB,
      Matrix ofWeights) {
    INDArray g = gradient.array();
    for (int h = 0; h < a.rows(); h++) {
      INDArray sums = sums(a, b, h);
      ofWeights.array().putScalar(0, h, sigmoid(sums).muli(g).sumNumber().doubleValue());
      // From the smaller side of the sigmoid, which keeps its relative precision.
      INDArray small = sigmoid(Transforms.abs(sums, true).negi());
      INDArray slope = small.mul(small.rsub(1)).muli(g).muli(weights.get(0, h));
      ofA.rows(h, h + 1).array().assign(slope.sum(1).reshape(1, a.columns()));
      ofB.rows(h, h + 1).array().assign(slope.sum(0).reshape(1, b.columns()));
    }
  }

  static void features(
      Matrix x, int[] left, int[] right, int count, Matrix distance, Matrix product) {
    INDArray a = gathered(x, left, count);
    INDArray b = gathered(x, right, count);
    distance.head(count).array().assign(Transforms.abs(a.sub(b), false));
    product.head(count).array().assign(a.mul(b));
  }

  static void featuresBackward(
      Matrix x, int[] left, int[] right, int count, Matrix ofDistance, Matrix ofProduct) {
    INDArray a = gathered(x, left, count);
    INDArray b = gathered(x, right, count);
    INDArray d = ofDistance.head(count).array();
    INDArray p = ofProduct.head(count).array();
    INDArray signed = Transforms.sign(a.sub(b), false).muli(d);
    d.assign(p.mul(b).addi(signed));
    p.muli(a).subi(signed);
  }

  private static INDArray sums(Matrix a, Matrix b, int h) {
    INDArray column = a.rows(h, h + 1).array().reshape(a.columns(), 1);
    return Nd4j.create(column.dataType(), a.columns(), b.columns())
        .addi(column)
        .addi(b.rows(h, h + 1).array());
  }

  /** {@code 1 / (1 + exp(-x))}. */
  private static INDArray sigmoid(INDArray x) {
    return Transforms.exp(x.neg(), false).addi(1).rdivi(1);
  }

  private static INDArray gathered(Matrix x, int[] rows, int count) {
    Matrix out = Matrix.allocate(x.array().dataType(), count, x.columns());
    Nd4jRows.gather(x, rows, count, out);
    return out.array();
  }
}
