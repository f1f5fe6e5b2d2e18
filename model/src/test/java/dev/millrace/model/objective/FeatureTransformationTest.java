package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static dev.millrace.model.objective.ObjectiveFacts.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureTransformationTest {

  private static final double[] SCORES = {.861640, .833333, .903696};

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void withoutMixingItIsInfoNce() {
    LossAndGradient expected =
        ObjectiveFacts.create(kernels, Objectives.INFO_NCE, Map.of("tau", 0.2))
            .evaluate(
                new ObjectiveInputs()
                    .put("q", ObjectiveFacts.rows(kernels, A))
                    .put("k", ObjectiveFacts.rows(kernels, B))
                    .put("bank", ObjectiveFacts.rows(kernels, C)));
    LossAndGradient actual = evaluate(1, 1);
    assertThat(actual.loss()).isCloseTo(0.641121, within(1e-6));
    assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-13));
    assertThat(ObjectiveFacts.values(kernels, actual.gradient("q")))
        .containsExactly(ObjectiveFacts.values(kernels, expected.gradient("q")), within(1e-13));
    assertThat(output(actual, "positiveScore")).containsExactly(SCORES, within(1e-6));
  }

  @Test
  void extrapolationLowersThePositiveScore() {
    double[] mixed = output(evaluate(1.5, 0.5), "positiveScore");
    assertThat(mixed).containsExactly(new double[] {.654101, .583333, .759240}, within(1e-6));
    double[] extreme = output(evaluate(2, 0.5), "positiveScore");
    for (int i = 0; i < SCORES.length; i++) {
      double s = SCORES[i];
      assertThat(mixed[i]).isCloseTo(s + 2 * 1.5 * -0.5 * (1 - s), within(2e-6));
      assertThat(extreme[i]).isCloseTo(5 * s - 4, within(5e-6));
    }
  }

  @Test
  void meanAndVarianceAreThoseOfTheScoresOfTheMixedBank() {
    LossAndGradient result = evaluate(1, 0.25);
    double[] bank = output(result, "mixedBank");
    double[] unit = {3 / Math.sqrt(11), 1 / Math.sqrt(11), 0, 1 / Math.sqrt(11)};
    double[] scores = new double[3];
    for (int i = 0; i < 12; i++) {
      scores[i / 4] += unit[i % 4] * bank[i];
    }
    double mean = Arrays.stream(scores).average().orElseThrow();
    double squares = Arrays.stream(scores).map(s -> (s - mean) * (s - mean)).sum();
    assertThat(output(result, "negativeMean")[0]).isCloseTo(mean, within(1e-13));
    assertThat(output(result, "negativeVariance")[0]).isCloseTo(squares / 2, within(1e-13));
  }

  @Test
  void factorsByElementReplaceTheParameters() {
    double[] positive = new double[12];
    double[] negative = new double[12];
    Arrays.fill(positive, 1.7);
    Arrays.fill(negative, 0.3);
    double byElement =
        objective(1, 1)
            .evaluate(
                inputs(C, 2, 0, 1)
                    .put("lambdaPositive", ObjectiveFacts.rows(kernels, positive))
                    .put("lambdaNegative", ObjectiveFacts.rows(kernels, negative)))
            .loss();
    assertThat(byElement).isCloseTo(evaluate(1.7, 0.3).loss(), within(1e-13));
  }

  @Test
  void permutationInPlaceLeavesTheBankAsItIs() {
    double still = objective(1.5, 0.3).evaluate(inputs(C, 0, 1, 2)).loss();
    double plain = objective(1.5, 1).evaluate(inputs(C, 2, 0, 1)).loss();
    assertThat(still).isCloseTo(plain, within(1e-13));
    assertThat(evaluate(1.5, 0.3).loss()).isNotCloseTo(plain, within(1e-3));
  }

  @Test
  void bankOfOneRowHasNoVarianceAndAnEmptyOneNoLoss() {
    LossAndGradient one = objective(1.5, 0.5).evaluate(inputs(Arrays.copyOf(C, 4), 0));
    assertThat(one.loss()).isPositive();
    assertThat(output(one, "negativeVariance")).containsOnly(new double[] {0}, within(1e-25));
    LossAndGradient none = objective(1.5, 0.5).evaluate(inputs(new double[0]));
    assertThat(none.loss()).isZero();
    assertThat(ObjectiveFacts.values(kernels, none.gradient("q"))).containsOnly(0);
    assertThat(output(none, "positiveScore")[0]).isCloseTo(.654101, within(1e-6));
  }

  private LossAndGradient evaluate(double positive, double negative) {
    return objective(positive, negative).evaluate(inputs(C, 2, 0, 1));
  }

  private Objective objective(double positive, double negative) {
    return ObjectiveFacts.create(
        kernels,
        Objectives.FEATURE_TRANSFORMATION,
        Map.of("tau", 0.2, "lambdaPositive", positive, "lambdaNegative", negative));
  }

  private ObjectiveInputs inputs(double[] bank, int... permutation) {
    return new ObjectiveInputs()
        .put("q", ObjectiveFacts.rows(kernels, A))
        .put("k", ObjectiveFacts.rows(kernels, B))
        .put("bank", bank.length == 0 ? kernels.allocate(0, 4) : ObjectiveFacts.rows(kernels, bank))
        .put("permutation", permutation);
  }

  private double[] output(LossAndGradient result, String name) {
    return ObjectiveFacts.values(kernels, result.outputs().get(name));
  }
}
