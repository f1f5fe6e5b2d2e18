package dev.millrace.model.vision;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Rank correlation and the angle between embeddings, in float64. */
final class Statistics {

  private Statistics() {}

  /**
   * Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank.
   *
   * @return in [-1, 1]; NaN if either side is constant, has fewer than two values or a NaN
   */
  static double spearman(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " values against " + y.length);
    }
    if (Arrays.stream(x).anyMatch(Double::isNaN) || Arrays.stream(y).anyMatch(Double::isNaN)) {
      return Double.NaN;
    }
    double[] a = ranks(x);
    double[] b = ranks(y);
    double mean = (x.length - 1) / 2.0;
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (a[i] - mean) * (b[i] - mean);
      squareA += (a[i] - mean) * (a[i] - mean);
      squareB += (b[i] - mean) * (b[i] - mean);
    }
    return product / Math.sqrt(squareA * squareB);
  }

  /** From 0; equal values have the mean of their places. */
  static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  static int distinct(double[] values) {
    return (int) Arrays.stream(values).distinct().count();
  }

  /**
   * Angle between two embeddings as a share of half a turn: {@code 2 / pi asin(|a - b| / 2)} of the
   * unit vectors, which keeps its precision where the arc cosine of nearly 1 has lost it.
   *
   * @return in [0, 1]; NaN if an entry is not finite. A zero vector stays one.
   */
  static double angle(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "embeddings of one encoder have lengths " + a.length + " and " + b.length);
    }
    double scaleA = inverseNorm(a);
    double scaleB = inverseNorm(b);
    double square = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = a[i] * scaleA - b[i] * scaleB;
      square += difference * difference;
    }
    return 2 / Math.PI * Math.asin(Math.min(1, Math.sqrt(square) / 2));
  }

  private static double inverseNorm(double[] x) {
    double square = 0;
    for (double value : x) {
      square += value * value;
    }
    return square == 0 ? 0 : 1 / Math.sqrt(square);
  }
}
