package dev.millrace.model.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.eval.RankingMetrics;
import org.junit.jupiter.api.Test;

class FullRankingTest {

  /** Six items; the target of the test is 4, the history 1, 2, 3. */
  private final LeaveOneOut split = new LeaveOneOut(Sequences.of("a 1 2 3 4", "b 5 6 1"), 10);

  private final int[] places = {0, 6, 5, 4, 3, 2, 1};

  private FullRanking.Result rank(float... scores) {
    return new FullRanking(split, places)
        .rank(
            LeaveOneOut.Target.TEST,
            (histories, count, out) -> {
              for (int i = 0; i < count; i++) {
                // The second user's target is always the best.
                boolean second = histories[i][0] == 5;
                for (int item = 0; item <= 6; item++) {
                  out[i * 7 + item] = second ? (item == 1 ? 1 : 0) : scores[item];
                }
              }
            });
  }

  private static double reciprocalRankOfFirst(RankingMetrics metrics) {
    return metrics.mrrAt(20) * 2 - 1;
  }

  @Test
  void rankCountsEveryItemWithAHigherScore() {
    FullRanking.Result result = rank(0, 9, 1, 8, 5, 7, 2);
    assertThat(reciprocalRankOfFirst(result.unmasked())).isCloseTo(1 / 4.0, within(1e-12));
  }

  @Test
  void itemsOfTheHistoryLeaveTheListWhenItIsMasked() {
    FullRanking.Result result = rank(0, 9, 1, 8, 5, 7, 2);
    assertThat(reciprocalRankOfFirst(result.masked())).isCloseTo(1 / 2.0, within(1e-12));
  }

  @Test
  void equalScoresStandInTheGivenOrder() {
    FullRanking.Result result = rank(0, 5, 5, 5, 5, 5, 5);
    assertThat(reciprocalRankOfFirst(result.unmasked())).isCloseTo(1 / 3.0, within(1e-12));
  }

  @Test
  void targetThatTheUserHadCannotBeHitUnderAMask() {
    LeaveOneOut repeated = new LeaveOneOut(Sequences.of("a 1 2 1"), 10);
    FullRanking.Result result =
        new FullRanking(repeated, new int[] {0, 1, 2})
            .rank(LeaveOneOut.Target.TEST, (histories, count, out) -> out[1] = 1);
    assertThat(result.unmasked().recallAt(5)).isEqualTo(1);
    assertThat(result.masked().recallAt(20)).isZero();
    assertThat(result.masked().targets()).isEqualTo(1);
  }

  @Test
  void ndcgAndHitRateAreThoseOfOneTarget() {
    RankingMetrics metrics = rank(0, 9, 1, 8, 5, 7, 2).unmasked();
    assertThat(metrics.recallAt(5)).isEqualTo(1);
    assertThat(metrics.recallAt(3)).isEqualTo(0.5);
    double expected = (1 + Math.log(2) / Math.log(5)) / 2;
    assertThat(metrics.ndcgAt(5)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void scoreThatIsNotANumberIsNamed() {
    assertThatThrownBy(() -> rank(0, 0, 0, 0, Float.NaN, 0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("NaN");
  }
}
