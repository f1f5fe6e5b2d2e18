package dev.millrace.model.kernel;

/**
 * Coefficients of the float32 approximations, fitted for this project by iteratively reweighted
 * least squares on Chebyshev nodes.
 */
final class Approximations {

  /** {@code exp(r) = 1 + r + r^2 (E0 + E1 r + ...)} for {@code |r| <= ln 2 / 2}; error 3e-9. */
  static final float E0 = 0.4999999345179886f;

  static final float E1 = 0.16666520687248806f;
  static final float E2 = 0.041668387327897224f;
  static final float E3 = 0.008368710064644392f;
  static final float E4 = 0.0013814615593371136f;

  /** ln 2 in two parts, the first exact in few bits. */
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.12194440e-4f;
  static final float LOG2_E = 1.44269504f;

  /** Adding and subtracting it rounds to an integer, which its low bits then hold. */
  static final float ROUND = 12582912f;

  /** Below this exp is exactly 0, so that no denormal slows anything down. */
  static final float SMALLEST = -87f;

  static final float LARGEST = 88f;

  /** {@code erf(x) = x P(x^2) / Q(x^2)} for {@code |x| <= ERF_BOUND}; error 2e-8. */
  static final float ERF_BOUND = 3.92f;

  static final float P0 = 1.1283791459250117f;
  static final float P1 = 0.19041218752396274f;
  static final float P2 = 0.05274948490173917f;
  static final float P3 = 0.0037658667458200456f;
  static final float P4 = 0.0002848891086262421f;
  static final float P5 = 2.050051444518574e-06f;
  static final float Q1 = 0.5020811462288123f;
  static final float Q2 = 0.1141114830148837f;
  static final float Q3 = 0.014969711744808656f;
  static final float Q4 = 0.0011625977703060989f;
  static final float Q5 = 3.809168176609997e-05f;

  static final float SQRT_HALF = 0.70710678f;
  static final int SQRT_HALF_BITS = 0x3f3504f3;

  /** Coefficients of {@code 2 atanh(s) = 2 s + A3 s^3 + A5 s^5 + ...}. */
  static final float A3 = 2f / 3;

  static final float A5 = 2f / 5;
  static final float A7 = 2f / 7;
  static final float A9 = 2f / 9;
  static final float A11 = 2f / 11;
  static final float A13 = 2f / 13;
  static final float A15 = 2f / 15;

  /** {@code 1 / sqrt(2 pi)}. */
  static final float NORMAL = 0.39894228f;

  private Approximations() {}

  /** Scalar form, used for the ends of rows and where there is no vector unit. */
  static float exp(float x) {
    if (!(x >= SMALLEST)) {
      return Float.isNaN(x) ? x : 0;
    }
    if (x > LARGEST) {
      return (float) Math.exp(x);
    }
    float rounded = Math.fma(x, LOG2_E, ROUND);
    float n = rounded - ROUND;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float p = Math.fma(Math.fma(Math.fma(Math.fma(E4, r, E3), r, E2), r, E1), r, E0);
    float y = Math.fma(p, r * r, r) + 1;
    return y * Float.intBitsToFloat((Float.floatToRawIntBits(rounded) << 23) + 0x3f800000);
  }

  /**
   * Natural logarithm: {@code x = 2^e m} with {@code m} in [sqrt(1/2), sqrt(2)), {@code log m = 2
   * atanh((m - 1) / (m + 1))}.
   */
  static float log(float x) {
    if (!(x >= Float.MIN_NORMAL) || x == Float.POSITIVE_INFINITY) {
      return (float) Math.log(x);
    }
    int bits = Float.floatToRawIntBits(x);
    int exponent = (bits - SQRT_HALF_BITS) >> 23;
    float m = Float.intBitsToFloat(bits - (exponent << 23));
    float s = (m - 1) / (m + 1);
    float q = s * s;
    float p = Math.fma(Math.fma(Math.fma(A9, q, A7), q, A5), q, A3);
    float y = Math.fma(p * q, s, 2 * s);
    return Math.fma(exponent, LN2_HIGH, Math.fma(exponent, LN2_LOW, y));
  }

  /** {@code log(1 + exp(x)) = max(x, 0) + 2 atanh(e / (2 + e))} with {@code e = exp(-|x|)}. */
  static float softplus(float x) {
    float e = exp(-Math.abs(x));
    float s = e / (2 + e);
    float q = s * s;
    float p =
        Math.fma(
            Math.fma(
                Math.fma(Math.fma(Math.fma(Math.fma(A15, q, A13), q, A11), q, A9), q, A7), q, A5),
            q,
            A3);
    return Math.max(x, 0) + Math.fma(p * q, s, 2 * s);
  }

  static float erf(float x) {
    float c = Math.max(-ERF_BOUND, Math.min(ERF_BOUND, x));
    float z = c * c;
    float p =
        Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(P5, z, P4), z, P3), z, P2), z, P1), z, P0);
    float q =
        Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(Q5, z, Q4), z, Q3), z, Q2), z, Q1), z, 1f);
    return c * p / q;
  }
}
