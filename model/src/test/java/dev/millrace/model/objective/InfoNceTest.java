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

class InfoNceTest {

  private final Kernels kernels = ObjectiveFacts.exact();
  private final Objective objective =
      ObjectiveFacts.create(kernels, Objectives.INFO_NCE, Map.of("tau", 0.2));

  @Test
  void threeQueriesAgainstThreeBankRows() {
    assertThat(objective.evaluate(inputs(C)).loss()).isCloseTo(0.641121, within(1e-6));
  }

  @Test
  void maskedRowOfTheBankIsAsGoodAsAbsent() {
    double[] less = Arrays.copyOf(C, 8);
    double expected = objective.evaluate(inputs(less)).loss();
    int[] mask = {1, 1, 0, 1, 1, 0, 1, 1, 0};
    double masked = objective.evaluate(inputs(C).put("mask", mask, 3, 3)).loss();
    assertThat(masked).isCloseTo(expected, within(1e-14));
  }

  @Test
  void weightZeroLeavesANegativeOut() {
    int[] mask = {1, 0, 1, 1, 1, 0, 0, 0, 0};
    double masked = objective.evaluate(inputs(C).put("mask", mask, 3, 3)).loss();
    ObjectiveInputs weighted = inputs(C).put("weight", kernels.of(3, 3, 1, 0, 1, 1, 1, 0, 0, 0, 0));
    assertThat(objective.evaluate(weighted).loss()).isCloseTo(masked, within(1e-14));
  }

  @Test
  void weightTwoCountsANegativeTwice() {
    double[] twice = Arrays.copyOf(C, 16);
    System.arraycopy(C, 8, twice, 12, 4);
    double expected = objective.evaluate(inputs(twice)).loss();
    ObjectiveInputs weighted = inputs(C).put("weight", kernels.of(3, 3, 1, 1, 2, 1, 1, 2, 1, 1, 2));
    assertThat(objective.evaluate(weighted).loss()).isCloseTo(expected, within(1e-14));
  }

  @Test
  void emptyBankCostsNothing() {
    ObjectiveInputs inputs = inputs(C).put("bank", kernels.allocate(0, 4));
    LossAndGradient result = objective.evaluate(inputs);
    assertThat(result.loss()).isZero();
    assertThat(ObjectiveFacts.values(kernels, result.gradient("q"))).containsOnly(0);
  }

  private ObjectiveInputs inputs(double[] bank) {
    return new ObjectiveInputs()
        .put("q", ObjectiveFacts.rows(kernels, A))
        .put("k", ObjectiveFacts.rows(kernels, B))
        .put("bank", ObjectiveFacts.rows(kernels, bank));
  }
}
