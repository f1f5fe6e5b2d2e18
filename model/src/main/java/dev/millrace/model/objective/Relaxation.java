package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Lines that enclose a leaky rectifier on an interval, with their derivatives.
 *
 * <pre>
 *   l &lt;= x &lt;= h:  slope x &lt;= leaky(x) &lt;= slope x + intercept
 *   u = max(h, 0),  m = max(-l, 0),  r = u / (u + m)
 *   slope = a + (1 - a) r,  intercept = (1 - a) m r
 * </pre>
 *
 * <p>Both lines are the function itself where the interval does not hold 0 inside. The derivatives
 * are {@code (1-a) (1-r) / (u+m)} and {@code -(1-a) r / (u+m)} of the slope and {@code (1-a)
 * (1-r)^2} and {@code (1-a) r^2} of the intercept, by u and m.
 */
final class Relaxation {

  /** Keeps the reciprocal of an interval that is the point 0 finite. */
  private static final double SMALLEST_WIDTH = 1e-20;

  private final Kernels kernels;
  private final Workspace workspace;
  private final double a;
  private Matrix low;
  private Matrix high;
  private Matrix negatedLow;
  private Matrix inverseWidth;
  private Matrix upperShare;
  private Matrix lowerShare;
  private Matrix slope;
  private Matrix intercept;

  Relaxation(Kernels kernels, double a) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.a = a;
  }

  Matrix slope() {
    return slope;
  }

  Matrix intercept() {
    return intercept;
  }

  /** Lines on the intervals; both matrices are read again by {@link #backward}. */
  void forward(Matrix lows, Matrix highs) {
    low = lows;
    high = highs;
    Matrix upper = workspace.like("upper", low);
    kernels.apply(Elementwise.RELU, high, upper);
    negatedLow = workspace.like("negatedLow", low);
    kernels.apply(Elementwise.NEGATE, low, negatedLow);
    Matrix lower = workspace.like("lower", low);
    kernels.apply(Elementwise.RELU, negatedLow, lower);

    Matrix width = workspace.like("width", low);
    kernels.copy(upper, width);
    kernels.addInPlace(width, 1, lower);
    kernels.addScalarInPlace(width, SMALLEST_WIDTH);
    inverseWidth = workspace.like("inverseWidth", low);
    kernels.apply(Elementwise.RECIPROCAL, width, inverseWidth);
    upperShare = product("upperShare", upper, inverseWidth);
    lowerShare = product("lowerShare", lower, inverseWidth);

    slope = workspace.like("slope", low);
    kernels.copy(upperShare, slope);
    kernels.scaleInPlace(slope, 1 - a);
    kernels.addScalarInPlace(slope, a);
    intercept = product("intercept", lower, upperShare);
    kernels.scaleInPlace(intercept, 1 - a);
  }

  /** Writes the gradients at the ends of the intervals from those at slope and intercept. */
  void backward(
      Matrix gradientSlope, Matrix gradientIntercept, Matrix gradientLow, Matrix gradientHigh) {
    Matrix perWidth = product("perWidth", gradientSlope, inverseWidth);
    Matrix byUpper = combine("byUpper", perWidth, 1, lowerShare, gradientIntercept, lowerShare);
    kernels.applyBackward(Elementwise.RELU, high, byUpper, gradientHigh);
    Matrix byLower = combine("byLower", perWidth, -1, upperShare, gradientIntercept, upperShare);
    kernels.applyBackward(Elementwise.RELU, negatedLow, byLower, gradientLow);
    kernels.scaleInPlace(gradientHigh, 1 - a);
    kernels.scaleInPlace(gradientLow, a - 1);
  }

  /** {@code (sign x + y share) share}. */
  private Matrix combine(String name, Matrix x, double sign, Matrix share, Matrix y, Matrix s) {
    Matrix sum = product("sum", y, share);
    kernels.addInPlace(sum, sign, x);
    return product(name, sum, s);
  }

  private Matrix product(String name, Matrix x, Matrix y) {
    Matrix out = workspace.like(name, x);
    kernels.hadamard(x, y, out);
    return out;
  }
}
