package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RatioSeriesTest {

  private static RatioSeries series(double share) {
    double[] hits = new double[20];
    double[] targets = new double[20];
    for (int i = 0; i < 20; i++) {
      targets[i] = 100 + 10 * (i % 3);
      hits[i] = targets[i] * share * (1 + i % 4);
    }
    return new RatioSeries(hits, targets);
  }

  @Test
  void largerUnitsWeighMore() {
    RatioSeries series = new RatioSeries(new double[] {1, 30}, new double[] {10, 100});
    assertThat(series.rate(new int[] {1, 1})).isEqualTo(31 / 110.0);
    assertThat(series.rate(new int[] {2, 0})).isEqualTo(0.1);
    assertThat(series.rate(new int[] {0, 0})).isNaN();
  }

  @Test
  void twiceTheHitsAreTwiceTheRateInEveryResample() {
    BlockBootstrap bootstrap = new BlockBootstrap(20, 3, 200, 0.95, 1);
    Interval multiple = series(0.2).multiple(series(0.1), bootstrap);
    assertThat(multiple.low()).isCloseTo(2, within(1e-12));
    assertThat(multiple.high()).isCloseTo(2, within(1e-12));
    Interval alone = series(0.1).interval(bootstrap);
    Interval difference = series(0.2).difference(series(0.1), bootstrap);
    assertThat(difference.estimate()).isCloseTo(alone.estimate(), within(1e-12));
    assertThat(difference.low()).isCloseTo(alone.low(), within(1e-12));
    assertThat(alone.halfWidth()).isGreaterThan(0.01);
  }

  @Test
  void unevenSeriesAreRefused() {
    assertThatThrownBy(() -> new RatioSeries(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 numerators and 3 denominators");
  }
}
