package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SoftPositivesTest {

  private final Kernels kernels = ObjectiveFacts.exact();
  private final SoftPositives contrast = new SoftPositives(kernels);

  @Test
  void threePairsByHand() {
    double[] classes = {.7, .2, .1, .1, .8, .1, .6, .3, .1};
    contrast.evaluate(views(A, B), twice(classes), 0.07);
    assertThat(contrast.loss()).isCloseTo(6.424127, within(1e-6));
  }

  @Test
  void rowsOfDistinctClassesHaveTheOtherViewForTheOnlyPositive() {
    double[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    contrast.evaluate(views(A, B), twice(identity), 0.3);
    double expected =
        ObjectiveFacts.pair(kernels, Objectives.NT_XENT, Map.of("tau", 0.3), A, B).loss();
    assertThat(contrast.loss()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void gradientKeepsItsPrecisionWhereTheOtherViewHasAllOfTheSoftmax() {
    // Two pairs of equal rows, orthogonal to each other: the other rows have e^-40 each.
    Matrix z = kernels.of(4, 2, 1, 0, 0, 1, 1, 0, 0, 1);
    double tau = 1.0 / 40;
    double[] gradient =
        ObjectiveFacts.values(
            kernels, contrast.evaluate(z, kernels.of(4, 2, 1, 0, 0, 1, 1, 0, 0, 1), tau));
    double other = Math.exp(-40) / (1 + 2 * Math.exp(-40));
    assertThat(gradient[1]).isCloseTo(4 * other / (tau * 4), within(1e-10 * other));
    assertThat(gradient[0]).isCloseTo(-4 * other / (tau * 4), within(1e-10 * other));
  }

  @Test
  void onePairCostsNothing() {
    Matrix gradient = contrast.evaluate(kernels.of(2, 1, 1, -1), kernels.of(2, 1, .5, .5), 0.1);
    assertThat(contrast.loss()).isZero();
    assertThat(ObjectiveFacts.values(kernels, gradient)).containsOnly(0);
  }

  private Matrix views(double[] a, double[] b) {
    return new UnitRows(kernels)
        .forward(ObjectiveFacts.rows(kernels, a), ObjectiveFacts.rows(kernels, b));
  }

  private Matrix twice(double[] classes) {
    double[] both = DoubleStream.concat(Arrays.stream(classes), Arrays.stream(classes)).toArray();
    return kernels.of(6, 3, both);
  }
}
