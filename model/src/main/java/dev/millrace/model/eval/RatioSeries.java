package dev.millrace.model.eval;

/**
 * A ratio of two sums over the units of a stream in order of time, such as hits over targets.
 *
 * <pre>
 *   rate(c) = sum_i c_i numerators_i / sum_i c_i denominators_i
 * </pre>
 *
 * <p>{@code c_i} says how often a unit counts; it is 1 for all in the stream as it was.
 */
public final class RatioSeries {
  private final double[] numerators;
  private final double[] denominators;

  /**
   * @param numerators one for each unit
   * @param denominators one for each unit, at least 0
   */
  public RatioSeries(double[] numerators, double[] denominators) {
    if (numerators.length != denominators.length) {
      throw new IllegalArgumentException(
          numerators.length + " numerators and " + denominators.length + " denominators");
    }
    this.numerators = numerators.clone();
    this.denominators = denominators.clone();
  }

  /**
   * The ratio where unit {@code i} counts {@code drawn[i]} times; NaN where no denominator is left.
   */
  public double rate(int[] drawn) {
    double above = 0;
    double below = 0;
    for (int i = 0; i < numerators.length; i++) {
      above += drawn[i] * numerators[i];
      below += drawn[i] * denominators[i];
    }
    return below == 0 ? Double.NaN : above / below;
  }

  /** The ratio with its interval. */
  public Interval interval(BlockBootstrap bootstrap) {
    return bootstrap.interval(this::rate);
  }

  /** How much this ratio is above another of the same units, resampled together. */
  public Interval difference(RatioSeries other, BlockBootstrap bootstrap) {
    return bootstrap.interval(drawn -> rate(drawn) - other.rate(drawn));
  }

  /** How many times another ratio of the same units this one is, resampled together. */
  public Interval multiple(RatioSeries other, BlockBootstrap bootstrap) {
    return bootstrap.interval(drawn -> rate(drawn) / other.rate(drawn));
  }
}
