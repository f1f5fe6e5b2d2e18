package dev.millrace.model.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.factory.Nd4j;

/** Softmax and its relatives along rows, as ND4J operations. */
final class Nd4jSoftmax {

  private Nd4jSoftmax() {}

  /** Greatest logit and sum of the exponentials relative to it, each {@code m x 1}. */
  private record Scale(INDArray max, INDArray sum) {

    INDArray logSumExp() {
      INDArray log = sum.ulike();
      Nd4jElementwise.run(new Log(sum, log));
      return log.addi(max);
    }
  }

  static void logSumExp(INDArray x, INDArray out) {
    out.assign(exponentiateInPlace(x.dup('c')).logSumExp());
  }

  /** {@code x = softmax(x)}; {@code logSumExp: m x 1}, minus infinity for a row masked whole. */
  static void softmaxInPlace(INDArray x, INDArray logSumExp) {
    Scale scale = exponentiateInPlace(x);
    logSumExp.assign(scale.logSumExp());
    divideInPlace(x, scale);
  }

  /** Softmax whose logarithm of the sum is not asked for. */
  static void softmaxInPlace(INDArray x) {
    divideInPlace(x, exponentiateInPlace(x));
  }

  /**
   * Cross entropy from the logits other than the target's: with {@code d = log sum_{j != t} exp x_j
   * - x_t} the loss is softplus(d) and the others' share of the probability sigmoid(d), both exact
   * where they are tiny.
   */
  static void crossEntropyInPlace(INDArray x, int[] targets, INDArray rowLoss) {
    int rows = x.rows();
    INDArray difference = Nd4j.create(x.dataType(), new long[] {rows, 1}, 'c');
    for (int i = 0; i < rows; i++) {
      difference.putScalar(i, 0, x.getDouble(i, targets[i]));
      x.putScalar(i, targets[i], Double.NEGATIVE_INFINITY);
    }
    Scale scale = exponentiateInPlace(x);
    divideInPlace(x, scale);
    // The greatest logits meet before the small logarithm: their difference may be exact.
    difference.rsubi(scale.max);
    INDArray log = scale.sum.ulike();
    Nd4jElementwise.run(new Log(scale.sum, log));
    difference.addi(log);
    Nd4jElementwise.apply(Elementwise.SOFTPLUS, difference, rowLoss);
    INDArray share = difference.ulike();
    Nd4jElementwise.apply(Elementwise.SIGMOID, difference, share);
    x.muli(share);
    for (int i = 0; i < rows; i++) {
      x.putScalar(i, targets[i], -share.getDouble(i, 0));
    }
  }

  /**
   * {@code x = exp(x - max)} by rows. A row that is masked whole gets the most negative finite
   * number for its maximum, so that its exponentials are 0 and not NaN.
   */
  private static Scale exponentiateInPlace(INDArray x) {
    INDArray max = x.max(true, 1);
    double lowest = x.dataType() == DataType.DOUBLE ? -Double.MAX_VALUE : -Float.MAX_VALUE;
    Nd4jElementwise.run(new ScalarMax(max, null, max, lowest));
    x.subi(max);
    Nd4jElementwise.run(new Exp(x, x));
    return new Scale(max, x.sum(true, 1));
  }

  /** The greatest entry is 1, so a sum is at least 1, except 0 in a row masked whole. */
  private static void divideInPlace(INDArray x, Scale scale) {
    INDArray divisor = scale.sum.ulike();
    Nd4jElementwise.run(new ScalarMax(scale.sum, null, divisor, 1));
    x.divi(divisor);
  }
}
