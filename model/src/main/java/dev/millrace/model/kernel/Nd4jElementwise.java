package dev.millrace.model.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Negative;
import org.nd4j.linalg.api.ops.impl.transforms.same.Reciprocal;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.api.ops.impl.transforms.same.Square;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Functions of single elements as ND4J operations. None of them writes its input: the convenience
 * methods of ND4J that do are avoided by naming the result.
 */
final class Nd4jElementwise {

  private static final double INVERSE_ROOT_2 = Math.sqrt(0.5);
  private static final double NORMAL_DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);

  private Nd4jElementwise() {}

  /** {@code out = f(x)}. */
  static void apply(Elementwise function, INDArray x, INDArray out) {
    switch (function) {
      case GELU -> {
        normalDistribution(x, out);
        out.muli(x);
      }
      case RELU -> run(new RectifiedLinear(x, out));
      case SIGMOID -> run(new Sigmoid(x, out));
      case TANH -> run(new Tanh(x, out));
      case EXP -> run(new Exp(x, out));
      case LOG -> run(new Log(x, out));
      case SOFTPLUS -> softplus(x, out);
      case SQUARE -> run(new Square(x, out));
      case SQRT -> run(new Sqrt(x, out));
      case RECIPROCAL -> run(new Reciprocal(x, out));
      case NEGATE -> run(new Negative(x, out));
      case ABS -> run(new Abs(x, out));
    }
  }

  /** {@code out = f'(x)}. */
  static void derivative(Elementwise function, INDArray x, INDArray out) {
    switch (function) {
      case GELU -> {
        run(new Square(x, out));
        out.muli(-0.5);
        run(new Exp(out, out));
        out.muli(NORMAL_DENSITY_AT_0).muli(x);
        INDArray distribution = x.ulike();
        normalDistribution(x, distribution);
        out.addi(distribution);
      }
      case RELU -> out.assign(x.gt(0));
      case SIGMOID -> {
        // s(x) s(-x) and not s (1 - s), which is 0 as soon as s rounds to 1.
        INDArray other = x.neg();
        run(new Sigmoid(other, other));
        run(new Sigmoid(x, out));
        out.muli(other);
      }
      case TANH -> {
        run(new Tanh(x, out));
        run(new Square(out, out));
        out.rsubi(1);
      }
      case EXP -> run(new Exp(x, out));
      case LOG -> run(new Reciprocal(x, out));
      case SOFTPLUS -> run(new Sigmoid(x, out));
      case SQUARE -> {
        out.assign(x);
        out.muli(2);
      }
      case SQRT -> {
        run(new Sqrt(x, out));
        out.rdivi(0.5);
      }
      case RECIPROCAL -> {
        run(new Square(x, out));
        out.rdivi(-1);
      }
      case NEGATE -> out.assign(-1);
      case ABS -> run(new Sign(x, out));
    }
  }

  /** Distribution function of the standard normal, {@code (1 + erf(x / sqrt 2)) / 2}. */
  private static void normalDistribution(INDArray x, INDArray out) {
    out.assign(x);
    out.muli(INVERSE_ROOT_2);
    run(new Erf(out, out));
    out.addi(1).muli(0.5);
  }

  /**
   * {@code max(x, 0) + log(1 + e), e = exp(-|x|)}: no exponential of a large number.
   *
   * <p>ND4J's log1p is the logarithm of the rounded sum. With {@code u} that sum, {@code log(u) +
   * (e - (u - 1)) / u} has what the rounding lost.
   */
  private static void softplus(INDArray x, INDArray out) {
    INDArray e = x.ulike();
    run(new Abs(x, e));
    e.negi();
    run(new Exp(e, e));
    INDArray u = e.add(1);
    run(new Log(u, out));
    out.addi(e.subi(u.sub(1)).divi(u));
    INDArray positive = x.ulike();
    run(new RectifiedLinear(x, positive));
    out.addi(positive);
  }

  static void run(Op operation) {
    Nd4j.getExecutioner().exec(operation);
  }
}
