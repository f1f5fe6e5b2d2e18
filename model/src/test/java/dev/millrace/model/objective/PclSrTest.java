package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class PclSrTest {

  private static final double[] ANCHOR = {1, 0, .5, 1};
  private static final double[] POSITIVES = {1, .1, .4, 1, 1.2, 0, .5, 1.3};
  private static final double[] NEGATIVES = {.7, .6, .6, .7, .6, .5, .8, .6};

  private final Kernels kernels = ObjectiveFacts.exact();
  private final Objective features =
      ObjectiveFacts.create(kernels, Objectives.PCL_SR, Map.of("variant", "features"));
  private final Objective dual =
      ObjectiveFacts.create(kernels, Objectives.PCL_SR, Map.of("variant", "dual"));

  @Test
  void twoChannelsAtTwoPositionsByHand() {
    LossAndGradient result = evaluate(features, ANCHOR, POSITIVES, NEGATIVES, 2, 2);
    assertThat(similarity(result, "positiveSimilarity"))
        .containsExactly(new double[] {.995791, .998815}, within(1e-6));
    assertThat(similarity(result, "negativeSimilarity"))
        .containsExactly(new double[] {.864700, .831324}, within(1e-6));
    assertThat(result.loss()).isCloseTo(1.001689, within(1e-6));
  }

  @Test
  void scaleOfAPositionDoesNotMatter() {
    double[] scaled = {7 * 1, 2 * 0, 7 * .5, 2 * 1};
    assertThat(evaluate(features, scaled, POSITIVES, NEGATIVES, 2, 2).loss())
        .isCloseTo(evaluate(features, ANCHOR, POSITIVES, NEGATIVES, 2, 2).loss(), within(1e-14));
  }

  @Test
  void onePositiveAtOnePositionIsInfoNceOfTheRow() {
    double[] anchor = {3, 1, 0, 1};
    double[] positive = {2, 1, 1, 0};
    double[] negatives = {2, 0, 0, 2, 0, 1, 1, -2};
    LossAndGradient maps =
        evaluate(
            ObjectiveFacts.create(kernels, Objectives.PCL_SR, Map.of("tau", 0.2)),
            anchor,
            positive,
            negatives,
            4,
            1);
    LossAndGradient rows =
        ObjectiveFacts.create(kernels, Objectives.INFO_NCE, Map.of("tau", 0.2))
            .evaluate(
                new ObjectiveInputs()
                    .put("q", ObjectiveFacts.rows(kernels, anchor))
                    .put("k", ObjectiveFacts.rows(kernels, positive))
                    .put("bank", ObjectiveFacts.rows(kernels, negatives)));
    assertThat(maps.loss()).isCloseTo(rows.loss(), within(1e-14));
    assertThat(ObjectiveFacts.values(kernels, maps.gradient("anchor")))
        .containsExactly(ObjectiveFacts.values(kernels, rows.gradient("q")), within(1e-14));
  }

  @Test
  void samplesOfAnotherRowDoNotCount() {
    double[] first = {1, .1, .4, 1};
    double[] second = {1.2, 0, .5, 1.3};
    double one = evaluate(features, ANCHOR, first, NEGATIVES, 2, 2).loss();
    double[] easy = {-1, 0, 0, -1, 0, -1, -1, 0};
    double two = evaluate(features, ANCHOR, second, easy, 2, 2).loss();
    ObjectiveInputs both =
        new ObjectiveInputs()
            .put("anchor", kernels.of(4, 2, joined(ANCHOR, ANCHOR)), 2, 2, 2)
            .put("positives", kernels.of(4, 2, joined(first, second)), 2, 1, 2, 2)
            .put("negatives", kernels.of(8, 2, joined(NEGATIVES, easy)), 2, 2, 2, 2);
    assertThat(features.evaluate(both).loss()).isCloseTo((one + two) / 2, within(1e-14));
  }

  @Test
  void dualLossByHand() {
    assertThat(dual(new double[] {.5, 1}, new double[] {-.3, .2, .1}).loss())
        .isCloseTo(1.589267, within(1e-6));
  }

  @Test
  void dualLossOfSwappedNegatedLogitsSwapsItsTerms() {
    LossAndGradient plain = dual(new double[] {.5, 1}, new double[] {-.3, .2, .1});
    LossAndGradient swapped = dual(new double[] {.3, -.2, -.1}, new double[] {-.5, -1});
    assertThat(swapped.scalars().get("realTerm"))
        .isCloseTo(plain.scalars().get("fakeTerm"), within(1e-15));
    assertThat(ObjectiveFacts.values(kernels, swapped.gradient("fake")))
        .containsExactly(
            negated(ObjectiveFacts.values(kernels, plain.gradient("real"))), within(1e-15));
  }

  @Test
  void dualLossOfFarApartLogitsIsTheirGap() {
    LossAndGradient apart = dual(new double[] {-5e4}, new double[] {5e4});
    assertThat(apart.loss()).isEqualTo(2e5);
    assertThat(dual(new double[] {5e4}, new double[] {-5e4}).loss()).isZero();
  }

  private static double[] joined(double[] a, double[] b) {
    return DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }

  private static double[] negated(double[] values) {
    double[] negated = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }

  private LossAndGradient dual(double[] real, double[] fake) {
    return dual.evaluate(
        new ObjectiveInputs()
            .put("real", kernels.of(1, real.length, real), real.length)
            .put("fake", kernels.of(1, fake.length, fake), fake.length));
  }

  private double[] similarity(LossAndGradient result, String name) {
    return ObjectiveFacts.values(kernels, result.outputs().get(name));
  }

  private LossAndGradient evaluate(
      Objective objective,
      double[] anchor,
      double[] positives,
      double[] negatives,
      int channels,
      int positions) {
    int size = channels * positions;
    int n = positives.length / size;
    int m = negatives.length / size;
    return objective.evaluate(
        new ObjectiveInputs()
            .put("anchor", kernels.of(channels, positions, anchor), 1, channels, positions)
            .put(
                "positives",
                kernels.of(n * channels, positions, positives),
                1,
                n,
                channels,
                positions)
            .put(
                "negatives",
                kernels.of(m * channels, positions, negatives),
                1,
                m,
                channels,
                positions));
  }
}
