package dev.millrace.model.objective;

import java.util.Arrays;

/** Logarithms of sums of exponentials over numbers that stand {@code stride} apart. */
final class LogSums {

  private LogSums() {}

  /**
   * {@code out[i] = log sum_p exp x[p stride + i]}, {@code p < count}; minus infinity without
   * terms.
   */
  static double[] over(double[] x, int count, int stride) {
    double[] largest = new double[stride];
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < count * stride; i++) {
      largest[i % stride] = Math.max(largest[i % stride], x[i]);
    }
    double[] sum = new double[stride];
    for (int i = 0; i < count * stride; i++) {
      sum[i % stride] += share(x[i], largest[i % stride]);
    }
    for (int i = 0; i < stride; i++) {
      sum[i] = largest[i] == Double.NEGATIVE_INFINITY ? largest[i] : largest[i] + Math.log(sum[i]);
    }
    return sum;
  }

  /** {@code log(exp a + exp b)}. */
  static double of(double a, double b) {
    double largest = Math.max(a, b);
    return largest == Double.NEGATIVE_INFINITY
        ? largest
        : largest + Math.log1p(Math.exp(Math.min(a, b) - largest));
  }

  /** {@code exp(x - logSum)}, the share of one term in its sum; 0 in a sum without terms. */
  static double share(double x, double logSum) {
    return x == Double.NEGATIVE_INFINITY ? 0 : Math.exp(x - logSum);
  }
}
