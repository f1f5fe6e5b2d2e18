package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdaMeowTest {

  private static final double[] V1 = {.5, -.3, .2, .1, -.4, .6, .1, -.2};
  private static final double[] V2 = {1.5, -.7};

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void constantWeightsAreInfoNceWhenFixed() {
    LossAndGradient plain =
        ObjectiveFacts.create(kernels, Objectives.INFO_NCE, Map.of("tau", 0.9))
            .evaluate(
                new ObjectiveInputs()
                    .put("q", rows(B, 0, 1))
                    .put("k", rows(A, 0, 1))
                    .put("bank", rows(A, 1, 3)));
    LossAndGradient result = evaluate(true, new double[] {0, 0}, -3);
    assertThat(values(result.outputs().get("weights")))
        .containsExactly(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, within(1e-12));
    assertThat(values(result.outputs().get("rowLoss"))[0]).isCloseTo(plain.loss(), within(1e-12));
  }

  @Test
  void fixedWeightsOfTheNegativesSumToTheirNumber() {
    double[] weights = values(evaluate(true, V2, .3).outputs().get("weights"));
    for (int i = 0; i < 3; i++) {
      assertThat(weights[4 * i]).isEqualTo(1);
      assertThat(Arrays.stream(weights, 3 * i, 3 * i + 3).sum()).isCloseTo(3, within(1e-12));
    }
    assertThat(weights[1]).isNotCloseTo(weights[2], within(1e-2));
  }

  @Test
  void weightIsThatOfTheAnchorFromKAndTheCandidateFromQ() {
    double[] weights = values(evaluate(false, V2, .3).outputs().get("weights"));
    double[] q = unit(A);
    double[] k = unit(B);
    double output = .3;
    for (int h = 0; h < 2; h++) {
      double sum = .1 * (h + 1);
      for (int d = 0; d < 4; d++) {
        sum += V1[4 * h + d] * (k[d] + q[8 + d]);
      }
      output += V2[h] * Math.tanh(sum);
    }
    assertThat(weights[2]).isCloseTo(1 / (1 + Math.exp(-output)), within(1e-12));
  }

  @Test
  void smallWeightsLowerTheReleasedLossOnly() {
    double[] none = {0, 0};
    double released = evaluate(false, none, -5).loss();
    double smaller = evaluate(false, none, -25).loss();
    assertThat(released - smaller).isCloseTo(20, within(.01));
    assertThat(evaluate(true, none, -25).loss())
        .isCloseTo(evaluate(true, none, -5).loss(), within(1e-9));
  }

  @Test
  void fixedLossDoesNotPullTheKeysThroughTheWeights() {
    LossAndGradient result = evaluate(true, V2, .3);
    double[] weights = values(result.outputs().get("weights"));
    double[] gradient = values(result.gradient("k"));
    LossAndGradient plain =
        ObjectiveFacts.create(kernels, Objectives.INFO_NCE, Map.of("tau", 0.9))
            .evaluate(
                new ObjectiveInputs()
                    .put("q", rows(B, 0, 1))
                    .put("k", rows(A, 0, 1))
                    .put("bank", rows(A, 1, 3))
                    .put("weight", kernels.of(1, 2, weights[1], weights[2])));
    double[] expected = Arrays.stream(values(plain.gradient("q"))).map(g -> g / 3).toArray();
    assertThat(Arrays.copyOf(gradient, 4)).containsExactly(expected, within(1e-12));
  }

  @Test
  void singlePairCostsNothingWhenFixedAndItsOwnWeightAsReleased() {
    assertThat(single(true).loss()).isZero();
    assertThat(values(single(true).gradient("b2"))).containsOnly(0);
    LossAndGradient released = single(false);
    double weight = values(released.outputs().get("weights"))[0];
    assertThat(released.loss()).isCloseTo(Math.log(weight), within(1e-12));
  }

  private LossAndGradient single(boolean fixed) {
    return evaluate(fixed, Arrays.copyOf(A, 4), Arrays.copyOf(B, 4), V2, .3);
  }

  private LossAndGradient evaluate(boolean fixed, double[] v2, double b2) {
    return evaluate(fixed, A, B, v2, b2);
  }

  private LossAndGradient evaluate(boolean fixed, double[] q, double[] k, double[] v2, double b2) {
    return ObjectiveFacts.create(kernels, Objectives.ADAMEOW, Map.of("fixed", fixed))
        .evaluate(
            new ObjectiveInputs()
                .put("q", ObjectiveFacts.rows(kernels, q))
                .put("k", ObjectiveFacts.rows(kernels, k))
                .put("v1", kernels.of(2, 4, V1))
                .put("b1", kernels.of(1, 2, .1, .2), 2)
                .put("v2", kernels.of(1, 2, v2), 2)
                .put("b2", kernels.of(1, 1, b2), 1));
  }

  private double[] values(Matrix matrix) {
    return ObjectiveFacts.values(kernels, matrix);
  }

  private Matrix rows(double[] all, int from, int to) {
    return ObjectiveFacts.rows(kernels, Arrays.copyOfRange(all, 4 * from, 4 * to));
  }

  private static double[] unit(double[] x) {
    double[] unit = x.clone();
    for (int from = 0; from < x.length; from += 4) {
      double norm = 0;
      for (int i = from; i < from + 4; i++) {
        norm += x[i] * x[i];
      }
      for (int i = from; i < from + 4; i++) {
        unit[i] /= Math.sqrt(norm);
      }
    }
    return unit;
  }
}
