package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static dev.millrace.model.objective.ObjectiveFacts.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MvInfoNceTest {

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void threeViewsByHand() {
    assertThat(evaluate(0.5, false, A, B, C).loss()).isCloseTo(0.374541, within(1e-6));
    assertThat(evaluate(0.5, true, A, B, C).loss()).isCloseTo(0.526919, within(1e-6));
  }

  @Test
  void negativesOfTheSameViewOnlyRaiseTheLoss() {
    LossAndGradient without = evaluate(0.3, false, A, B, C);
    double[] less = ObjectiveFacts.values(kernels, without.outputs().get("rowLoss"));
    LossAndGradient with = evaluate(0.3, true, A, B, C);
    double[] more = ObjectiveFacts.values(kernels, with.outputs().get("rowLoss"));
    for (int i = 0; i < less.length; i++) {
      assertThat(more[i]).isGreaterThan(less[i]);
    }
  }

  @Test
  void orderOfTheViewsDoesNotMatter() {
    double expected = evaluate(0.2, true, A, B, C).loss();
    assertThat(evaluate(0.2, true, C, A, B).loss()).isCloseTo(expected, within(1e-13));
  }

  @Test
  void equalInstancesCostTheLogarithmOfTheirNumber() {
    double[] same = {1, 2, 0, 1, 1, 2, 0, 1, 1, 2, 0, 1};
    LossAndGradient result = evaluate(0.1, false, same, same);
    assertThat(result.loss()).isCloseTo(Math.log(3), within(1e-12));
    assertThat(evaluate(0.1, true, same, same).loss()).isCloseTo(Math.log(5), within(1e-12));
  }

  @Test
  void oneViewOrOneInstanceCostsNothing() {
    double[] one = {3, 1, 0, 1};
    assertNothing(evaluate(0.5, true, A));
    assertNothing(evaluate(0.5, false, A));
    assertNothing(evaluate(0.5, true, one, new double[] {1, 0, 1, 1}));
    assertNothing(evaluate(0.5, false, one, new double[] {1, 0, 1, 1}));
  }

  private void assertNothing(LossAndGradient result) {
    assertThat(result.loss()).isZero();
    assertThat(ObjectiveFacts.values(kernels, result.gradient("z"))).containsOnly(0);
  }

  private LossAndGradient evaluate(double tau, boolean sameViewNegatives, double[]... views) {
    Map<String, ?> parameters = Map.of("tau", tau, "sameViewNegatives", sameViewNegatives);
    return ObjectiveFacts.create(kernels, Objectives.MV_INFONCE, parameters)
        .evaluate(ObjectiveFacts.views(kernels, views));
  }
}
