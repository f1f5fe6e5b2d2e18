package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** {@link Elementwise} functions, one element after the other, in double precision. */
final class ScalarElements {

  private ScalarElements() {}

  static void apply(Elementwise f, ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      out.putFloat(outAt + i, (float) value(f, x.getFloat(xAt + i)));
    }
  }

  static void applyBackward(
      Elementwise f,
      ByteBuffer x,
      int xAt,
      ByteBuffer g,
      int gAt,
      ByteBuffer out,
      int outAt,
      int n) {
    for (int i = 0; i < 4 * n; i += 4) {
      out.putFloat(outAt + i, (float) (slope(f, x.getFloat(xAt + i)) * g.getFloat(gAt + i)));
    }
  }

  private static double value(Elementwise f, double x) {
    return switch (f) {
      case GELU, SIGMOID, EXP, LOG, SOFTPLUS ->
          throw new IllegalArgumentException(f + " has its own loop");
      case RELU -> Math.max(0, x);
      case TANH -> Math.tanh(x);
      case SQUARE -> x * x;
      case SQRT -> Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
    };
  }

  private static double slope(Elementwise f, double x) {
    return switch (f) {
      case GELU, SIGMOID -> throw new IllegalArgumentException(f + " has its own loop");
      case RELU -> x > 0 ? 1 : 0;
      case TANH -> {
        double t = Math.tanh(x);
        yield 1 - t * t;
      }
      case EXP -> Math.exp(x);
      case LOG -> 1 / x;
      case SOFTPLUS -> 1 / (1 + Math.exp(-x));
      case SQUARE -> 2 * x;
      case SQRT -> 0.5 / Math.sqrt(x);
      case RECIPROCAL -> -1 / (x * x);
      case NEGATE -> -1;
      case ABS -> Math.signum(x);
    };
  }
}
