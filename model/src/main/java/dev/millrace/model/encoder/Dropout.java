package dev.millrace.model.encoder;

import dev.millrace.model.kernel.SeededRandom;

/**
 * Rates of one call and the seeds of its masks, handed out in a fixed order: each use has its own
 * mask, and a call with the same seed has the same masks.
 */
final class Dropout {

  private final double hidden;
  private final double attention;
  private final SeededRandom random;

  Dropout(double hidden, double attention, long seed) {
    this.hidden = hidden;
    this.attention = attention;
    this.random = new SeededRandom(seed);
  }

  double hidden() {
    return hidden;
  }

  double attention() {
    return attention;
  }

  long nextSeed() {
    return random.nextLong();
  }
}
