package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BaconTest {

  private static final double[] LOGITS = {
    .9, .1, -.2, .3, .8, 0, -.5, .2, .7, .8, .2, 0, .1, .9, -.3, -.1, .3, .6
  };
  private static final double[] EVEN = {1, 1, 1};

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void regulariserByHand() {
    ObjectiveInputs inputs =
        new ObjectiveInputs()
            .put("logits", kernels.of(2, 3, .2, 0, 0, .1, .1, 0), 2, 1, 3)
            .put("z1", kernels.of(1, 2, 1, 0))
            .put("z2", kernels.of(1, 2, 0, 1))
            .put("labels", new int[] {-1})
            .put("prior", kernels.of(1, 3, 10, 5, 1), 3);
    LossAndGradient result =
        ObjectiveFacts.create(kernels, Objectives.BACON, Map.of()).evaluate(inputs);
    assertThat(result.scalars().get("regulariser")).isCloseTo(0.132100, within(1e-6));
    assertThat(result.scalars().get("contrastLoss")).isZero();
  }

  @Test
  void equalLogitsOfAnEvenPriorAreRegularAndOneClassForAllCostsTheLogarithm() {
    assertThat(
            evaluate(Map.of(), new double[18], labels(-1, -1, -1), EVEN, 9, 9, 9)
                .scalars()
                .get("regulariser"))
        .isCloseTo(0, within(1e-12));
    double[] one = {60, 0, 0, 60, 0, 0, 60, 0, 0, 60, 0, 0, 60, 0, 0, 60, 0, 0};
    assertThat(
            evaluate(Map.of(), one, labels(-1, -1, -1), EVEN, 9, 9, 9).scalars().get("regulariser"))
        .isCloseTo(Math.log(3), within(1e-12));
  }

  @Test
  void nothingLabelledAndNothingKeptLeavesPlainContrast() {
    LossAndGradient result = evaluate(Map.of(), LOGITS, labels(-1, -1, -1), EVEN, 0, 0, 0);
    double plain = ObjectiveFacts.pair(kernels, Objectives.NT_XENT, Map.of("tau", 1), A, B).loss();
    assertThat(result.scalars().get("supConTerm")).isZero();
    assertThat(result.scalars().get("softTerm")).isZero();
    assertThat(result.scalars().get("supervisedTerm")).isZero();
    assertThat(result.scalars().get("contrastLoss")).isCloseTo(0.65 * plain, within(1e-12));
    assertThat(kept(result)).containsExactly(0, 0, 0);
  }

  @Test
  void mostConfidentRowsOfAPredictedClassAreKeptAndLabelledOnesAlways() {
    double[] sure = {.5, 0, 0, .9, 0, 0, .7, 0, 0, .5, 0, 0, .9, 0, 0, .7, 0, 0};
    assertThat(kept(evaluate(Map.of(), sure, labels(-1, -1, -1), EVEN, 1, 5, 5)))
        .containsExactly(0, 1, 0);
    assertThat(kept(evaluate(Map.of(), sure, labels(-1, -1, -1), EVEN, 2, 0, 0)))
        .containsExactly(0, 1, 1);
    assertThat(kept(evaluate(Map.of(), sure, labels(0, -1, -1), EVEN, 1, 0, 0)))
        .containsExactly(1, 1, 0);
  }

  @Test
  void confidencesThatRoundToOneAreToldApartInSinglePrecision() {
    double[] sure = {2, 0, 0, 2.4, 0, 0, 2.2, 0, 0, 2, 0, 0, 2.4, 0, 0, 2.2, 0, 0};
    try (Kernels single = new CpuKernels(1)) {
      LossAndGradient result =
          ObjectiveFacts.create(single, Objectives.BACON, Map.of())
              .evaluate(inputs(single, sure, labels(-1, -1, -1), EVEN, 1, 0, 0));
      assertThat(ObjectiveFacts.values(single, result.outputs().get("kept")))
          .containsExactly(0, 1, 0);
    }
  }

  @Test
  void rareClassesKeepAllAndFrequentOnesTheRootOfTheRatio() {
    double[] prior = {.64, .32, .04};
    LossAndGradient result = evaluate(Map.of(), LOGITS, labels(1, -1, -1), prior, 9, 9, 9);
    assertThat(ObjectiveFacts.values(kernels, result.outputs().get("samplingRate")))
        .containsExactly(new double[] {.25, 1, 1}, within(1e-12));
  }

  @Test
  void withoutCountsTheRateDecides() {
    double[] first = {.5, 0, 0, .9, 0, 0, .7, 0, 0, .5, 0, 0, .9, 0, 0, .7, 0, 0};
    ObjectiveInputs inputs = inputs(kernels, first, labels(-1, -1, -1), new double[] {.8, .1, .1});
    // The root of 1/8 of three rows, about one.
    Objective objective =
        ObjectiveFacts.create(kernels, Objectives.BACON, Map.of("priorCorrection", 0));
    assertThat(kept(objective.evaluate(inputs))).containsExactly(0, 1, 0);
  }

  @Test
  void factorOfThePriorDoesNotMatter() {
    double[] prior = {.6, .3, .1};
    double[] counts = {60, 30, 10};
    assertThat(evaluate(Map.of(), LOGITS, labels(0, -1, 2), counts, 1, 1, 1).loss())
        .isCloseTo(
            evaluate(Map.of(), LOGITS, labels(0, -1, 2), prior, 1, 1, 1).loss(), within(1e-12));
  }

  @Test
  void sharesSelectTheTerms() {
    LossAndGradient result =
        evaluate(
            Map.of("supervisedShare", 1, "softShare", 0), LOGITS, labels(0, 0, 2), EVEN, 1, 1, 1);
    assertThat(result.loss())
        .isCloseTo(
            result.scalars().get("supervisedTerm") + result.scalars().get("supConTerm"),
            within(1e-12));
  }

  @Test
  void priorOfZeroAndLabelBeyondTheClassesAreRefused() {
    assertThatThrownBy(
            () -> evaluate(Map.of(), LOGITS, labels(0, 1, 2), new double[] {.5, .5, 0}, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prior of class 2 is 0.0, must be above 0");
    assertThatThrownBy(() -> evaluate(Map.of(), LOGITS, labels(0, 3, -1), EVEN, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "'labels' holds 3 at position 1, expected -1 or an index below C = 3");
  }

  private static int[] labels(int... labels) {
    return labels;
  }

  private double[] kept(LossAndGradient result) {
    return ObjectiveFacts.values(kernels, result.outputs().get("kept"));
  }

  private LossAndGradient evaluate(
      Map<String, ?> parameters, double[] logits, int[] labels, double[] prior, int... keepCount) {
    return ObjectiveFacts.create(kernels, Objectives.BACON, parameters)
        .evaluate(inputs(kernels, logits, labels, prior, keepCount));
  }

  private static ObjectiveInputs inputs(
      Kernels kernels, double[] logits, int[] labels, double[] prior, int... keepCount) {
    ObjectiveInputs inputs =
        new ObjectiveInputs()
            .put("logits", kernels.of(6, 3, logits), 2, 3, 3)
            .put("z1", ObjectiveFacts.rows(kernels, A))
            .put("z2", ObjectiveFacts.rows(kernels, B))
            .put("labels", labels)
            .put("prior", kernels.of(1, 3, prior), 3);
    return keepCount.length == 0 ? inputs : inputs.put("keepCount", keepCount);
  }
}
