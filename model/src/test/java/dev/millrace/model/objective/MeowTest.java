package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeowTest {

  private static final double[] Q = {1, .2, .9, .4, -.3, 1, -1, -.5};
  private static final double[] K = {.8, .1, 1, .6, -.1, 1, -.9, -.2};
  private static final int[] TWO_CLUSTERINGS = {0, 0, 1, 1, 0, 0, 1, 2};
  private static final String TWO_AND_THREE = "2,3";

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void releasedByHand() {
    LossAndGradient result = evaluate(false, TWO_AND_THREE, TWO_CLUSTERINGS, true);
    assertThat(values(result, "weights"))
        .containsExactly(0, 0, 2, 2, 0, 0, 2, 2, 2, 2, 0, 1, 2, 2, 1, 0);
    assertThat(result.scalars().get("infoNce")).isCloseTo(-0.916067, within(1e-6));
    assertThat(result.scalars().get("prototype")).isCloseTo(0.629169, within(1e-6));
    assertThat(result.loss()).isCloseTo(0.629169 - 0.916067, within(2e-6));
  }

  @Test
  void fixedPrototypeTermIsTheTextbookOne() {
    LossAndGradient result = evaluate(true, TWO_AND_THREE, TWO_CLUSTERINGS, true);
    assertThat(result.scalars().get("prototype")).isCloseTo(0.138754, within(1e-6));
  }

  @Test
  void fixedWeightsOfTheNegativesSumToTheirNumberAndKeepAFloor() {
    double[] weights =
        values(evaluate(true, TWO_AND_THREE, new int[] {0, 0, 0, 1, 0, 0, 1, 2}, false), "weights");
    for (int i = 0; i < 4; i++) {
      assertThat(weights[5 * i]).isEqualTo(1);
      assertThat(Arrays.stream(weights, 4 * i, 4 * i + 4).sum()).isCloseTo(4, within(1e-12));
    }
    assertThat(weights[1]).isCloseTo(3 * 0.1 / 3.1, within(1e-12));
  }

  @Test
  void clustersMayBeRenamed() {
    int[] renamed = {2, 2, 0, 0, 1, 1, 2, 0};
    for (boolean fixed : new boolean[] {true, false}) {
      LossAndGradient a = evaluate(fixed, "3,3", TWO_CLUSTERINGS, false);
      double loss = a.loss();
      double[] gradient = ObjectiveFacts.values(kernels, a.gradient("q"));
      LossAndGradient b = evaluate(fixed, "3,3", renamed, false);
      assertThat(b.loss()).isCloseTo(loss, within(1e-12));
      assertThat(ObjectiveFacts.values(kernels, b.gradient("q")))
          .containsExactly(gradient, within(1e-12));
    }
  }

  @Test
  void releasedWithoutCommonClustersIsDecoupledInfoNcePlusLogT() {
    double released =
        evaluate(false, "4,4", new int[] {0, 1, 2, 3, 3, 2, 1, 0}, false).scalars().get("infoNce");
    double[] q = unit(Q);
    double[] k = unit(K);
    double expected = Math.log(2);
    for (int i = 0; i < 4; i++) {
      double sum = 0;
      for (int j = 0; j < 4; j++) {
        sum += i == j ? 0 : Math.exp(dot(q, i, k, j) / 0.5);
      }
      expected += (Math.log(sum) - dot(q, i, k, i) / 0.5) / 4;
    }
    assertThat(released).isCloseTo(expected, within(1e-12));
  }

  @Test
  void allInOneClusterIsPlainInfoNceWhenFixedAndCostsNothingAsReleased() {
    int[] one = new int[8];
    LossAndGradient fixed = evaluate(true, "1,1", one, false);
    assertThat(values(fixed, "weights"))
        .containsExactly(
            new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, within(1e-12));
    assertThat(fixed.scalars().get("prototype")).isZero();
    LossAndGradient released = evaluate(false, "1,1", one, false);
    assertThat(released.scalars().get("infoNce")).isZero();
    assertThat(ObjectiveFacts.values(kernels, released.gradient("k"))).containsOnly(0);
  }

  @Test
  void singlePairCostsNothing() {
    LossAndGradient result =
        create(Map.of("clusters", "2"))
            .evaluate(
                new ObjectiveInputs()
                    .put("q", kernels.of(1, 2, 1, 2))
                    .put("k", kernels.of(1, 2, -2, 1))
                    .put("assignments", new int[] {1}, 1, 1));
    assertThat(result.loss()).isZero();
    assertThat(ObjectiveFacts.values(kernels, result.gradient("q"))).containsOnly(0);
  }

  @Test
  void equalMembersHaveTheTemperatureItself() {
    double[] same = {1, 0, 1, 0, 0, 1, 0, 1};
    LossAndGradient result =
        create(Map.of("clusters", "3", "tau", 0.5))
            .evaluate(
                new ObjectiveInputs()
                    .put("q", kernels.of(4, 2, Q))
                    .put("k", kernels.of(4, 2, same))
                    .put("assignments", new int[] {0, 0, 2, 2}, 1, 4));
    assertThat(values(result, "concentrations")).containsExactly(0.5, 0, 0.5);
  }

  @Test
  void clusterThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> evaluate(true, "2,2", TWO_CLUSTERINGS, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "input 'assignments' holds 2 at position 7 of a clustering of 2 clusters");
  }

  private LossAndGradient evaluate(
      boolean fixed, String clusters, int[] assignments, boolean constantConcentrations) {
    ObjectiveInputs inputs =
        new ObjectiveInputs()
            .put("q", kernels.of(4, 2, Q))
            .put("k", kernels.of(4, 2, K))
            .put("assignments", assignments, 2, 4);
    if (constantConcentrations) {
      double[] tau = {.5, .5, .5, .5, .5};
      inputs.put("concentrations", kernels.of(1, 5, tau), 5);
    }
    return create(Map.of("fixed", fixed, "clusters", clusters, "tau", 0.5)).evaluate(inputs);
  }

  private Objective create(Map<String, ?> parameters) {
    return ObjectiveFacts.create(kernels, Objectives.MEOW, new TreeMap<>(parameters));
  }

  private double[] values(LossAndGradient result, String output) {
    return ObjectiveFacts.values(kernels, result.outputs().get(output));
  }

  private static double[] unit(double[] x) {
    double[] unit = x.clone();
    for (int i = 0; i < x.length; i += 2) {
      double norm = Math.hypot(x[i], x[i + 1]);
      unit[i] /= norm;
      unit[i + 1] /= norm;
    }
    return unit;
  }

  private static double dot(double[] a, int i, double[] b, int j) {
    return a[2 * i] * b[2 * j] + a[2 * i + 1] * b[2 * j + 1];
  }
}
