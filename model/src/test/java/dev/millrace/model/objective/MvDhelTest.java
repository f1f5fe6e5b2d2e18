package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static dev.millrace.model.objective.ObjectiveFacts.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.reference.TestKernels;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MvDhelTest {

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void threeViewsByHand() {
    assertThat(evaluate(0.5, A, B, C).loss()).isCloseTo(-0.590017, within(1e-6));
  }

  @Test
  void twoViewsAreTheSumOfBothDirectionsWithNegativesOfTheAnchorsView() {
    double tau = 0.3;
    double expected = 0;
    for (int i = 0; i < 3; i++) {
      for (double[] view : new double[][] {A, B}) {
        double sum = 0;
        for (int j = 0; j < 3; j++) {
          sum += i == j ? 0 : Math.exp(cosine(view, i, view, j) / tau);
        }
        expected += Math.log(sum) / 3;
      }
      expected -= cosine(A, i, B, i) / tau / 3;
    }
    assertThat(evaluate(tau, A, B).loss()).isCloseTo(expected, within(1e-13));
  }

  @Test
  void instanceThatMovesInOneViewTouchesOthersInThatViewAlone() {
    double[] moved = A.clone();
    moved[0] = -3;
    double[] before = rowLoss(evaluate(1, A, B, C));
    double[] after = rowLoss(evaluate(1, moved, B, C));
    for (int i = 1; i < 3; i++) {
      double own = uniformity(moved, i) - uniformity(A, i);
      assertThat(after[i] - before[i]).isCloseTo(own, within(1e-13));
    }
  }

  @Test
  void eightViewsAtASmallTemperatureStayFiniteInFloat32() {
    double[] row = {1, 2, 0, 1, 1, 2, 0, 1, 1, 2, 0, 1};
    try (Kernels fast = TestKernels.CPU.create()) {
      Objective objective = ObjectiveFacts.create(fast, Objectives.MV_DHEL, Map.of("tau", 0.01));
      LossAndGradient result =
          objective.evaluate(ObjectiveFacts.views(fast, row, row, row, row, row, row, row, row));
      double expected = 8 * (100 + Math.log(2)) - 100 - Math.log(28);
      assertThat(result.loss()).isCloseTo(expected, within(1e-2));
    }
  }

  @Test
  void oneViewOrOneInstanceCostsNothing() {
    assertNothing(evaluate(0.5, A));
    assertNothing(evaluate(0.5, new double[] {3, 1, 0, 1}, new double[] {1, 0, 1, 1}));
  }

  private void assertNothing(LossAndGradient result) {
    assertThat(result.loss()).isZero();
    assertThat(ObjectiveFacts.values(kernels, result.gradient("z"))).containsOnly(0);
  }

  private double[] rowLoss(LossAndGradient result) {
    return ObjectiveFacts.values(kernels, result.outputs().get("rowLoss"));
  }

  private static double uniformity(double[] view, int i) {
    double sum = 0;
    for (int j = 0; j < 3; j++) {
      sum += i == j ? 0 : Math.exp(cosine(view, i, view, j));
    }
    return Math.log(sum);
  }

  private static double cosine(double[] a, int i, double[] b, int j) {
    double dot = 0;
    double left = 0;
    double right = 0;
    for (int d = 0; d < 4; d++) {
      dot += a[4 * i + d] * b[4 * j + d];
      left += a[4 * i + d] * a[4 * i + d];
      right += b[4 * j + d] * b[4 * j + d];
    }
    return dot / Math.sqrt(left * right);
  }

  private LossAndGradient evaluate(double tau, double[]... views) {
    return ObjectiveFacts.create(kernels, Objectives.MV_DHEL, Map.of("tau", tau))
        .evaluate(ObjectiveFacts.views(kernels, views));
  }
}
