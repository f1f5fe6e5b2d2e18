package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DclTest {

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void threePairsByHand() {
    LossAndGradient result = evaluate(Objectives.DCL, Map.of("tau", 0.1), A, B);
    assertThat(result.scalars().get("loss12")).isCloseTo(-4.678058, within(1e-6));
    assertThat(result.scalars().get("loss21")).isCloseTo(-3.138658, within(1e-6));
    assertThat(result.loss()).isCloseTo(-3.908358, within(1e-6));
  }

  @Test
  void weightsByHandHaveMeanOne() {
    LossAndGradient result = evaluate(Objectives.DCLW, Map.of("tau", 0.1, "sigma", 0.5), A, B);
    double[] weight = ObjectiveFacts.values(kernels, result.outputs().get("weight"));
    assertThat(weight).containsExactly(new double[] {1.010785, 1.065233, .923982}, within(1e-6));
    assertThat(Arrays.stream(weight).average().orElseThrow()).isCloseTo(1, within(1e-14));
    assertThat(result.loss()).isCloseTo(-3.891546, within(1e-6));
  }

  @Test
  void ntXentIsDecoupledLossTimesTheShareOfTheNegatives() {
    Map<String, Double> tau = Map.of("tau", 0.3);
    double[] same = new double[12];
    Arrays.fill(same, 1);
    double[] turned = {1, 1, 1, 0.5, 1, 1, 1, 0.5, 1, 1, 1, 0.5};
    LossAndGradient coupled = evaluate(Objectives.NT_XENT, tau, same, turned);
    LossAndGradient decoupled = evaluate(Objectives.DCL, tau, same, turned);
    double[] slow = ObjectiveFacts.values(kernels, coupled.gradient("z1"));
    double[] full = ObjectiveFacts.values(kernels, decoupled.gradient("z1"));
    double share = 1 - Math.exp(-coupled.loss());
    for (int i = 0; i < slow.length; i++) {
      assertThat(slow[i]).isCloseTo(share * full[i], within(1e-12));
    }
  }

  @Test
  void dominantPairIsNotPushedApartWhenTheWeightIsClamped() {
    double[] z1 = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
    double[] z2 = {1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0};
    double[] clamped = weight(true, z1, z2);
    double[] free = weight(false, z1, z2);
    assertThat(free[0]).isNegative();
    assertThat(clamped[0]).isZero();
    assertThat(clamped[1]).isEqualTo(free[1]);
  }

  @Test
  void batchOfOneCostsNothing() {
    LossAndGradient result =
        evaluate(Objectives.DCL, Map.of(), Arrays.copyOf(A, 4), Arrays.copyOf(B, 4));
    assertThat(result.loss()).isZero();
    assertThat(ObjectiveFacts.values(kernels, result.gradient("z2"))).containsOnly(0);
  }

  private double[] weight(boolean clamp, double[] z1, double[] z2) {
    Map<String, ?> parameters = Map.of("sigma", 0.5, "clampWeight", clamp);
    LossAndGradient result = evaluate(Objectives.DCLW, parameters, z1, z2);
    return ObjectiveFacts.values(kernels, result.outputs().get("weight"));
  }

  private LossAndGradient evaluate(
      Objectives objective, Map<String, ?> parameters, double[] z1, double[] z2) {
    return ObjectiveFacts.pair(kernels, objective, parameters, z1, z2);
  }
}
