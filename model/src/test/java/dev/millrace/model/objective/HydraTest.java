package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HydraTest {

  private static final double[] GATES = {.9, .1, .5, .5, .2, .8, .5, .5, .5, .5, .9, .1};
  private static final int[] CLASSES = {0, 1, 2};
  private static final int[] NEXT = {1, 2, 0};

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void threeClassesByHand() {
    LossAndGradient result = given(A, GATES, CLASSES, NEXT);
    assertThat(result.loss()).isCloseTo(4.304799, within(1e-6));
    assertThat(result.scalars().get("positivePairs")).isEqualTo(3);
  }

  @Test
  void lengthsOfRowsAndOfGatesDoNotMatter() {
    double[] longer = Arrays.stream(A).map(x -> 1e3 * x).toArray();
    double[] narrow = Arrays.stream(GATES).map(x -> 1e-4 * x).toArray();
    double expected = given(A, GATES, CLASSES, NEXT).loss();
    assertThat(given(longer, GATES, CLASSES, NEXT).loss()).isCloseTo(expected, within(1e-9));
    assertThat(given(A, narrow, CLASSES, NEXT).loss()).isCloseTo(expected, within(1e-9));
  }

  @Test
  void featuresThatTheGateClosesDoNotCount() {
    double[] z = {1, 5, -3, 0, 1, -7, 2, 4, -1, 0, 0, 9};
    double[] first = {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0};
    // In the first feature alone rows 0 and 1 agree, and row 2 is their opposite.
    LossAndGradient result = given(z, first, CLASSES, new int[] {1, 0, 5});
    assertThat(result.loss()).isCloseTo(Math.log1p(Math.exp(-20)), within(1e-14));
    double[] gradient = values(result.gradient("z"));
    assertThat(gradient[1]).isZero();
    assertThat(gradient[6]).isZero();
  }

  @Test
  void openGatesGivePlainCosines() {
    double[] open = new double[12];
    Arrays.fill(open, 1);
    LossAndGradient plain =
        ObjectiveFacts.create(kernels, Objectives.SUP_CON, Map.of("tau", 0.1, "variant", "inner"))
            .evaluate(
                new ObjectiveInputs()
                    .put("z", ObjectiveFacts.rows(kernels, A))
                    .put("labels", new int[] {0, 0, 1}));
    LossAndGradient gated = given(A, open, new int[] {0, 0, 1}, new int[] {0, 0, 1});
    assertThat(gated.loss()).isCloseTo(plain.loss(), within(1e-13));
    assertThat(values(gated.gradient("z")))
        .containsExactly(values(plain.gradient("z")), within(1e-13));
  }

  @Test
  void anchorIsNoPositiveOfItself() {
    LossAndGradient result = given(A, GATES, CLASSES, CLASSES);
    assertThat(result.scalars().get("positivePairs")).isZero();
    assertThat(result.loss()).isZero();
    assertThat(values(result.gradient("z"))).containsOnly(0);
    assertThat(values(result.gradient("gates"))).containsOnly(0);
  }

  @Test
  void pairsWithoutNegativesCostNothing() {
    LossAndGradient result = given(A, GATES, new int[] {0, 1, 0}, new int[] {1, 0, 1});
    assertThat(result.scalars().get("positivePairs")).isEqualTo(4);
    assertThat(result.loss()).isZero();
    assertThat(values(result.gradient("gates"))).containsOnly(0);
  }

  @Test
  void closedGateMakesAllRowsAlike() {
    LossAndGradient result = given(A, new double[12], CLASSES, NEXT);
    assertThat(result.loss()).isCloseTo(Math.log(2), within(1e-14));
  }

  @Test
  void learnedGateIsAFunctionOfTheUnorderedPairAlone() {
    double[] gates = gates(new int[] {0, 2, 1}, new int[] {1, 2, 0});
    double[] alone = gates(new int[] {1}, new int[] {0});
    assertThat(Arrays.copyOf(gates, 4)).containsExactly(alone, within(1e-15));
    assertThat(Arrays.copyOfRange(gates, 8, 12)).containsExactly(alone, within(1e-15));
    assertThat(Arrays.copyOfRange(gates, 4, 8)).isNotEqualTo(alone);
    assertThat(Arrays.stream(gates)).allMatch(g -> g > 0 && g < 1);
  }

  @Test
  void labelOutsideOfTheTableIsNamed() {
    assertThatThrownBy(() -> gates(new int[] {0, 3, 1}, new int[] {1, 2, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input 'labels' holds 3 at position 1, expected an index below C = 3");
  }

  private double[] gates(int[] labels, int[] partner) {
    Signature signature = Objectives.HYDRA.signature("label-network");
    ObjectiveInputs inputs = RandomBatch.draw(signature, false, Map.of("C", 3), 5).inputs(kernels);
    inputs.put("z", kernels.allocate(labels.length, 4));
    inputs.put("labels", labels).put("partner", partner);
    return values(
        ObjectiveFacts.create(kernels, Objectives.HYDRA, Map.of("variant", "label-network"))
            .evaluate(inputs)
            .outputs()
            .get("gates"));
  }

  private LossAndGradient given(double[] z, double[] gates, int[] labels, int[] partner) {
    return ObjectiveFacts.create(kernels, Objectives.HYDRA, Map.of())
        .evaluate(
            new ObjectiveInputs()
                .put("z", ObjectiveFacts.rows(kernels, z))
                .put("gates", ObjectiveFacts.rows(kernels, gates))
                .put("labels", labels)
                .put("partner", partner));
  }

  private double[] values(Matrix matrix) {
    return ObjectiveFacts.values(kernels, matrix);
  }
}
