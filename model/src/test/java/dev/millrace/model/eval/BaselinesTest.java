package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A stream small enough for a pencil. User 0 takes {0, 1}, user 1 takes {0}, user 0 takes {1, 2}:
 * popularity is 2, 2, 1; the pairs are (0,1) 2, (0,2) 1, (1,2) 2, (1,1) 2.
 */
final class BaselinesTest {
  private static final float UNTOUCHED = -77;

  @Test
  void popularityIsTheNumberOfLines() {
    assertThat(score(Baselines.POPULARITY, 1)).containsExactly(2, 2, 1);
  }

  @Test
  void recentPopularityBreaksTiesByPopularity() {
    assertThat(score(Baselines.RECENT_POPULARITY, 1))
        .containsExactly(2 + 1e-6f * 2, 2 + 1e-6f * 2, 1 + 1e-6f);
  }

  @Test
  void personalIsTheUsersOwnCount() {
    assertThat(score(Baselines.PERSONAL, 0))
        .containsExactly(1 + 1e-6f * 2, 2 + 1e-6f * 2, 1 + 1e-6f);
    assertThat(score(Baselines.PERSONAL, 1)).containsExactly(1 + 1e-6f * 2, 1e-6f * 2, 1e-6f);
  }

  @Test
  void markovSumsTransitionsFromTheLastBasket() {
    assertThat(score(Baselines.MARKOV, 1)).containsExactly(1e-6f * 2, 1 + 1e-6f * 2, 1 + 1e-6f);
    // The last basket is {1, 2}: 1 and 2 have followed item 1, nothing has followed item 2.
    assertThat(score(Baselines.MARKOV, 0)).containsExactly(1e-6f * 2, 1 + 1e-6f * 2, 1 + 1e-6f);
  }

  @Test
  void itemKnnNormalisesPairsByBothPopularities() {
    float root2 = (float) Math.sqrt(2);
    float root3 = (float) Math.sqrt(3);

    assertThat(score(Baselines.ITEM_KNN, 1))
        .containsExactly(1e-9f * 2, 2 / root3 / root3 + 1e-9f * 2, 1 / root3 / root2 + 1e-9f);
  }

  @Test
  void itemKnnSumsRepeatedHistoryItemsOnceForEachBasket() {
    // The history of user 0 is 0, 1, 1, 2.
    float root2 = (float) Math.sqrt(2);
    float root3 = (float) Math.sqrt(3);
    float sum = 2 / root3;
    sum += 2 / root3;
    sum += 2 / root3;
    sum += 2 / root2;

    assertThat(score(Baselines.ITEM_KNN, 0)[1]).isEqualTo(sum / root3 + 1e-9f * 2);
  }

  @Test
  void itemKnnPersonalAddsBothScaledToOne() {
    float root2 = (float) Math.sqrt(2);
    float root3 = (float) Math.sqrt(3);
    float best = 2 / root3 / root3;

    assertThat(score(Baselines.ITEM_KNN_PERSONAL, 1))
        .containsExactly(
            1 / (1 + 1e-9f) + 1e-9f * 2,
            best / (best + 1e-9f) + 1e-9f * 2,
            1 / root3 / root2 / (best + 1e-9f) + 1e-9f);
  }

  @ParameterizedTest
  @EnumSource(Baselines.class)
  void scoringWritesItsItemsOnlyAndChangesNoCount(Baselines baseline) throws IOException {
    InteractionCounts counts = counts();
    byte[] before = StateBytes.of(counts::write);
    float[] scores = new float[5];
    Arrays.fill(scores, UNTOUCHED);

    baseline.score(counts, 0, scores);

    for (int item = 0; item < counts.items(); item++) {
      assertThat(scores[item]).isPositive();
    }
    assertThat(scores[counts.items()]).isEqualTo(UNTOUCHED);
    assertThat(StateBytes.of(counts::write)).isEqualTo(before);
  }

  @Test
  void aUserWithoutHistoryIsRefused() {
    assertThatThrownBy(() -> Baselines.PERSONAL.score(counts(), 9, new float[3]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("user 9 has no history");
  }

  private static float[] score(Baselines baseline, int user) {
    InteractionCounts counts = counts();
    float[] scores = new float[counts.items()];
    baseline.score(counts, user, scores);
    return scores;
  }

  private static InteractionCounts counts() {
    InteractionCounts counts = new InteractionCounts();
    counts.learn(new Basket(0, 0, 1));
    counts.learn(new Basket(1, 0));
    counts.learn(new Basket(0, 1, 2));
    return counts;
  }
}
