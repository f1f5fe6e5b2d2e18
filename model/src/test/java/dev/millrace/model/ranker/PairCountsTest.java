package dev.millrace.model.ranker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The scores of the class comment, worked out by hand. */
class PairCountsTest {

  private static final RankerConfig CONFIG = RankerConfig.STANDARD;

  private final PairCounts pairs = new PairCounts(CONFIG);
  private final ItemFacts facts = new ItemFacts(2_000);
  private final UserPasts pasts = new UserPasts(CONFIG);
  private final HistoryWeights history = new HistoryWeights(CONFIG);

  private void learn(int user, double timeWeight, int... basket) {
    UserPast past = pasts.past(user);
    history.fill(past);
    pairs.add(history, basket, timeWeight);
    for (int item : basket) {
      facts.addLine(item);
      facts.addBasket(item, false);
    }
    past.add(basket, basket, timeWeight, CONFIG.itemsPerUser());
  }

  @Test
  void scoresFollowTheirFormulas() {
    learn(0, 1, 0, 1);
    learn(1, 1, 0, 2, 3);
    learn(0, 2, 2);
    history.fill(pasts.past(0));
    // The last basket {2} weighs 1, the one before {0, 1} decay / sqrt 2 each.
    double h2 = 1;
    double h0 = CONFIG.basketDecay() / Math.sqrt(2);
    assertThat(history.size()).isEqualTo(3);
    assertThat(history.item(0)).isEqualTo(2);
    assertThat((double) history.weight(1)).isCloseTo(h0, within(1e-6));

    float[][] scores = new float[4][8];
    double t = 2;
    pairs.score(history, facts, t, 4, scores);
    // Item 3 was with 0 and with 2 once, in a basket of three.
    double together3 =
        h0 / Math.sqrt(5 * 4) + h2 / Math.sqrt(5 * 4); // b_0 = b_2 = 2, b_3 = 1, each + 3
    assertThat((double) scores[0][3]).isCloseTo(together3, within(1e-6));
    double d = 1 / Math.sqrt(3);
    double g0 = Math.sqrt(1 / Math.sqrt(2) + d + 0.75 * t);
    double g2 = Math.sqrt(d + 2 + 0.75 * t);
    double g3 = Math.sqrt(d + 0.75 * t);
    assertThat((double) scores[1][3])
        .isCloseTo(h0 * d / (g0 * g3) + h2 * d / (g2 * g3), within(1e-6));
    // Item 2 followed {0, 1}, whose weights were 1 / sqrt 2 then, at time weight 2, alone.
    double x = 2 / Math.sqrt(2);
    double g1 = Math.sqrt(1 / Math.sqrt(2) + 0.75 * t);
    assertThat((double) scores[2][2])
        .isCloseTo(h0 * x / (g0 * g2) + h0 * x / (g1 * g2), within(1e-6));
    assertThat((double) scores[3][3]).isCloseTo(h0 / 5 + h2 / 5, within(1e-6));
  }

  @Test
  void scalingTimeDownChangesNoScore() {
    learn(0, 1, 0, 1);
    learn(1, 1024, 0, 2, 3);
    learn(0, 2048, 2);
    history.fill(pasts.past(0));
    float[][] before = new float[4][8];
    pairs.score(history, facts, 2048, 4, before);
    pairs.scale(1 / 1024f);
    float[][] after = new float[4][8];
    pairs.score(history, facts, 2, 4, after);
    for (int s = 0; s < 4; s++) {
      assertThat(after[s]).containsExactly(before[s], within(1e-6f));
    }
  }
}
