package dev.millrace.model.kernel;

import static dev.millrace.model.kernel.VectorRowMath.S;
import static dev.millrace.model.kernel.VectorRowMath.load;
import static dev.millrace.model.kernel.VectorRowMath.store;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Elementwise} functions of one instruction or two, over the whole vectors of a run. Each
 * gives the bits of {@link ScalarElements}: float32 division and root round as double ones do that
 * are rounded afterwards.
 */
final class VectorElements {

  private static final int STEP = 4 * S.length();

  private VectorElements() {}

  /**
   * Computes {@code bytes} of the run, whole vectors; false where the function has no loop here.
   */
  static boolean apply(Elementwise f, ByteBuffer x, int xAt, ByteBuffer out, int outAt, int bytes) {
    switch (f) {
      case RELU -> relu(x, xAt, out, outAt, bytes);
      case SQUARE -> square(x, xAt, out, outAt, bytes);
      case SQRT -> root(x, xAt, out, outAt, bytes);
      case ABS -> abs(x, xAt, out, outAt, bytes);
      case NEGATE -> negate(x, xAt, out, outAt, bytes);
      case RECIPROCAL -> reciprocal(x, xAt, out, outAt, bytes);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The same for the backward functions. */
  static boolean applyBackward(
      Elementwise f,
      ByteBuffer x,
      int xAt,
      ByteBuffer g,
      int gAt,
      ByteBuffer out,
      int outAt,
      int bytes) {
    switch (f) {
      case RELU -> reluGradient(x, xAt, g, gAt, out, outAt, bytes);
      case ABS -> absGradient(x, xAt, g, gAt, out, outAt, bytes);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void root(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int bytes) {
    for (int i = 0; i < bytes; i += STEP) {
      store(load(x, xAt + i).sqrt(), out, outAt + i);
    }
  }

  private static void abs(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int bytes) {
    for (int i = 0; i < bytes; i += STEP) {
      store(load(x, xAt + i).abs(), out, outAt + i);
    }
  }

  private static void negate(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int bytes) {
    for (int i = 0; i < bytes; i += STEP) {
      store(load(x, xAt + i).neg(), out, outAt + i);
    }
  }

  private static void relu(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int bytes) {
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < bytes; i += STEP) {
      store(load(x, xAt + i).max(zero), out, outAt + i);
    }
  }

  private static void square(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int bytes) {
    for (int i = 0; i < bytes; i += STEP) {
      FloatVector v = load(x, xAt + i);
      store(v.mul(v), out, outAt + i);
    }
  }

  private static void reciprocal(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int bytes) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < bytes; i += STEP) {
      store(one.div(load(x, xAt + i)), out, outAt + i);
    }
  }

  private static void reluGradient(
      ByteBuffer x, int xAt, ByteBuffer g, int gAt, ByteBuffer out, int outAt, int bytes) {
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < bytes; i += STEP) {
      VectorMask<Float> active = load(x, xAt + i).compare(VectorOperators.GT, 0f);
      store(zero.blend(load(g, gAt + i), active), out, outAt + i);
    }
  }

  private static void absGradient(
      ByteBuffer x, int xAt, ByteBuffer g, int gAt, ByteBuffer out, int outAt, int bytes) {
    for (int i = 0; i < bytes; i += STEP) {
      store(signed(load(x, xAt + i), load(g, gAt + i)), out, outAt + i);
    }
  }

  /** {@code sign(x) g}. */
  static FloatVector signed(FloatVector x, FloatVector g) {
    FloatVector above = FloatVector.zero(S).blend(g, x.compare(VectorOperators.GT, 0f));
    return above.blend(g.neg(), x.compare(VectorOperators.LT, 0f));
  }
}
