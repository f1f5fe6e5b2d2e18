package dev.millrace.model.kernel;

/**
 * SplitMix64 (Steele, Lea and Flood 2014): 64 bits of state that can be read and set, so that a
 * restored learner draws what the uninterrupted one would have drawn.
 */
public final class SeededRandom {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;
  private double spare = Double.NaN;

  public SeededRandom(long seed) {
    this.state = seed;
  }

  /** Scrambles one 64-bit value; the generator's output function. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /** Uniform in {@code [0, bound)}. */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, was " + bound);
    }
    return (int) Math.multiplyHigh(nextLong() & Long.MAX_VALUE, (long) bound << 1);
  }

  /** Permutes the values at random (Fisher and Yates). */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = nextInt(i + 1);
      int value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
  }

  /** Uniform in {@code [0, 1)} with 53 bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Standard normal by the polar Box-Muller method; strict arithmetic, the same everywhere. */
  public double nextGaussian() {
    if (!Double.isNaN(spare)) {
      double value = spare;
      spare = Double.NaN;
      return value;
    }
    while (true) {
      double u = 2 * nextDouble() - 1;
      double v = 2 * nextDouble() - 1;
      double s = u * u + v * v;
      if (s > 0 && s < 1) {
        double scale = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        spare = v * scale;
        return u * scale;
      }
    }
  }

  /** The whole state: two words, the second the bits of a held-back normal (NaN for none). */
  public long[] state() {
    return new long[] {state, Double.doubleToRawLongBits(spare)};
  }

  public void restore(long[] words) {
    state = words[0];
    spare = Double.longBitsToDouble(words[1]);
  }
}
