package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SupConTest {

  private static final int[] DISTINCT = {4, 5, 6};
  private static final double[] BOTH =
      DoubleStream.concat(Arrays.stream(A), Arrays.stream(B)).toArray();

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void oneLabelPerPairOfViewsIsNtXent() {
    LossAndGradient expected =
        ObjectiveFacts.pair(kernels, Objectives.NT_XENT, Map.of("tau", 0.5), A, B);
    LossAndGradient actual = inner(0.5, inputs(BOTH, 4, 5, 6, 4, 5, 6));
    assertThat(actual.loss()).isCloseTo(0.736066, within(1e-6));
    assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-13));
    double[] gradient = values(actual.gradient("z"));
    assertThat(Arrays.copyOf(gradient, 12))
        .containsExactly(values(expected.gradient("z1")), within(1e-13));
    assertThat(Arrays.copyOfRange(gradient, 12, 24))
        .containsExactly(values(expected.gradient("z2")), within(1e-13));
  }

  @Test
  void bankServesAsSecondViewWithoutGradient() {
    ObjectiveInputs inputs =
        inputs(A, DISTINCT)
            .put("bank", ObjectiveFacts.rows(kernels, B))
            .put("bankLabels", DISTINCT);
    LossAndGradient pair =
        ObjectiveFacts.pair(kernels, Objectives.NT_XENT, Map.of("tau", 0.5), A, B);
    double[] rowLoss = values(pair.outputs().get("rowLoss"));
    LossAndGradient result = inner(0.5, inputs);
    assertThat(result.loss()).isCloseTo((rowLoss[0] + rowLoss[1] + rowLoss[2]) / 3, within(1e-13));
    assertThat(result.gradients()).containsOnlyKeys("z");
  }

  @Test
  void bankOfForeignLabelsHasNegativesOnly() {
    double without = inner(0.5, inputs(BOTH, 4, 5, 6, 4, 5, 6)).loss();
    ObjectiveInputs inputs =
        inputs(BOTH, 4, 5, 6, 4, 5, 6)
            .put("bank", ObjectiveFacts.rows(kernels, 1, 1, 1, 1))
            .put("bankLabels", new int[] {7});
    LossAndGradient result = inner(0.5, inputs);
    assertThat(result.loss()).isGreaterThan(without);
    assertThat(result.scalars().get("anchors")).isEqualTo(6);
  }

  @Test
  void equalRowsOfOneLabelCostTheLogarithmOfTheOthers() {
    double[] same = new double[16];
    Arrays.fill(same, 1);
    LossAndGradient result = inner(0.1, inputs(same, 3, 3, 3, 3));
    assertThat(result.loss()).isCloseTo(Math.log(3), within(1e-12));
    assertThat(values(result.gradient("z"))).containsOnly(new double[] {0}, within(1e-12));
  }

  @Test
  void rowsWithoutPositiveAreNoAnchors() {
    LossAndGradient one = inner(0.5, inputs(A, 1, 2, 1));
    assertThat(one.scalars().get("anchors")).isEqualTo(2);
    LossAndGradient none = inner(0.5, inputs(A, DISTINCT));
    assertThat(none.loss()).isZero();
    assertThat(none.scalars().get("anchors")).isZero();
    assertThat(values(none.gradient("z"))).containsOnly(0);
  }

  @Test
  void farNegativesKeepTheirGradient() {
    double[] rows = {1, 0, 0, 0, 1, 0.1, 0, 0, -1, 0.2, 0, 0, -1, 0.3, 0, 0};
    LossAndGradient result = inner(0.02, inputs(rows, 0, 0, 1, 1));
    assertThat(result.loss()).isBetween(1e-44, 1e-40);
    assertThat(Math.abs(values(result.gradient("z"))[1])).isBetween(1e-44, 1e-38);
  }

  @Test
  void bankAndItsLabelsBelongTogether() {
    ObjectiveInputs inputs =
        inputs(A, DISTINCT).put("bank", ObjectiveFacts.rows(kernels, 1, 1, 1, 1));
    assertThatThrownBy(() -> inner(0.5, inputs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("give both 'bank' and 'bankLabels', or neither");
  }

  @Test
  void interModalOfDistinctLabelsIsHalfThePairwiseMatching() {
    LossAndGradient inter = modal("inter", Map.of("tau", 0.2), DISTINCT);
    LossAndGradient pairwise = modal("pairwise-masked", Map.of("gamma", 5), DISTINCT);
    assertThat(inter.loss()).isCloseTo(pairwise.loss() / 2, within(1e-13));
    double[] expected = values(pairwise.gradient("text"));
    double[] actual = values(inter.gradient("text"));
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i] / 2, within(1e-13));
    }
  }

  @Test
  void pairsOfOneLabelAttractEachOtherBetweenModalitiesButAreLeftOutOfTheMatching() {
    LossAndGradient matching = modal("pairwise-masked", Map.of(), new int[] {1, 1, 1});
    assertThat(matching.loss()).isZero();
    assertThat(values(matching.gradient("image"))).containsOnly(0);
    LossAndGradient inter = modal("inter", Map.of(), new int[] {1, 1, 1});
    assertThat(inter.loss()).isGreaterThan(Math.log(3));
    assertThat(Arrays.stream(values(inter.gradient("image"))).map(Math::abs).sum()).isPositive();
  }

  private LossAndGradient modal(String variant, Map<String, ?> parameters, int[] labels) {
    Map<String, Object> all = new TreeMap<>(parameters);
    all.put("variant", variant);
    return ObjectiveFacts.create(kernels, Objectives.SUP_CON, all)
        .evaluate(
            new ObjectiveInputs()
                .put("image", ObjectiveFacts.rows(kernels, A))
                .put("text", ObjectiveFacts.rows(kernels, B))
                .put("labels", labels));
  }

  private LossAndGradient inner(double tau, ObjectiveInputs inputs) {
    return ObjectiveFacts.create(kernels, Objectives.SUP_CON, Map.of("tau", tau)).evaluate(inputs);
  }

  private ObjectiveInputs inputs(double[] z, int... labels) {
    return new ObjectiveInputs().put("z", ObjectiveFacts.rows(kernels, z)).put("labels", labels);
  }

  private double[] values(Matrix matrix) {
    return ObjectiveFacts.values(kernels, matrix);
  }
}
