package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static dev.millrace.model.objective.ObjectiveFacts.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacrTest {

  private static final double[] BANK = {1, 0, 2, -1, 0, 3, 1, 0, -2, 1, 0, 1, 1, 1, 1, 1};

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void threeViewsByHand() {
    LossAndGradient result =
        evaluate(Map.of("tMinus", 0.9), ObjectiveFacts.views(kernels, A, B, C));
    assertThat(result.scalars().get("attraction")).isCloseTo(.439923, within(1e-6));
    assertThat(result.scalars().get("repulsion")).isCloseTo(-1.911269, within(1e-6));
    assertThat(result.loss()).isCloseTo(-1.471346, within(1e-6));
  }

  @Test
  void withoutSharpnessAllDistancesCountAlike() {
    LossAndGradient result =
        evaluate(Map.of("tPlus", 0, "tMinus", 0), ObjectiveFacts.views(kernels, A, B));
    double near = 0;
    double far = 0;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        near += i == j ? distance(A, i, B, j) / 3 : 0;
        far += i == j ? 0 : distance(A, i, B, j) / 6;
      }
    }
    assertThat(result.scalars().get("attraction")).isCloseTo(near, within(1e-13));
    assertThat(result.scalars().get("repulsion")).isCloseTo(-far, within(1e-13));
  }

  @Test
  void sharpWeightsTakeTheFarthestPositiveAndTheNearestNegative() {
    LossAndGradient result =
        evaluate(Map.of("tPlus", 1e6, "tMinus", 1e6), ObjectiveFacts.views(kernels, A, B));
    double nearest = 0;
    for (int i = 0; i < 3; i++) {
      int a = (i + 1) % 3;
      int b = (i + 2) % 3;
      nearest += Math.min(distance(A, i, B, a), distance(A, i, B, b)) / 3;
    }
    assertThat(result.scalars().get("repulsion")).isCloseTo(-nearest, within(1e-9));
  }

  @Test
  void rowOfZerosIsAtDistanceOneOfEveryUnitRow() {
    double[] zero = new double[4];
    double[] one = {3, 1, 0, 1};
    LossAndGradient result = evaluate(Map.of(), ObjectiveFacts.views(kernels, zero, one));
    assertThat(result.scalars().get("attraction")).isCloseTo(1, within(1e-14));
  }

  @Test
  void detachedWeightsPushEveryNegativeAndAttachedOnesDrawFarOnesNear() {
    double[] z1 = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
    double[] z2 = {1, 0, 0, 0, .9, .1, 0, 0, -1, 0, .1, 0};
    // Of the negatives of row 0 of the first view one is near; row 2 is on the other side.
    int far = 4 * (3 + 2);
    assertThat(gradient(true, z1, z2)[far]).isPositive();
    assertThat(gradient(false, z1, z2)[far]).isNegative();
  }

  private double[] gradient(boolean detach, double[] z1, double[] z2) {
    Map<String, ?> parameters = Map.of("tMinus", 2, "alpha", 0, "detachWeights", detach);
    LossAndGradient result = evaluate(parameters, ObjectiveFacts.views(kernels, z1, z2));
    return ObjectiveFacts.values(kernels, result.gradient("z"));
  }

  @Test
  void bankOfNothingLeavesTheOtherQueriesOfTheView() {
    LossAndGradient empty = bank(Map.of(), null, A, B);
    int[] none = new int[12];
    LossAndGradient masked = bank(Map.of(), none, A, B);
    assertThat(masked.loss()).isCloseTo(empty.loss(), within(1e-14));
    LossAndGradient full = bank(Map.of(), new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, A, B);
    assertThat(full.loss()).isNotCloseTo(empty.loss(), within(1e-3));
  }

  @Test
  void everyViewIsRepelledByTheBank() {
    double[] first = ObjectiveFacts.values(kernels, bank(Map.of(), null, A, B).gradient("q"));
    int[] all = new int[12];
    Arrays.fill(all, 1);
    double[] second = ObjectiveFacts.values(kernels, bank(Map.of(), all, A, B).gradient("q"));
    for (int row = 0; row < 6; row++) {
      double change = 0;
      for (int d = 4 * row; d < 4 * row + 4; d++) {
        change += Math.abs(first[d] - second[d]);
      }
      assertThat(change).as("row %d", row).isGreaterThan(1e-3);
    }
  }

  @Test
  void oneQueryWithoutABankIsOnlyAttracted() {
    double[] one = {3, 1, 0, 1};
    LossAndGradient result = bank(Map.of(), null, one, new double[] {1, 0, 1, 1});
    assertThat(result.scalars().get("repulsion")).isZero();
    assertThat(result.scalars().get("attraction")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bank", "none"})
  void attachedWeightsOfABankAreDifferentiated(String detach) {
    Map<String, ?> parameters = Map.of("detachWeights", detach, "variant", "bank");
    Objective objective = ObjectiveFacts.create(kernels, Objectives.CACR, parameters);
    double[] q = {3, 1, 0, 1, 0, 2, 1, -1, -1, 0, 2, 1, 2, 1, 1, 0, 1, 2, 0, -1, -1, 1, 2, 2};
    objective.stopGradient().record();
    LossAndGradient result = objective.evaluate(inputs(q, BANK));
    double[] gradient = ObjectiveFacts.values(kernels, result.gradient("q"));
    objective.stopGradient().replay();
    double step = 1e-5;
    for (int i = 0; i < q.length; i++) {
      double[] more = q.clone();
      more[i] += step;
      double[] less = q.clone();
      less[i] -= step;
      double difference =
          objective.evaluate(inputs(more, BANK)).loss()
              - objective.evaluate(inputs(less, BANK)).loss();
      assertThat(gradient[i]).isCloseTo(difference / (2 * step), within(1e-8));
    }
  }

  private LossAndGradient bank(Map<String, ?> parameters, int[] mask, double[]... views) {
    double[] q = Arrays.stream(views).flatMapToDouble(Arrays::stream).toArray();
    ObjectiveInputs inputs = inputs(q, mask == null ? new double[0] : BANK);
    if (mask != null) {
      inputs.put("mask", mask, 3, 4);
    }
    return Objectives.CACR
        .create(kernels, new ObjectiveParameters(parameters), Set.of("q", "k", "bank"))
        .evaluate(inputs);
  }

  /** Two views of queries and keys, and a bank. */
  private ObjectiveInputs inputs(double[] q, double[] bank) {
    int batch = q.length / 8;
    double[] k = new double[q.length];
    for (int i = 0; i < q.length; i++) {
      k[i] = Math.sin(1 + i);
    }
    return new ObjectiveInputs()
        .put("q", ObjectiveFacts.rows(kernels, q), 2, batch, 4)
        .put("k", ObjectiveFacts.rows(kernels, k), 2, batch, 4)
        .put("bank", ObjectiveFacts.rows(kernels, bank));
  }

  private LossAndGradient evaluate(Map<String, ?> parameters, ObjectiveInputs inputs) {
    return ObjectiveFacts.create(kernels, Objectives.CACR, parameters).evaluate(inputs);
  }

  private static double distance(double[] a, int i, double[] b, int j) {
    double left = norm(a, i);
    double right = norm(b, j);
    double sum = 0;
    for (int d = 0; d < 4; d++) {
      sum += Math.pow(a[4 * i + d] / left - b[4 * j + d] / right, 2);
    }
    return sum;
  }

  private static double norm(double[] x, int row) {
    double sum = 0;
    for (int d = 4 * row; d < 4 * row + 4; d++) {
      sum += x[d] * x[d];
    }
    return Math.sqrt(sum);
  }
}
