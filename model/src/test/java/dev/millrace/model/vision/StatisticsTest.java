package dev.millrace.model.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void equalValuesShareTheMeanOfTheirRanks() {
    assertThat(Statistics.ranks(new double[] {3, 1, 3, 2, 3})).containsExactly(3, 0, 3, 1, 3);
  }

  @Test
  void correlationOfRanksSeesOrderAlone() {
    double[] x = {1, 2, 3, 4};
    assertThat(Statistics.spearman(x, new double[] {1, 10, 11, 1000})).isEqualTo(1);
    assertThat(Statistics.spearman(x, new double[] {4, 3, 2, 1})).isEqualTo(-1);
    // Ranks 0 1 2 3 against .5 .5 3 2: product 3.5, squares 5 and 4.5.
    assertThat(Statistics.spearman(x, new double[] {1, 1, 9, 5}))
        .isCloseTo(3.5 / Math.sqrt(5 * 4.5), within(1e-15));
  }

  @Test
  void constantOrUndefinedScoresHaveNoCorrelation() {
    double[] x = {1, 2, 3};
    assertThat(Statistics.spearman(x, new double[] {5, 5, 5})).isNaN();
    assertThat(Statistics.spearman(x, new double[] {5, Double.NaN, 6})).isNaN();
    assertThat(Statistics.spearman(new double[0], new double[0])).isNaN();
  }

  @Test
  void theAngleIsAShareOfHalfATurnAndDoesNotSeeLengths() {
    assertThat(Statistics.angle(new double[] {2, 0}, new double[] {0, 5}))
        .isCloseTo(0.5, within(1e-15));
    assertThat(Statistics.angle(new double[] {1, 0}, new double[] {-3, 0}))
        .isCloseTo(1, within(1e-15));
    assertThat(Statistics.angle(new double[] {1, 1}, new double[] {7, 7})).isZero();
  }

  @Test
  void tinyAnglesKeepTheirPrecision() {
    double angle = Statistics.angle(new double[] {1, 0}, new double[] {1, 1e-10});
    assertThat(angle).isCloseTo(1e-10 / Math.PI, within(1e-16));
  }

  @Test
  void rootsAreFoundWithinTheToleranceOfCurvedAndSteppedFunctions() {
    assertThat(RootFinder.root(x -> Math.exp(x) - 2, 0, -1, 3, Math.exp(3) - 2, 1e-9))
        .isCloseTo(Math.log(2), within(1e-9));
    assertThat(RootFinder.root(x -> 1 - x * x * x, 0, 1, 4, -63, 1e-9)).isCloseTo(1, within(1e-9));
    assertThat(RootFinder.root(x -> x < 0.3 ? -1 : 1, 0, -1, 1, 1, 1e-6))
        .isCloseTo(0.3, within(1e-6));
    assertThat(RootFinder.root(x -> Double.NaN, 0, -1, 1, 1, 1e-6)).isNaN();
  }
}
