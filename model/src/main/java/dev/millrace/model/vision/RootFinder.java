package dev.millrace.model.vision;

import java.util.function.DoubleUnaryOperator;

/**
 * Ridders' method: the root of a continuous function inside a bracket, which each round at least
 * halves.
 *
 * <p>Ridders, A new algorithm for computing a single root of a real continuous function, IEEE
 * Transactions on Circuits and Systems 26 (1979).
 */
final class RootFinder {

  private RootFinder() {}

  /**
   * A root between {@code low} and {@code high} to within {@code tolerance}.
   *
   * @param atLow the function there, of another sign than {@code atHigh}
   * @return NaN if the function is NaN somewhere on the way
   */
  static double root(
      DoubleUnaryOperator function,
      double low,
      double atLow,
      double high,
      double atHigh,
      double tolerance) {
    double a = low;
    double fa = atLow;
    double b = high;
    double fb = atHigh;
    double last = Double.NaN;
    while (b - a > tolerance) {
      double middle = (a + b) / 2;
      double fm = function.applyAsDouble(middle);
      double spread = Math.sqrt(fm * fm - fa * fb);
      if (Double.isNaN(spread)) {
        return Double.NaN;
      }
      if (fm == 0 || spread == 0) {
        return middle;
      }
      double x = middle + (middle - a) * Math.signum(fa - fb) * fm / spread;
      double fx = function.applyAsDouble(x);
      if (fx == 0 || Math.abs(x - last) <= tolerance / 2) {
        return x;
      }
      last = x;
      double inner = Math.min(x, middle);
      double outer = Math.max(x, middle);
      double fInner = inner == x ? fx : fm;
      double fOuter = inner == x ? fm : fx;
      if (opposite(fa, fInner)) {
        b = inner;
        fb = fInner;
      } else if (opposite(fInner, fOuter)) {
        a = inner;
        fa = fInner;
        b = outer;
        fb = fOuter;
      } else {
        a = outer;
        fa = fOuter;
      }
    }
    return (a + b) / 2;
  }

  private static boolean opposite(double x, double y) {
    return x < 0 != y < 0;
  }
}
