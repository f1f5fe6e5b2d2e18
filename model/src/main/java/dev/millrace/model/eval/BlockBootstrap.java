package dev.millrace.model.eval;

import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Stationary block bootstrap: how far a figure of a stream could have come out otherwise, when what
 * is close in time is alike.
 *
 * <pre>
 *   units 0..n-1 in order of time, on a circle
 *   resample: start anywhere; with chance 1/L jump anywhere, else go on to the next; n units in all
 *   interval: the (1-c)/2 and (1+c)/2 quantiles of the figure over R resamples
 * </pre>
 *
 * <p>Blocks thus have geometric lengths of mean L, and the resampled series is stationary. A figure
 * is a function of how often each unit was drawn. Every figure sees the same resamples, so the
 * interval of a difference or ratio of two of them is a paired one.
 *
 * <p>Units are stretches of time and take whatever joins the events within them along; what joins
 * events farther apart than a block or so, such as one user's whole year, is taken for independent.
 * Percentile intervals of short series are somewhat too narrow: at 200 units of an autoregressive
 * series with coefficient .5 and L = 200^(1/2), those at 95 % cover the mean about nine times in
 * ten (see the test).
 *
 * <p>Politis and Romano, The Stationary Bootstrap, JASA 89 (1994), section 2; a mean block that
 * grows with n^(1/3), as Politis and White, Automatic Block-Length Selection for the Dependent
 * Bootstrap, Econometric Reviews 23 (2004), derive it; quantiles interpolated as type 7 of Hyndman
 * and Fan, The American Statistician 50 (1996).
 */
public final class BlockBootstrap {

  /** Below this many units an interval would say nothing. */
  public static final int MINIMUM_UNITS = 10;

  // configuration
  private final int units;
  private final double meanBlock;
  private final int resamples;
  private final double level;
  private final long seed;

  /**
   * @param units units of the series, at least {@value #MINIMUM_UNITS}
   * @param meanBlock mean length of a block in units, from 1 (independent units) to {@code units}
   * @param resamples number of resamples, at least 100
   * @param level part of the resamples that an interval covers, in (0, 1)
   * @param seed of the draws
   */
  public BlockBootstrap(int units, double meanBlock, int resamples, double level, long seed) {
    if (units < MINIMUM_UNITS) {
      throw new IllegalArgumentException(
          "a bootstrap needs at least " + MINIMUM_UNITS + " units, given were " + units);
    }
    if (!(meanBlock >= 1 && meanBlock <= units)) {
      throw new IllegalArgumentException(
          "the mean block lies between 1 and the " + units + " units, was " + meanBlock);
    }
    if (resamples < 100) {
      throw new IllegalArgumentException("resamples are at least 100, were " + resamples);
    }
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level lies in (0, 1), was " + level);
    }
    this.units = units;
    this.meanBlock = meanBlock;
    this.resamples = resamples;
    this.level = level;
    this.seed = seed;
  }

  /** The mean block that suits a series of so many units. */
  public static double standardBlock(int units) {
    return Math.max(1, Math.cbrt(units));
  }

  /**
   * The interval of a figure.
   *
   * @param figure given how often each unit is drawn, the length of the series in all; resamples
   *     for which it is not finite are left out
   */
  public Interval interval(ToDoubleFunction<int[]> figure) {
    int[] drawn = new int[units];
    Arrays.fill(drawn, 1);
    double estimate = figure.applyAsDouble(drawn);
    double[] values = values(figure);
    return new Interval(
        estimate, quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2));
  }

  /** The figure's finite values over all resamples, ascending. */
  double[] values(ToDoubleFunction<int[]> figure) {
    SeededRandom random = new SeededRandom(seed);
    int[] drawn = new int[units];
    double[] values = new double[resamples];
    int finite = 0;
    for (int r = 0; r < resamples; r++) {
      draw(random, drawn);
      double value = figure.applyAsDouble(drawn);
      if (Double.isFinite(value)) {
        values[finite++] = value;
      }
    }
    double[] sorted = Arrays.copyOf(values, finite);
    Arrays.sort(sorted);
    return sorted;
  }

  private void draw(SeededRandom random, int[] drawn) {
    Arrays.fill(drawn, 0);
    int unit = random.nextInt(units);
    drawn[unit]++;
    for (int i = 1; i < units; i++) {
      boolean jump = random.nextDouble() * meanBlock < 1;
      unit = jump ? random.nextInt(units) : (unit + 1) % units;
      drawn[unit]++;
    }
  }

  private static double quantile(double[] sorted, double p) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double at = p * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
