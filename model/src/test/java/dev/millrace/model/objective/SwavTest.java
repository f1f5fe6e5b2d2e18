package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static dev.millrace.model.objective.ObjectiveFacts.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwavTest {

  private static final double[] P = {1, 0, 0, 0, 0, 1, 0, -1, 0, 0, 1, 1, 1, 1, 0, 0};

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void twoCropsByHand() {
    LossAndGradient result = evaluate(Map.of(), null, A, B);
    assertThat(result.loss()).isCloseTo(0.514453, within(1e-6));
    double[] q = ObjectiveFacts.values(kernels, result.outputs().get("assignments"));
    assertThat(Arrays.copyOf(q, 4))
        .containsExactly(new double[] {.503946, 0, 0, .496054}, within(1e-6));
    assertThat(Arrays.copyOfRange(q, 12, 16))
        .containsExactly(new double[] {.666531, .000006, .000002, .333461}, within(1e-6));
  }

  @Test
  void gradientByHandPassesTheNormalisationOfTheRowsAlone() {
    Matrix gradient = evaluate(Map.of(), null, A, B).gradient("z");
    double[] slopes = {-.211258, .003207, .003207, .204844};
    double[] prototypes = unit(P);
    double[] b = unit(Arrays.copyOf(B, 4));
    double[] along = new double[4];
    double radial = 0;
    for (int j = 0; j < 4; j++) {
      for (int k = 0; k < 4; k++) {
        along[j] += slopes[k] * prototypes[4 * k + j];
      }
      radial += along[j] * b[j];
    }
    for (int j = 0; j < 4; j++) {
      assertThat(gradient.get(3, j))
          .isCloseTo((along[j] - radial * b[j]) / Math.sqrt(6), within(1e-6));
    }
  }

  @Test
  void queueTakesPartInTheBalanceOfItsOwnCropAlone() {
    double[] first = Arrays.copyOf(unit(C), 4);
    double[] both = {first[0], first[1], first[2], first[3], 0, 0, 1, 0};
    double[] q =
        ObjectiveFacts.values(kernels, evaluate(Map.of(), both, A, B).outputs().get("assignments"));
    assertThat(Arrays.copyOf(q, 12))
        .containsExactly(
            new double[] {.218491, 0, .000001, .781508, 0, .991361, 0, .008639, 0, 0, 1, 0},
            within(1e-6));
    double[] swapped = {0, 0, 1, 0, first[0], first[1], first[2], first[3]};
    double[] other =
        ObjectiveFacts.values(
            kernels, evaluate(Map.of(), swapped, B, A).outputs().get("assignments"));
    assertThat(Arrays.copyOfRange(other, 12, 24)).isEqualTo(Arrays.copyOf(q, 12));
  }

  @Test
  void emptyQueueIsNone() {
    LossAndGradient without = evaluate(Map.of(), null, A, B);
    double loss = without.loss();
    assertThat(evaluate(Map.of(), new double[0], A, B).loss()).isEqualTo(loss);
  }

  @Test
  void assignedCropsInAnotherOrderHaveTheirLossesInThatOrder() {
    Map<String, Integer> crops = Map.of("crops", 3);
    double[] there = losses(evaluate(crops, null, A, B, C));
    double[] back = losses(evaluate(crops, null, B, A, C));
    assertThat(back).containsExactly(new double[] {there[1], there[0]}, within(1e-14));
    assertThat(there[0]).isNotCloseTo(there[1], within(1e-6));
  }

  @Test
  void cropThatIsNotAssignedPredictsTheMeanOfThoseThatAre() {
    double both = evaluate(Map.of("crops", 3), null, A, A, C).loss();
    double own = evaluate(Map.of(), null, A, A).loss();
    double one = losses(evaluate(Map.of("assignmentCrops", 1), null, A, C))[0];
    assertThat(both).isCloseTo((own + one) / 2, within(1e-14));
  }

  @Test
  void collapsedRowsCostTheLogarithmOfTheNumberOfPrototypes() {
    double[] zero = new double[12];
    assertThat(evaluate(Map.of(), null, zero, zero).loss()).isCloseTo(Math.log(4), within(1e-14));
  }

  @Test
  void cropsMustAllowASwap() {
    assertThatThrownBy(() -> evaluate(Map.of("crops", 1), null, A))
        .hasMessageContaining("'crops' must be at least 2, was 1");
    assertThatThrownBy(() -> evaluate(Map.of("assignmentCrops", 3), null, A, B))
        .hasMessageContaining("'assignmentCrops' must be from 1 to 2, the crops, was 3");
  }

  private double[] losses(LossAndGradient result) {
    return ObjectiveFacts.values(kernels, result.outputs().get("assignmentLoss"));
  }

  private double[] unit(double[] rows) {
    return ObjectiveFacts.values(
        kernels, new UnitRows(kernels).forward(ObjectiveFacts.rows(kernels, rows)));
  }

  private LossAndGradient evaluate(Map<String, ?> parameters, double[] queue, double[]... crops) {
    double[] z = Arrays.stream(crops).flatMapToDouble(Arrays::stream).toArray();
    ObjectiveInputs inputs =
        new ObjectiveInputs()
            .put("z", ObjectiveFacts.rows(kernels, z))
            .put("prototypes", kernels.of(4, 4, unit(P)));
    if (queue != null) {
      Matrix rows = kernels.of(queue.length / 4, 4, queue);
      inputs.put("queue", rows, 2, queue.length / 8, 4);
    }
    return ObjectiveFacts.create(kernels, Objectives.SWAV, parameters).evaluate(inputs);
  }
}
