package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DropoutMask} for whole vectors: a vector of words, seen as twice as many 32-bit numbers,
 * is compared at once. Little-endian processors only, where the low half of a word comes first.
 */
final class VectorDropout {

  private static final VectorSpecies<Float> S = VectorRowMath.S;
  private static final VectorSpecies<Long> WORDS = VectorSpecies.of(long.class, S.vectorShape());
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int STEP = 4 * S.length();

  /** Word {@code i} of a vector is this much further on than its first. */
  private static final LongVector OFFSETS = offsets();

  private static final long STRIDE = WORDS.length() * DropoutMask.GAMMA;

  private VectorDropout() {}

  static boolean usable() {
    return ORDER == ByteOrder.LITTLE_ENDIAN;
  }

  private static LongVector offsets() {
    long[] offsets = new long[WORDS.length()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = i * DropoutMask.GAMMA;
    }
    return LongVector.fromArray(WORDS, offsets, 0);
  }

  private static LongVector words(long state) {
    LongVector z = OFFSETS.add(state);
    z = z.lanewise(VectorOperators.LSHR, 30).lanewise(VectorOperators.XOR, z);
    z = z.mul(0xBF58476D1CE4E5B9L);
    z = z.lanewise(VectorOperators.LSHR, 27).lanewise(VectorOperators.XOR, z);
    z = z.mul(0x94D049BB133111EBL);
    return z.lanewise(VectorOperators.LSHR, 31).lanewise(VectorOperators.XOR, z);
  }

  /** {@code x} where the mask keeps, 0 elsewhere; the comparison is of unsigned numbers. */
  private static FloatVector kept(FloatVector x, long state, int threshold) {
    IntVector bits = words(state).reinterpretAsInts().lanewise(VectorOperators.XOR, 1 << 31);
    return x.reinterpretAsInts()
        .blend(0, bits.compare(VectorOperators.LT, threshold))
        .reinterpretAsFloats();
  }

  /** Whole vectors of {@link RowMath#dropout}; returns how many elements they cover. */
  static int drop(
      ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n, DropoutMask mask, long pair) {
    long state = mask.state(pair);
    int threshold = mask.signedThreshold();
    float factor = mask.factor();
    int end = S.loopBound(n) * 4;
    for (int i = 0; i < end; i += STEP) {
      FloatVector scaled = FloatVector.fromByteBuffer(S, x, xAt + i, ORDER).mul(factor);
      kept(scaled, state, threshold).intoByteBuffer(out, outAt + i, ORDER);
      state += STRIDE;
    }
    return end / 4;
  }

  /** {@link RowMath#keepFactors}. */
  static void factors(float[] out, int n, DropoutMask mask, long pair) {
    long state = mask.state(pair);
    int threshold = mask.signedThreshold();
    FloatVector factor = FloatVector.broadcast(S, mask.factor());
    for (int i = 0; i < n; i += S.length()) {
      kept(factor, state, threshold).intoArray(out, i);
      state += STRIDE;
    }
  }
}
