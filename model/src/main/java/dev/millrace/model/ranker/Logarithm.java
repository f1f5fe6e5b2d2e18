package dev.millrace.model.ranker;

/** A natural logarithm of floats that is the same everywhere and fast in loops over arrays. */
final class Logarithm {

  private static final float LN2 = 0.6931472f;
  private static final float SQRT_HALF = 0.70710677f;

  private Logarithm() {}

  /**
   * Logarithm of a positive normal number, to about 1e-6 absolute: with {@code x = 2^e m} and
   * {@code s = (m - 1) / (m + 1)} it is {@code e ln 2 + 2 (s + s^3 / 3 + s^5 / 5 + s^7 / 7)}.
   */
  static float of(float x) {
    int bits = Float.floatToRawIntBits(x);
    int exponent = (bits - Float.floatToRawIntBits(SQRT_HALF)) >> 23;
    float m = Float.intBitsToFloat(bits - (exponent << 23));
    float s = (m - 1) / (m + 1);
    float q = s * s;
    float series = s * (2 + q * (2f / 3 + q * (2f / 5 + q * (2f / 7))));
    return exponent * LN2 + series;
  }

  /** {@code x_i = log(shift + factor x_i)} for the first {@code count}. */
  static void applyInPlace(float[] x, int count, float factor, float shift) {
    for (int i = 0; i < count; i++) {
      x[i] = of(shift + factor * x[i]);
    }
  }
}
