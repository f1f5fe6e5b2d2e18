package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetSetSoftmaxTest {

  private static final int QUERIES = 3;
  private static final int ITEMS = 7;
  private static final int WIDTH = 4;

  private final Kernels kernels = ObjectiveFacts.exact();
  private final double[] h = random(QUERIES * WIDTH, 1);
  private final double[] items = random(ITEMS * WIDTH, 2);
  private final double[] base = random(ITEMS, 3);
  private final double[] corrections = random(5, 4);

  private static double[] random(int size, long seed) {
    SeededRandom random = new SeededRandom(seed);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }

  private TargetSets sets() {
    TargetSets sets = new TargetSets();
    sets.query(0.5);
    sets.target(1, corrections[0]);
    sets.target(4, corrections[1]);
    sets.exclude(2);
    sets.exclude(6);
    sets.query(2);
    sets.target(0, corrections[2]);
    sets.query(1);
    sets.target(3, corrections[3]);
    sets.target(5, corrections[4]);
    return sets;
  }

  private TargetSetSoftmax.Result evaluate(Matrix gradientItems) {
    return new TargetSetSoftmax(kernels, WIDTH)
        .evaluate(
            kernels.of(QUERIES, WIDTH, h),
            kernels.of(ITEMS, WIDTH, items),
            kernels.of(1, ITEMS, base),
            sets(),
            gradientItems);
  }

  private double loss() {
    return evaluate(kernels.of(ITEMS, WIDTH, new double[ITEMS * WIDTH])).loss();
  }

  @Test
  void lossIsTheFormula() {
    TargetSets sets = sets();
    double expected = 0;
    double[][] logits = new double[QUERIES][ITEMS];
    for (int q = 0; q < QUERIES; q++) {
      for (int j = 0; j < ITEMS; j++) {
        for (int d = 0; d < WIDTH; d++) {
          logits[q][j] += h[q * WIDTH + d] * items[j * WIDTH + d];
        }
        logits[q][j] += base[j];
      }
    }
    logits[0][2] = Double.NEGATIVE_INFINITY;
    logits[0][6] = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < sets.targetCount(); i++) {
      logits[sets.targetQueries()[i]][sets.targets()[i]] += corrections[i];
    }
    for (int q = 0; q < QUERIES; q++) {
      double sum = 0;
      for (double logit : logits[q]) {
        sum += Math.exp(logit);
      }
      expected += sets.weights()[q] * Math.log(sum);
    }
    for (int i = 0; i < sets.targetCount(); i++) {
      int q = sets.targetQueries()[i];
      expected -= sets.weights()[q] / sets.targetsOf(q) * logits[q][sets.targets()[i]];
    }
    assertThat(loss()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void gradientsAreThoseOfTheLossAndItemsAreAddedTo() {
    double[] before = random(ITEMS * WIDTH, 5);
    Matrix ofItems = kernels.of(ITEMS, WIDTH, before);
    TargetSetSoftmax.Result result = evaluate(ofItems);
    double[] gradientItems = ObjectiveFacts.values(kernels, ofItems);
    for (int i = 0; i < before.length; i++) {
      gradientItems[i] -= before[i];
    }
    // The result is overwritten by the evaluations of the differences.
    double[] gradientH = ObjectiveFacts.values(kernels, result.gradientH());
    double[] gradientBase = ObjectiveFacts.values(kernels, result.gradientBase());
    double[] gradientCorrection = result.gradientCorrection().clone();
    assertDifferences(h, gradientH);
    assertDifferences(items, gradientItems);
    assertDifferences(base, gradientBase);
    assertDifferences(corrections, gradientCorrection);
  }

  private void assertDifferences(double[] input, double[] gradient) {
    double step = 1e-4;
    for (int i = 0; i < input.length; i++) {
      double value = input[i];
      input[i] = value + step;
      double above = loss();
      input[i] = value - step;
      double below = loss();
      input[i] = value;
      assertThat(gradient[i]).isCloseTo((above - below) / (2 * step), within(1e-7));
    }
  }

  @Test
  void oneTargetAndEqualWeightsAreTheObjectiveOfThatName() {
    TargetSets sets = new TargetSets();
    for (int q = 0; q < QUERIES; q++) {
      sets.query(1.0 / QUERIES);
      sets.target(2 * q, 0);
    }
    Matrix ofItems = kernels.of(ITEMS, WIDTH, new double[ITEMS * WIDTH]);
    double loss =
        new TargetSetSoftmax(kernels, WIDTH)
            .evaluate(
                kernels.of(QUERIES, WIDTH, h),
                kernels.of(ITEMS, WIDTH, items),
                kernels.of(1, ITEMS, base),
                sets,
                ofItems)
            .loss();
    LossAndGradient single =
        ObjectiveFacts.create(kernels, Objectives.SOFTMAX_CE, Map.of())
            .evaluate(
                new ObjectiveInputs()
                    .put("h", kernels.of(QUERIES, WIDTH, h))
                    .put("items", kernels.of(ITEMS, WIDTH, items))
                    .put("bias", kernels.of(1, ITEMS, base), ITEMS)
                    .put("targets", new int[] {0, 2, 4}));
    assertThat(loss).isCloseTo(single.loss(), within(1e-12));
    double[] expected = ObjectiveFacts.values(kernels, single.gradient("items"));
    assertThat(ObjectiveFacts.values(kernels, ofItems)).containsExactly(expected, within(1e-12));
  }

  @Test
  void queryWithoutATargetIsNamed() {
    TargetSets sets = sets();
    sets.query(1);
    assertThatThrownBy(
            () ->
                new TargetSetSoftmax(kernels, WIDTH)
                    .evaluate(
                        kernels.of(4, WIDTH, random(16, 1)),
                        kernels.of(ITEMS, WIDTH, items),
                        kernels.of(1, ITEMS, base),
                        sets,
                        kernels.of(ITEMS, WIDTH, new double[ITEMS * WIDTH])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("query 3 has no target");
  }
}
