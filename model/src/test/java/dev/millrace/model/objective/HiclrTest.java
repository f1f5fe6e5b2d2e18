package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HiclrTest {

  private static final double[] WEAK = {1, .2, .9, .4};
  private static final double[] NORMAL = {.9, .5, .7, .7};
  private static final double[] STRONG = {.5, .9, .2, 1};
  private static final double[] KEY = {.8, .1, 1, .6};
  private static final double[] BANK = {.3, 1, -1, .2, .6, -.8};

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void threeViewsByHand() {
    LossAndGradient result = evaluate(false, BANK, WEAK, NORMAL, STRONG);
    assertThat(result.scalars().get("contrast")).isCloseTo(0.00424767, within(1e-8));
    assertThat(ObjectiveFacts.values(kernels, result.outputs().get("directional")))
        .containsExactly(new double[] {0.153969, 4.444334}, within(1e-6));
    assertThat(result.loss()).isCloseTo(2.303399, within(1e-6));
  }

  @Test
  void weakestViewLearnsFromTheKeyAlone() {
    double[] all = gradient(evaluate(false, BANK, WEAK, NORMAL, STRONG));
    double[] alone = gradient(evaluate(false, BANK, WEAK));
    assertThat(Arrays.copyOf(all, 4)).containsExactly(alone, within(1e-15));
    assertThat(all[4]).isNotZero();
  }

  @Test
  void directionMatters() {
    assertThat(evaluate(false, BANK, NORMAL, WEAK).loss())
        .isNotCloseTo(evaluate(false, BANK, WEAK, NORMAL).loss(), within(1e-3));
  }

  @Test
  void oneViewIsInfoNce() {
    LossAndGradient one = evaluate(false, BANK, STRONG);
    LossAndGradient infoNce =
        ObjectiveFacts.create(kernels, Objectives.INFO_NCE, Map.of("tau", 0.07))
            .evaluate(
                new ObjectiveInputs()
                    .put("q", kernels.of(2, 2, STRONG))
                    .put("k", kernels.of(2, 2, KEY))
                    .put("bank", kernels.of(3, 2, BANK)));
    assertThat(one.loss()).isCloseTo(infoNce.loss(), within(1e-14));
    assertThat(gradient(one))
        .containsExactly(ObjectiveFacts.values(kernels, infoNce.gradient("q")), within(1e-14));
  }

  @Test
  void viewThatAgreesWithTheWeakerOneIsLeftAlone() {
    double[] gradient = gradient(evaluate(false, BANK, STRONG, STRONG));
    assertThat(Arrays.copyOfRange(gradient, 4, 8)).containsOnly(0);
    assertThat(gradient[0]).isNotZero();
  }

  @Test
  void nearestNeighboursAreCountedOnce() {
    assertThat(positives(evaluate(false, BANK, WEAK, STRONG))).containsOnly(1);
    assertThat(positives(evaluate(true, BANK, WEAK, WEAK))).containsOnly(2);
    // Weak views are nearest to the last row of the bank, or the first; strong ones to the first.
    double[] bank = {.5, 1, -1, .2, 1, 0};
    assertThat(positives(evaluate(true, bank, WEAK, STRONG, STRONG))).containsExactly(3, 3);
  }

  @Test
  void nearestNeighbourSharesTheContrastWithTheKey() {
    ObjectiveInputs inputs =
        new ObjectiveInputs()
            .put("q", kernels.of(1, 2, 2, 0), 1, 1, 2)
            .put("k", kernels.of(1, 2, 1, 0))
            .put("bank", kernels.of(1, 2, 0, 1));
    double loss =
        ObjectiveFacts.create(
                kernels, Objectives.HICLR, Map.of("tau", 1, "nearestNeighbours", true))
            .evaluate(inputs)
            .loss();
    assertThat(loss).isCloseTo(Math.log(1 + Math.E) - 0.5, within(1e-14));
  }

  @Test
  void emptyBankCostsNothing() {
    for (boolean nearest : new boolean[] {false, true}) {
      LossAndGradient result = evaluate(nearest, new double[0], WEAK, NORMAL);
      assertThat(result.loss()).isZero();
      assertThat(gradient(result)).containsOnly(0);
      assertThat(positives(result)).containsOnly(1);
    }
  }

  private double[] gradient(LossAndGradient result) {
    return ObjectiveFacts.values(kernels, result.gradient("q"));
  }

  private double[] positives(LossAndGradient result) {
    return ObjectiveFacts.values(kernels, result.outputs().get("positives"));
  }

  private LossAndGradient evaluate(boolean nearest, double[] bank, double[]... views) {
    double[] q = Arrays.stream(views).flatMapToDouble(Arrays::stream).toArray();
    return ObjectiveFacts.create(
            kernels, Objectives.HICLR, Map.of("tau", 0.07, "nearestNeighbours", nearest))
        .evaluate(
            new ObjectiveInputs()
                .put("q", kernels.of(2 * views.length, 2, q), views.length, 2, 2)
                .put("k", kernels.of(2, 2, KEY))
                .put("bank", kernels.of(bank.length / 2, 2, bank)));
  }
}
