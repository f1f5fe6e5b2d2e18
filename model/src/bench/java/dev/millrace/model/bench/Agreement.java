package dev.millrace.model.bench;

/** Two sides of a comparison compute the same thing, or there is nothing to compare. */
final class Agreement {

  /** Allowed difference, absolute or as a part of the expected value. */
  private static final double TOLERANCE = 1e-3;

  private Agreement() {}

  static void require(String what, double actual, double expected) {
    if (!(Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected)))) {
      throw new IllegalStateException(
          what + ": Millrace has " + actual + ", torch has " + expected);
    }
  }
}
