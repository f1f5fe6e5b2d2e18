package dev.millrace.model.kernel;

/**
 * Which elements dropout keeps, a function of (seed, element index) alone: 32 bits of {@link
 * SeededRandom#mix} of the seed and the index, two elements a word.
 */
final class DropoutMask {

  static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final long seed;
  private final long threshold;
  private final float factor;

  /** The mask of one call, with the factor of what it keeps: {@code 1 / (1 - rate)}. */
  DropoutMask(long seed, double rate) {
    this.seed = seed;
    this.threshold = threshold(rate);
    this.factor = (float) (1 / (1 - rate));
  }

  /** The bits of elements {@code 2 pair} (low half) and {@code 2 pair + 1} (high half). */
  static long word(long seed, long pair) {
    return SeededRandom.mix(seed + (pair + 1) * GAMMA);
  }

  /** Unsigned 32-bit values below it drop their element. */
  static long threshold(double rate) {
    return (long) (rate * 0x1p32);
  }

  static boolean keeps(long seed, long index, double rate) {
    return kept(word(seed, index >>> 1), index, threshold(rate));
  }

  private static boolean kept(long word, long index, long threshold) {
    long bits = (index & 1) == 0 ? word & 0xffffffffL : word >>> 32;
    return bits >= threshold;
  }

  boolean keeps(long index) {
    return kept(word(seed, index >>> 1), index, threshold);
  }

  float factor() {
    return factor;
  }

  /** What {@link SeededRandom#mix} scrambles into the word of a pair. */
  long state(long pair) {
    return seed + (pair + 1) * GAMMA;
  }

  /** The threshold for signed comparison of numbers whose highest bit was flipped. */
  int signedThreshold() {
    return (int) threshold ^ 1 << 31;
  }
}
