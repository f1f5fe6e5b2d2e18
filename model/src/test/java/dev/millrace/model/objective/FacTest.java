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
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class FacTest {

  private static final double[] ROWS = joined(A, B, C);
  private static final int[] GROUPS = {0, 0, 0, 0, 0, 4, 4, -1, -1};
  private static final double[] IDENTITY = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};

  private final Kernels kernels = ObjectiveFacts.exact();
  private final Objective relation =
      ObjectiveFacts.create(kernels, Objectives.FAC, Map.of("variant", "relation", "tau", 0.2));

  @Test
  void oneAnchorWithOnePositiveIsInfoNce() {
    double[] query = Arrays.copyOf(A, 4);
    double[] key = Arrays.copyOf(B, 4);
    int[] pairs = new int[25];
    pairs[1] = 1;
    Arrays.fill(pairs, 2, 5, -1);
    LossAndGradient grouped = evaluate(joined(query, key, C), new int[] {7, -1, -1, -1, -1}, pairs);
    LossAndGradient plain = infoNce(query, key, C);
    assertThat(grouped.loss()).isCloseTo(plain.loss(), within(1e-14));
    assertThat(grouped.scalars().get("groups")).isEqualTo(1);
    double[] gradient = ObjectiveFacts.values(kernels, grouped.gradient("f"));
    assertThat(Arrays.copyOf(gradient, 4))
        .containsExactly(ObjectiveFacts.values(kernels, plain.gradient("q")), within(1e-14));
    assertThat(Arrays.copyOfRange(gradient, 4, 8))
        .containsExactly(ObjectiveFacts.values(kernels, plain.gradient("k")), within(1e-14));
  }

  @Test
  void pairThatIsNeitherOfThreeIsRefused() {
    int[] pairs = sameGroup(GROUPS);
    pairs[13] = 2;
    assertThatThrownBy(() -> evaluate(ROWS, GROUPS, pairs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "input 'relation' holds 2 at position 13, expected 1 for a positive, -1 for a negative"
                + " or 0");
  }

  @Test
  void groupsCountAlikeWhateverTheirSize() {
    int[] pairs = sameGroup(GROUPS);
    double large = evaluate(ROWS, without(4), pairs).loss();
    double small = evaluate(ROWS, without(0), pairs).loss();
    LossAndGradient both = evaluate(ROWS, GROUPS, pairs);
    assertThat(both.scalars().get("groups")).isEqualTo(2);
    assertThat(both.loss()).isCloseTo((large + small) / 2, within(1e-14));
    assertThat(Math.abs(large - small)).isGreaterThan(0.1);
  }

  @Test
  void anchorWithoutPositiveDoesNotDiluteItsGroup() {
    int[] pairs = sameGroup(GROUPS);
    int[] lonely = GROUPS.clone();
    lonely[7] = 0;
    assertThat(evaluate(ROWS, lonely, pairs).loss())
        .isEqualTo(evaluate(ROWS, GROUPS, pairs).loss());
  }

  @Test
  void ignoredRowNeitherCountsNorMoves() {
    int[] pairs = sameGroup(GROUPS);
    for (int i = 0; i < 9; i++) {
      pairs[9 * i + 8] = 0;
    }
    LossAndGradient result = evaluate(ROWS, GROUPS, pairs);
    double[] gradient = ObjectiveFacts.values(kernels, result.gradient("f")).clone();
    double loss = result.loss();
    assertThat(Arrays.copyOfRange(gradient, 32, 36)).containsOnly(0);
    double[] moved = ROWS.clone();
    moved[33] += 5;
    assertThat(evaluate(moved, GROUPS, pairs).loss()).isEqualTo(loss);
  }

  @Test
  void backgroundAloneCostsNothing() {
    int[] none = new int[9];
    Arrays.fill(none, -1);
    LossAndGradient result = evaluate(ROWS, none, sameGroup(GROUPS));
    assertThat(result.loss()).isZero();
    assertThat(result.scalars().get("groups")).isZero();
    assertThat(ObjectiveFacts.values(kernels, result.gradient("f"))).containsOnly(0);
  }

  @Test
  void oneSegmentInEachViewIsInfoNceAgainstTheBackground() {
    double[] query = Arrays.copyOf(A, 4);
    double[] key = Arrays.copyOf(B, 4);
    LossAndGradient segments = segments(1, query, key, C, IDENTITY);
    LossAndGradient plain = infoNce(query, key, C);
    assertThat(segments.loss()).isCloseTo(plain.loss(), within(1e-14));
    assertThat(ObjectiveFacts.values(kernels, segments.gradient("segments2")))
        .containsExactly(ObjectiveFacts.values(kernels, plain.gradient("k")), within(1e-14));
  }

  @Test
  void nearestSegmentsOfTheOtherViewAreChosenInOrder() {
    double[] view = {1, 0, 0, 0};
    double[] others = {0, 1, 0, 0, 3, 1, 0, 0, 1, 2, 0, 0, 5, 1, 0, 0};
    LossAndGradient two = segments(2, view, others, C, IDENTITY);
    assertThat(ObjectiveFacts.values(kernels, two.outputs().get("chosen"))).containsExactly(3, 1);
    double[] gradient = ObjectiveFacts.values(kernels, two.gradient("segments2"));
    assertThat(Arrays.copyOf(gradient, 4)).containsOnly(0);
    LossAndGradient all = segments(9, view, others, C, IDENTITY);
    assertThat(ObjectiveFacts.values(kernels, all.outputs().get("chosen")))
        .containsExactly(3, 1, 2, 0);
  }

  @Test
  void leftOfTwoEquallyNearSegmentsIsChosen() {
    double[] others = {0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0};
    LossAndGradient result = segments(1, new double[] {1, 0, 0, 0}, others, C, IDENTITY);
    assertThat(ObjectiveFacts.values(kernels, result.outputs().get("chosen"))).containsExactly(1);
  }

  @Test
  void noBackgroundCostsNothingAndStillChooses() {
    LossAndGradient result = segments(1, A, B, new double[0], IDENTITY);
    assertThat(result.loss()).isZero();
    assertThat(ObjectiveFacts.values(kernels, result.gradient("w"))).containsOnly(0);
    assertThat(ObjectiveFacts.values(kernels, result.outputs().get("chosen")))
        .containsExactly(0, 1, 2);
  }

  @Test
  void noPositiveAtAllIsRefused() {
    ObjectiveParameters none = new ObjectiveParameters(Map.of("variant", "segments", "nearest", 0));
    assertThatThrownBy(() -> Objectives.FAC.create(null, none))
        .hasMessage("parameter 'nearest' must be at least 1, was 0");
  }

  private static double[] joined(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(DoubleStream::of).toArray();
  }

  /** The groups with one of them turned into background. */
  private static int[] without(int group) {
    return Arrays.stream(GROUPS).map(g -> g == group ? -1 : g).toArray();
  }

  /** Rows of a group are positives of each other, all others negatives. */
  private static int[] sameGroup(int[] groups) {
    int n = groups.length;
    int[] pairs = new int[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        boolean same = groups[i] == groups[j] && groups[i] >= 0;
        pairs[n * i + j] = i == j ? 0 : same ? 1 : -1;
      }
    }
    return pairs;
  }

  private LossAndGradient evaluate(double[] rows, int[] groups, int[] pairs) {
    return relation.evaluate(
        new ObjectiveInputs()
            .put("f", ObjectiveFacts.rows(kernels, rows))
            .put("groups", groups)
            .put("relation", pairs, groups.length, groups.length));
  }

  private LossAndGradient segments(
      int nearest, double[] segments1, double[] segments2, double[] background, double[] w) {
    Map<String, ?> parameters = Map.of("variant", "segments", "tau", 0.2, "nearest", nearest);
    Matrix negatives =
        background.length == 0 ? kernels.allocate(0, 4) : ObjectiveFacts.rows(kernels, background);
    return ObjectiveFacts.create(kernels, Objectives.FAC, parameters)
        .evaluate(
            new ObjectiveInputs()
                .put("segments1", ObjectiveFacts.rows(kernels, segments1))
                .put("segments2", ObjectiveFacts.rows(kernels, segments2))
                .put("background", negatives)
                .put("w", ObjectiveFacts.rows(kernels, w)));
  }

  private LossAndGradient infoNce(double[] query, double[] key, double[] bank) {
    return ObjectiveFacts.create(
            kernels, Objectives.INFO_NCE, Map.of("tau", 0.2, "keyGradient", true))
        .evaluate(
            new ObjectiveInputs()
                .put("q", ObjectiveFacts.rows(kernels, query))
                .put("k", ObjectiveFacts.rows(kernels, key))
                .put("bank", ObjectiveFacts.rows(kernels, bank)));
  }
}
