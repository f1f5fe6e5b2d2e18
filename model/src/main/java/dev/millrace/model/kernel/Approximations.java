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
