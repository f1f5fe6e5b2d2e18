package dev.millrace.model.kernel;

/**
 * Which elements dropout keeps, a function of (seed, element index) alone: 32 bits of {@link
 * SeededRandom#mix} of the seed and the index, two elements a word.
 */
final class DropoutMask {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private DropoutMask() {}

  /** The bits of elements {@code 2 pair} (low half) and {@code 2 pair + 1} (high half). */
  static long word(long seed, long pair) {
    return SeededRandom.mix(seed + (pair + 1) * GAMMA);
  }

  /** Unsigned 32-bit values below it drop their element. */
  static long threshold(double rate) {
    return (long) (rate * 0x1p32);
  }

  static boolean keeps(long seed, long index, double rate) {
    long word = word(seed, index >>> 1);
    long bits = (index & 1) == 0 ? word & 0xffffffffL : word >>> 32;
    return bits >= threshold(rate);
  }
}
