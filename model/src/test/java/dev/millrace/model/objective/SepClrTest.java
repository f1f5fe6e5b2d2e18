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
import org.junit.jupiter.api.Test;

class SepClrTest {

  private static final int[] TARGETS = {1, 1, 1};

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void termsByHand() {
    double[] salient = unit(B);
    LossAndGradient same = evaluate(Map.of(), A, A, salient, salient, TARGETS);
    assertThat(term(same, "commonAlignment")).isZero();
    assertThat(term(same, "commonUniformity")).isCloseTo(2 * -1.908964, within(2e-6));
    assertThat(term(same, "jointEntropy")).isCloseTo(-1.020228, within(1e-6));
    LossAndGradient views = evaluate(Map.of(), A, B, salient, salient, TARGETS);
    assertThat(term(views, "commonAlignment")).isCloseTo(.267553, within(1e-6));
  }

  @Test
  void lossIsTheWeightedSumOfItsTerms() {
    Map<String, Double> weights =
        Map.of("salientWeight", 2.0, "informationLessWeight", 3.0, "jointEntropyWeight", 5.0);
    LossAndGradient result = evaluate(weights, A, B, B, A, new int[] {1, 0, 1});
    double expected =
        term(result, "commonAlignment")
            + term(result, "commonUniformity")
            + 2 * (term(result, "salientAlignment") + term(result, "salientUniformity"))
            + 3 * term(result, "informationLess")
            + 5 * term(result, "jointEntropy");
    assertThat(result.loss()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void salientRowsOfTheBackgroundAreOnlyDrawnToZero() {
    Map<String, Double> weights = Map.of("informationLessWeight", 3.0);
    LossAndGradient result = evaluate(weights, A, B, B, A, new int[] {0, 1, 1});
    double[] gradient = values(result.gradient("salient1"));
    for (int d = 0; d < 4; d++) {
      assertThat(gradient[d]).isCloseTo(3 * B[d] / (2 * 0.5), within(1e-14));
    }
    double squares = 0;
    for (int d = 0; d < 4; d++) {
      squares += (A[d] * A[d] + B[d] * B[d]) / 2;
    }
    assertThat(term(result, "informationLess")).isCloseTo(squares, within(1e-13));
  }

  @Test
  void onePopulationAlone() {
    LossAndGradient background = evaluate(Map.of(), A, B, B, A, new int[3]);
    assertThat(term(background, "salientAlignment")).isZero();
    assertThat(term(background, "salientUniformity")).isCloseTo(0, within(1e-15));
    LossAndGradient target = evaluate(Map.of(), A, B, B, A, TARGETS);
    assertThat(term(target, "informationLess")).isZero();
  }

  @Test
  void jointEntropyOfRowsFarApartIsThatOfEachAlone() {
    double[] far = {1e4, 0, 0, 0, 0, 1e4, 0, 0, 0, 0, 1e4, 0};
    LossAndGradient result = evaluate(Map.of(), A, A, far, far, TARGETS);
    assertThat(term(result, "jointEntropy")).isEqualTo(-Math.log(3));
    double[] equal = new double[12];
    LossAndGradient none =
        evaluate(Map.of(), new double[12], new double[12], equal, equal, TARGETS);
    assertThat(term(none, "jointEntropy")).isCloseTo(0, within(1e-15));
  }

  @Test
  void salientRowsAreNotNormalised() {
    double[] longer = Arrays.stream(B).map(x -> 2 * x).toArray();
    double one = term(evaluate(Map.of(), A, A, B, A, TARGETS), "salientAlignment");
    double[] longerA = Arrays.stream(A).map(x -> 2 * x).toArray();
    double two = term(evaluate(Map.of(), A, A, longer, longerA, TARGETS), "salientAlignment");
    assertThat(two).isCloseTo(4 * one, within(1e-12));
  }

  @Test
  void otherLabelsAreRefused() {
    assertThatThrownBy(() -> evaluate(Map.of(), A, B, B, A, new int[] {0, 2, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label 2 of row 1: use 1 for the target, 0 for the background");
  }

  @Test
  void discreteAttributesAlignEqualValuesAlone() {
    Map<String, ?> discrete = Map.of("discrete", true);
    double[] salient = {0, 1, 3};
    LossAndGradient result = supervised(discrete, salient, 2, 2, 5);
    assertThat(term(result, "alignment")).isCloseTo(1.0 / 3, within(1e-15));
    double[] far = {100.1, 101.1, 103.1};
    double shifted = term(supervised(discrete, far, 1e4 + 2, 1e4 + 2, 1e4 + 5), "alignment");
    assertThat(shifted).isCloseTo(1.0 / 3, within(1e-12));
  }

  @Test
  void nearAttributesAlignByTheirDistance() {
    LossAndGradient result =
        supervised(Map.of("bandwidth", 0.02), new double[] {0, 2, 9}, 1, 1.2, 9);
    assertThat(term(result, "alignment")).isCloseTo(4 * Math.exp(-1) / 3, within(1e-13));
    double mean = (Math.exp(-4) + Math.exp(-81) + Math.exp(-49)) / 3;
    assertThat(term(result, "uniformity")).isCloseTo(Math.log(mean), within(1e-13));
  }

  private LossAndGradient supervised(
      Map<String, ?> parameters, double[] salient, double... attributes) {
    return ObjectiveFacts.create(
            kernels, Objectives.SEPCLR, with(parameters, "variant", "supervised"))
        .evaluate(
            new ObjectiveInputs()
                .put("salient", kernels.of(3, 1, salient))
                .put("attributes", kernels.of(3, 1, attributes)));
  }

  private static Map<String, Object> with(Map<String, ?> parameters, String name, Object value) {
    Map<String, Object> all = new TreeMap<>(parameters);
    all.put(name, value);
    return all;
  }

  private LossAndGradient evaluate(
      Map<String, ?> parameters,
      double[] common1,
      double[] common2,
      double[] salient1,
      double[] salient2,
      int[] labels) {
    return ObjectiveFacts.create(kernels, Objectives.SEPCLR, parameters)
        .evaluate(
            new ObjectiveInputs()
                .put("common1", ObjectiveFacts.rows(kernels, common1))
                .put("common2", ObjectiveFacts.rows(kernels, common2))
                .put("salient1", ObjectiveFacts.rows(kernels, salient1))
                .put("salient2", ObjectiveFacts.rows(kernels, salient2))
                .put("labels", labels));
  }

  private static double[] unit(double[] rows) {
    double[] unit = rows.clone();
    for (int i = 0; i < unit.length; i += 4) {
      double squares = 0;
      for (int d = i; d < i + 4; d++) {
        squares += rows[d] * rows[d];
      }
      for (int d = i; d < i + 4; d++) {
        unit[d] /= Math.sqrt(squares);
      }
    }
    return unit;
  }

  private static double term(LossAndGradient result, String name) {
    return result.scalars().get(name);
  }

  private double[] values(Matrix matrix) {
    return ObjectiveFacts.values(kernels, matrix);
  }
}
