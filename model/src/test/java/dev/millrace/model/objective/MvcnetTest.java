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

class MvcnetTest {

  private static final Map<String, Object> RELEASED =
      Map.of("tau", 0.2, "crossViewWeight", 1, "crossModelWeight", 1, "sameSampleMasked", false);
  private static final Map<String, Object> MASKED =
      Map.of("tau", 0.2, "crossViewWeight", 1, "crossModelWeight", 1);

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void oneViewOfTwoTowersByHand() {
    ObjectiveInputs inputs =
        new ObjectiveInputs()
            .put("f", kernels.of(4, 2, 1, .2, .9, .4, -.3, 1, -1, -.5), 1, 4, 2)
            .put("z", kernels.of(4, 2, .8, .1, 1, .6, -.1, 1, -.9, -.2), 1, 4, 2);
    LossAndGradient result =
        ObjectiveFacts.create(kernels, Objectives.MVCNET, MASKED).evaluate(inputs);
    assertThat(result.scalars().get("crossModel")).isCloseTo(.506527, within(1e-6));
    assertThat(result.scalars().get("crossView")).isZero();
  }

  @Test
  void oneViewIsNtXentOfTheTowers() {
    LossAndGradient result = evaluate(RELEASED, 3, A, B);
    LossAndGradient pair =
        ObjectiveFacts.pair(kernels, Objectives.NT_XENT, Map.of("tau", 0.2), A, B);
    assertThat(result.loss()).isCloseTo(pair.loss(), within(1e-14));
    assertThat(values(result, "z"))
        .containsExactly(ObjectiveFacts.values(kernels, pair.gradient("z2")), within(1e-14));
  }

  @Test
  void crossViewStacksTheTowers() {
    double[] original = joined(A, C);
    double[] changed = joined(B, A);
    double expected =
        ObjectiveFacts.pair(kernels, Objectives.NT_XENT, Map.of("tau", 0.2), original, changed)
            .loss();
    LossAndGradient result = evaluate(RELEASED, 3, joined(A, B), joined(C, A));
    assertThat(result.scalars().get("crossView")).isCloseTo(expected, within(1e-14));
  }

  @Test
  void exchangingTheTowersExchangesTheGradients() {
    LossAndGradient there = evaluate(MASKED, 3, joined(A, B), joined(C, A));
    double loss = there.loss();
    double[] f = values(there, "f");
    LossAndGradient back = evaluate(MASKED, 3, joined(C, A), joined(A, B));
    assertThat(back.loss()).isCloseTo(loss, within(1e-14));
    assertThat(values(back, "z")).containsExactly(f, within(1e-14));
  }

  @Test
  void rowsOfTheSameSampleAreNoNegativesUnlessAsked() {
    double[] f = joined(A, B);
    double[] z = joined(C, A);
    LossAndGradient masked = evaluate(MASKED, 3, f, z);
    LossAndGradient released = evaluate(RELEASED, 3, f, z);
    assertThat(released.scalars().get("crossView"))
        .isGreaterThan(masked.scalars().get("crossView") + 0.1);
    assertThat(released.scalars().get("crossModel"))
        .isGreaterThan(masked.scalars().get("crossModel") + 0.1);
  }

  @Test
  void oneSampleAloneHasNoNegatives() {
    double[] f = {1, 0, 0, 2, 0, 1, 1, 1};
    double[] z = {0, 1, 3, 0, 1, 1, 0, 0};
    LossAndGradient masked = evaluate(MASKED, 1, f, z);
    assertThat(masked.loss()).isZero();
    assertThat(values(masked, "f")).containsOnly(0);
    assertThat(evaluate(RELEASED, 1, f, z).loss()).isGreaterThan(0.1);
  }

  @Test
  void termsOfNoWeightGiveNoGradient() {
    Map<String, Integer> none = Map.of("crossViewWeight", 0, "crossModelWeight", 0);
    LossAndGradient result = evaluate(none, 3, joined(A, B), joined(C, A));
    assertThat(result.loss()).isZero();
    assertThat(values(result, "f")).containsOnly(0);
    assertThat(result.scalars().get("crossView")).isPositive();
  }

  private static double[] joined(double[] first, double[] second) {
    double[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private double[] values(LossAndGradient result, String input) {
    return ObjectiveFacts.values(kernels, result.gradient(input));
  }

  private LossAndGradient evaluate(Map<String, ?> parameters, int batch, double[] f, double[] z) {
    int views = f.length / 4 / batch;
    return ObjectiveFacts.create(kernels, Objectives.MVCNET, parameters)
        .evaluate(
            new ObjectiveInputs()
                .put("f", ObjectiveFacts.rows(kernels, f), views, batch, 4)
                .put("z", ObjectiveFacts.rows(kernels, z), views, batch, 4));
  }
}
