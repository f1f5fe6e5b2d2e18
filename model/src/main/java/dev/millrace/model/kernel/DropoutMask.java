package dev.millrace.model.kernel;

/**
 * The dropout mask that every implementation shares: a function of (seed, element index) alone.
 *
 * <p>One 64 bit word of the counter generator {@code mix(seed + (pair + 1) gamma)} (SplitMix64 with
 * random access, see {@link SeededRandom}) serves two neighbouring elements: the low half the even
 * one, the high half the odd one. An element is kept if its half, unsigned, is at least {@code
 * floor(rate 2^32)}, so that the share dropped is {@code rate} to within 2^-32.
 */
final class DropoutMask {

  static final long GAMMA = 0x9E3779B97F4A7C15L;

  private static final double TWO_POW_32 = 0x1p32;
  private static final long LOW_HALF = 0xFFFFFFFFL;

  private DropoutMask() {}

  /** The word of elements {@code 2 pair} (low half) and {@code 2 pair + 1} (high half). */
  static long word(long seed, long pair) {
    return SeededRandom.mix(seed + (pair + 1) * GAMMA);
  }

  /** Halves below this, as unsigned numbers, are dropped. */
  static long threshold(double rate) {
    return (long) (rate * TWO_POW_32);
  }

  /** Whether the element with this row-major index is kept. */
  static boolean keeps(long seed, long index, double rate) {
    long word = word(seed, index >>> 1);
    long half = (index & 1) == 0 ? word & LOW_HALF : word >>> 32;
    return half >= threshold(rate);
  }
}
