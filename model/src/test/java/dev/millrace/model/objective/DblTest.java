package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static dev.millrace.model.objective.ObjectiveFacts.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DblTest {

  private static final double[] SCORES = cosines(A, B);

  private final Kernels kernels = ObjectiveFacts.exact();

  @ParameterizedTest
  @ValueSource(strings = {"relative", "absolute"})
  void threePairsByHand(String boost) {
    // With every hinge active both boosts are the same.
    LossAndGradient result = evaluate(boost, Map.of(), SCORES, cosines(A, C));
    assertThat(result.scalars().get("triplet")).isZero();
    assertThat(result.scalars().get("boost")).isCloseTo(4.465322, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"relative,0.097392", "absolute,1.721465"})
  void anchorOfHalfTheScoresByHand(String boost, double expected) {
    double[] half = Arrays.stream(SCORES).map(s -> s / 2).toArray();
    LossAndGradient result = evaluate(boost, Map.of("alpha", 0.5), SCORES, half);
    assertThat(result.scalars().get("boost")).isCloseTo(expected, within(1e-6));
    assertThat(result.loss()).isCloseTo(expected / 2, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative", "absolute"})
  void scoresEqualToTheAnchorsCostTheMarginOfEveryRowAndColumn(String boost) {
    LossAndGradient result = evaluate(boost, Map.of("beta", 1.5), SCORES, SCORES);
    assertThat(result.scalars().get("boost")).isCloseTo(2 * 3 * 0.3, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative", "absolute"})
  void adaptiveMarginsVanishAtAPerfectAnchor(String boost) {
    double[] perfect = {1, -1, -1, -1, 1, -1, -1, -1, 1};
    double[] worse = {0, 0, 0, 0, 0, 0, 0, 0, 0};
    Map<String, ?> adaptive = Map.of("adaptiveMargin", true, "margin", 0.7, "gamma", 0.3);
    LossAndGradient result = evaluate(boost, adaptive, perfect, perfect);
    assertThat(result.loss()).isCloseTo(0, within(1e-12));
    // Far from its best the anchor demands nearly the whole margin.
    double expected = boost.equals("relative") ? 0.7 * Math.tanh(2 / 0.7) : 0;
    if (boost.equals("absolute")) {
      expected = 0.21 * Math.tanh(1 / 0.21) + 0.49 * Math.tanh(1 / 0.49);
    }
    assertThat(evaluate(boost, adaptive, worse, worse).scalars().get("boost"))
        .isCloseTo(2 * 3 * expected, within(1e-12));
  }

  @Test
  void marginOfZeroStaysZeroWhenAdaptive() {
    for (String boost : new String[] {"relative", "absolute"}) {
      Map<String, ?> none = Map.of("adaptiveMargin", true, "margin", 0);
      assertThat(evaluate(boost, none, SCORES, SCORES).scalars().get("boost")).isZero();
    }
  }

  @Test
  void hardestNegativesOfRowsAndColumnsArePushedAndTheirPairsPulled() {
    double[] scores = {0.5, 0.45, 0.1, 0.2, 0.6, 0.3, 0.0, 0.4, 0.7};
    double[] far = {-9, 9, 9, 9, -9, 9, 9, 9, -9};
    LossAndGradient result = evaluate("relative", Map.of(), scores, far);
    // Row 0 and column 1 meet in one negative; nothing else is within the margin of 0.2.
    assertThat(result.scalars().get("triplet")).isCloseTo(0.15 + 0.05, within(1e-12));
    assertThat(ObjectiveFacts.values(kernels, result.gradient("scores")))
        .containsExactly(-1, 2, 0, 0, -1, 0, 0, 0, 0);
  }

  @Test
  void meanIsTheSumOverTheBatch() {
    double[] anchor = cosines(A, C);
    LossAndGradient sum = evaluate("absolute", Map.of(), SCORES, anchor);
    LossAndGradient mean = evaluate("absolute", Map.of("reduction", "mean"), SCORES, anchor);
    assertThat(3 * mean.loss()).isCloseTo(sum.loss(), within(1e-12));
    double[] whole = ObjectiveFacts.values(kernels, sum.gradient("scores"));
    double[] third = ObjectiveFacts.values(kernels, mean.gradient("scores"));
    assertThat(Arrays.stream(third).map(g -> 3 * g).toArray())
        .containsExactly(whole, within(1e-12));
  }

  @Test
  void batchOfOneKeepsTheOwnScoreAlone() {
    LossAndGradient relative = evaluate("relative", Map.of(), new double[] {1}, new double[] {2});
    assertThat(relative.loss()).isZero();
    LossAndGradient absolute = evaluate("absolute", Map.of(), new double[] {1}, new double[] {2});
    assertThat(absolute.loss()).isCloseTo(2 * (0.1 + 1), within(1e-12));
    assertThat(ObjectiveFacts.values(kernels, absolute.gradient("scores"))).containsExactly(-2);
  }

  @Test
  void gammaAboveOneIsRefused() {
    assertThatThrownBy(() -> ObjectiveFacts.create(kernels, Objectives.DBL, Map.of("gamma", 1.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'gamma' must be from 0 to 1, was 1.5");
  }

  private LossAndGradient evaluate(
      String boost, Map<String, ?> parameters, double[] scores, double[] anchor) {
    Map<String, Object> all = new HashMap<>(parameters);
    all.put("boost", boost);
    int n = (int) Math.sqrt(scores.length);
    return ObjectiveFacts.create(kernels, Objectives.DBL, all)
        .evaluate(
            new ObjectiveInputs()
                .put("scores", kernels.of(n, n, scores))
                .put("anchorScores", kernels.of(n, n, anchor)));
  }

  private static double[] cosines(double[] a, double[] b) {
    double[] out = new double[9];
    for (int i = 0; i < 9; i++) {
      int left = i / 3 * 4;
      int right = i % 3 * 4;
      out[i] = dot(a, left, b, right) / Math.sqrt(dot(a, left, a, left) * dot(b, right, b, right));
    }
    return out;
  }

  private static double dot(double[] a, int left, double[] b, int right) {
    double sum = 0;
    for (int k = 0; k < 4; k++) {
      sum += a[left + k] * b[right + k];
    }
    return sum;
  }
}
