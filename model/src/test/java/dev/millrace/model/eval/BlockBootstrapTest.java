package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class BlockBootstrapTest {

  private static final double[] SERIES = autoregressive(60, 0.6, 1);

  private static double[] autoregressive(int length, double coefficient, long seed) {
    SeededRandom random = new SeededRandom(seed);
    double[] series = new double[length];
    double value = random.nextGaussian() / Math.sqrt(1 - coefficient * coefficient);
    for (int i = 0; i < length; i++) {
      series[i] = value;
      value = coefficient * value + random.nextGaussian();
    }
    return series;
  }

  private static ToDoubleFunction<int[]> mean(double[] series) {
    return drawn -> {
      double sum = 0;
      for (int i = 0; i < series.length; i++) {
        sum += drawn[i] * series[i];
      }
      return sum / series.length;
    };
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  /**
   * Politis and Romano 1994, The Stationary Bootstrap: the variance of a resample's mean in closed
   * form.
   */
  private static double varianceInTheory(double[] x, double meanBlock) {
    int n = x.length;
    double mean = Arrays.stream(x).average().orElseThrow();
    double stay = 1 - 1 / meanBlock;
    double sum = 0;
    for (int lag = 0; lag < n; lag++) {
      double covariance = 0;
      for (int t = 0; t + lag < n; t++) {
        covariance += (x[t] - mean) * (x[t + lag] - mean) / n;
      }
      double share = (double) lag / n;
      double weight = (1 - share) * Math.pow(stay, lag) + share * Math.pow(stay, n - lag);
      sum += (lag == 0 ? 1 : 2) * (lag == 0 ? 1 : weight) * covariance;
    }
    return sum / n;
  }

  @Test
  void varianceOfTheMeanIsThatOfTheClosedForm() {
    for (double block : new double[] {1, 4, 10}) {
      double[] values = new BlockBootstrap(60, block, 40_000, 0.95, 3).values(mean(SERIES));
      double theory = varianceInTheory(SERIES, block);
      assertThat(variance(values)).as("block %s", block).isCloseTo(theory, within(0.03 * theory));
    }
  }

  @Test
  void independentUnitsGiveTheQuantilesOfTheBinomialDistribution() {
    // 40 of 100 units are 1: a resample's sum is Binomial(100, .4), which is at most 30 with
    // probability .0248, at most 31 with .0398, at most 49 with .9729 and at most 50 with .9832.
    double[] units = new double[100];
    Arrays.fill(units, 0, 40, 1);
    Interval interval = new BlockBootstrap(100, 1, 20_000, 0.95, 5).interval(mean(units));
    assertThat(interval.estimate()).isCloseTo(0.4, within(1e-12));
    assertThat(interval.low()).isCloseTo(0.31, within(0.0101));
    assertThat(interval.high()).isCloseTo(0.50, within(0.0101));
  }

  @Test
  void everyResampleHasTheLengthOfTheSeries() {
    ToDoubleFunction<int[]> length = drawn -> Arrays.stream(drawn).sum();
    Interval interval = new BlockBootstrap(37, 3, 500, 0.95, 1).interval(length);
    assertThat(interval).isEqualTo(new Interval(37, 37, 37));
  }

  @Test
  void differenceOfTwoSeriesIsPaired() {
    double[] above = Arrays.stream(SERIES).map(v -> v + 0.01).toArray();
    ToDoubleFunction<int[]> difference =
        drawn -> mean(above).applyAsDouble(drawn) - mean(SERIES).applyAsDouble(drawn);
    BlockBootstrap bootstrap = new BlockBootstrap(60, 4, 1_000, 0.95, 1);
    assertThat(bootstrap.interval(difference).low()).isCloseTo(0.01, within(1e-9));
    assertThat(bootstrap.interval(difference).high()).isCloseTo(0.01, within(1e-9));
    assertThat(bootstrap.interval(mean(SERIES)).halfWidth()).isGreaterThan(0.1);
  }

  @Test
  void intervalsOfDependentUnitsCoverTheTruthOnlyWithBlocks() {
    int series = 400;
    int single = 0;
    int blocks = 0;
    for (int s = 0; s < series; s++) {
      double[] x = autoregressive(200, 0.5, 100 + s);
      single += new BlockBootstrap(200, 1, 400, 0.95, s).interval(mean(x)).contains(0) ? 1 : 0;
      blocks +=
          new BlockBootstrap(200, Math.sqrt(200), 400, 0.95, s).interval(mean(x)).contains(0)
              ? 1
              : 0;
    }
    assertThat(single / (double) series).isBetween(0.6, 0.82);
    assertThat(blocks / (double) series).isBetween(0.86, 0.96);
  }

  @Test
  void oneSeedGivesOneIntervalAndAnotherSeedAnother() {
    Interval first = new BlockBootstrap(60, 4, 500, 0.95, 1).interval(mean(SERIES));
    assertThat(new BlockBootstrap(60, 4, 500, 0.95, 1).interval(mean(SERIES))).isEqualTo(first);
    assertThat(new BlockBootstrap(60, 4, 500, 0.95, 2).interval(mean(SERIES))).isNotEqualTo(first);
  }

  @Test
  void figureThatIsNotDefinedHasNoInterval() {
    Interval never = new BlockBootstrap(20, 2, 100, 0.95, 1).interval(drawn -> Double.NaN);
    assertThat(never.estimate()).isNaN();
    assertThat(never.low()).isNaN();
    // Resamples without the first unit do not define it, the others do.
    Interval sometimes =
        new BlockBootstrap(20, 2, 100, 0.95, 1).interval(drawn -> 1.0 / (drawn[0] > 0 ? 1 : 0));
    assertThat(sometimes).isEqualTo(new Interval(1, 1, 1));
  }

  @Test
  void whatCannotBeResampledIsRefused() {
    assertThatThrownBy(() -> new BlockBootstrap(9, 1, 100, 0.95, 1))
        .hasMessageContaining("at least 10 units");
    assertThatThrownBy(() -> new BlockBootstrap(10, 11, 100, 0.95, 1))
        .hasMessageContaining("between 1 and the 10 units");
    assertThatThrownBy(() -> new BlockBootstrap(10, 2, 99, 0.95, 1))
        .hasMessageContaining("at least 100");
    assertThatThrownBy(() -> new BlockBootstrap(10, 2, 100, 1, 1)).hasMessageContaining("(0, 1)");
  }
}
