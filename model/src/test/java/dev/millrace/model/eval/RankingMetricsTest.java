package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class RankingMetricsTest {

  @Test
  void figuresFollowTheirFormulas() {
    RankingMetrics metrics = new RankingMetrics();
    metrics.addTargets(5);
    metrics.addHit(0);
    metrics.addHit(2);
    metrics.addHit(9);
    metrics.addHit(14);

    assertThat(metrics.targets()).isEqualTo(5);
    assertThat(metrics.recallAt10()).isEqualTo(3 / 5.0);
    assertThat(metrics.recallAt20()).isEqualTo(4 / 5.0);
    // 1/log2(2) + 1/log2(4) + 1/log2(11) + 1/log2(16)
    assertThat(metrics.ndcgAt20())
        .isCloseTo((1 + 0.5 + Math.log(2) / Math.log(11) + 0.25) / 5, within(1e-15));
    assertThat(metrics.mrrAt20()).isCloseTo((1 + 1 / 3.0 + 1 / 10.0 + 1 / 15.0) / 5, within(1e-15));
  }

  @Test
  void figuresAreZeroBeforeTheFirstTarget() {
    RankingMetrics metrics = new RankingMetrics();

    assertThat(metrics.recallAt10()).isZero();
    assertThat(metrics.recallAt20()).isZero();
    assertThat(metrics.ndcgAt20()).isZero();
    assertThat(metrics.mrrAt20()).isZero();
  }

  @Test
  void mergingEqualsCountingTogether() {
    RankingMetrics left = counted(3, 0, 19);
    RankingMetrics right = counted(4, 0, 7, 8);

    left.mergeInPlace(right);

    assertThat(left).isEqualTo(counted(7, 0, 0, 7, 8, 19));
    assertThat(right).isEqualTo(counted(4, 0, 7, 8));
  }

  @Test
  void restoredMetricsAreEqual() throws IOException {
    RankingMetrics metrics = counted(11, 0, 3, 19);

    byte[] state = StateBytes.of(metrics::write);

    assertThat(RankingMetrics.read(StateBytes.input(state))).isEqualTo(metrics);
  }

  @Test
  void negativeCountsAreRefused() {
    assertThatThrownBy(() -> new RankingMetrics().addTargets(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  private static RankingMetrics counted(int targets, int... ranks) {
    RankingMetrics metrics = new RankingMetrics();
    metrics.addTargets(targets);
    for (int rank : ranks) {
      metrics.addHit(rank);
    }
    return metrics;
  }
}
