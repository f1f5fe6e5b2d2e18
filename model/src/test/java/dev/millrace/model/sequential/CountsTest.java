package dev.millrace.model.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CountsTest {

  private static final LeaveOneOut.Target VALIDATION = LeaveOneOut.Target.VALIDATION;
  private static final LeaveOneOut.Target TEST = LeaveOneOut.Target.TEST;

  private final LeaveOneOut split =
      new LeaveOneOut(Sequences.of("a 1 2 3 4 5", "b 1 2 4 3 5", "c 2 3 1 4"), 10);

  private static float[] scores(HistoryScorer scorer, int... history) {
    float[] scores = new float[6];
    scorer.score(new int[][] {history}, 1, scores);
    return scores;
  }

  @Test
  void popularityCountsWhatCameBeforeTheTarget() {
    assertThat(scores(ItemPopularity.before(VALIDATION, split), 1))
        .containsExactly(Float.NEGATIVE_INFINITY, 2, 3, 2, 1, 0);
    assertThat(scores(ItemPopularity.before(TEST, split), 1))
        .containsExactly(Float.NEGATIVE_INFINITY, 3, 3, 3, 2, 0);
  }

  @Test
  void itemsOfEqualPopularityStandByNumber() {
    assertThat(ItemPopularity.before(VALIDATION, split).places()).containsExactly(0, 2, 1, 3, 4, 5);
  }

  @Test
  void markovCountsWhatFollowedTheLastItemDirectly() {
    PairScorer markov = PairScorer.before(VALIDATION, split, PairScorer.Kind.MARKOV);
    assertThat(scores(markov, 4, 1, 2)).containsExactly(Float.NEGATIVE_INFINITY, 0, 0, 2, 1, 0);
    assertThat(scores(markov, 5)).containsExactly(Float.NEGATIVE_INFINITY, 0, 0, 0, 0, 0);
  }

  @Test
  void decayedMarkovReachesBackAndFades() {
    PairScorer.Kind kind = new PairScorer.Kind(2, 0.5, false, 2, 0.25, false);
    // Of 2: 3 twice and 4 once directly. Of 1: 2 twice directly; 3 and 4 once, two steps away.
    assertThat(scores(PairScorer.before(VALIDATION, split, kind), 1, 2))
        .containsExactly(Float.NEGATIVE_INFINITY, 0, 0.5f, 2.125f, 1.125f, 0);
  }

  @Test
  void itemKnnIsTheCosineOfWhoHadBoth() {
    float[] scores = scores(PairScorer.before(VALIDATION, split, PairScorer.Kind.ITEM_KNN), 1);
    assertThat(scores[2]).isCloseTo((float) (2 / Math.sqrt(6)), within(1e-6f));
    assertThat(scores[3]).isCloseTo(1 / 2f, within(1e-6f));
    assertThat(scores[5]).isZero();
  }

  @Test
  void pairWeightsAddUpAndKeepTheirPlaces() {
    PairWeights.Builder builder = new PairWeights.Builder(5_000);
    for (int i = 0; i < 20_000; i++) {
      builder.add(i % 4_999, (i * 7) % 4_999, 1);
    }
    builder.add(3, 21, 0.5f);
    PairWeights weights = builder.build();
    assertThat(weights.weight(3, 21)).isEqualTo(5.5f);
    assertThat(weights.weight(3, 22)).isZero();
    assertThat(weights.start(5_000)).isEqualTo(4_999);
  }
}
