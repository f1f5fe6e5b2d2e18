package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class InteractionCountsTest {

  @Test
  void popularityAndPersonalCountsSeeRepeatedLines() {
    InteractionCounts counts = new InteractionCounts();

    counts.learn(new Basket(1, 4, 2, 4));
    counts.learn(new Basket(0, 4));

    assertThat(counts.items()).isEqualTo(5);
    assertThat(counts.popularity(4)).isEqualTo(3);
    assertThat(counts.recentPopularity(4)).isEqualTo(3);
    assertThat(counts.personal(1, 4)).isEqualTo(2);
    assertThat(counts.personal(0, 4)).isEqualTo(1);
    assertThat(counts.personal(0, 2)).isZero();
    assertThat(counts.hasHistory(2)).isFalse();
  }

  @Test
  void pairsCountBasketsAndHistoryOnceForEachDistinctItem() {
    InteractionCounts counts = new InteractionCounts();
    counts.learn(new Basket(0, 0, 1, 1));
    assertThat(counts.pairs(0, 1)).isEqualTo(1);
    assertThat(counts.pairs(1, 1)).isZero();

    counts.learn(new Basket(0, 1, 2));

    assertThat(counts.pairs(0, 1)).isEqualTo(2);
    assertThat(counts.pairs(1, 0)).isEqualTo(2);
    // An item met again is a pair with itself, counted from both ends.
    assertThat(counts.pairs(1, 1)).isEqualTo(2);
    // Once in the history before 2, once beside it.
    assertThat(counts.pairs(1, 2)).isEqualTo(2);
    assertThat(counts.pairs(2, 1)).isEqualTo(2);
    assertThat(counts.pairs(0, 2)).isEqualTo(1);
    assertThat(counts.pairs(2, 2)).isZero();
  }

  @Test
  void transitionsGoFromTheLastBasketOnly() {
    InteractionCounts counts = new InteractionCounts();
    counts.learn(new Basket(0, 0));
    counts.learn(new Basket(0, 1, 1, 2));
    counts.learn(new Basket(0, 3));

    assertThat(counts.transitions(0, 1)).isEqualTo(1);
    assertThat(counts.transitions(0, 2)).isEqualTo(1);
    assertThat(counts.transitions(1, 3)).isEqualTo(1);
    assertThat(counts.transitions(0, 3)).isZero();
    assertThat(counts.transitions(1, 0)).isZero();
  }

  @Test
  void recentPopularityForgetsLinesBeyondItsWindow() {
    InteractionCounts counts = new InteractionCounts();
    counts.learn(new Basket(0, 0, 1, 0));
    for (int line = 0; line < InteractionCounts.RECENT_LINES - 1; line++) {
      counts.learn(new Basket(0, 2));
    }

    assertThat(counts.recentPopularity(0)).isEqualTo(1);
    assertThat(counts.recentPopularity(1)).isZero();
    assertThat(counts.popularity(0)).isEqualTo(2);
  }

  @Test
  void historyPairsReachBackFiftyItems() {
    InteractionCounts counts = new InteractionCounts();
    counts.learn(new Basket(0, 0));
    counts.learn(new Basket(0, 1));
    counts.learn(new Basket(0, IntStream.range(2, 51).toArray()));

    counts.learn(new Basket(0, 60));

    assertThat(counts.pairs(60, 0)).isZero();
    assertThat(counts.pairs(60, 1)).isEqualTo(1);
    assertThat(counts.pairs(60, 50)).isEqualTo(1);
  }

  @Test
  void historyOfAHugeBasketIsItsEnd() {
    InteractionCounts counts = new InteractionCounts();
    counts.learn(new Basket(0, IntStream.range(0, 120).toArray()));

    counts.learn(new Basket(0, 200));

    assertThat(counts.pairs(200, 69)).isZero();
    assertThat(counts.pairs(200, 70)).isEqualTo(1);
    assertThat(counts.transitions(0, 200)).isEqualTo(1);
  }

  @Test
  void restoredCountsContinueExactly() throws IOException {
    InteractionCounts counts = new InteractionCounts();
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      counts.learn(randomBasket(random, 40, 300));
    }
    byte[] state = StateBytes.of(counts::write);
    InteractionCounts restored = InteractionCounts.read(StateBytes.input(state));
    assertThat(StateBytes.of(restored::write)).isEqualTo(state);

    for (int i = 0; i < 500; i++) {
      Basket basket = randomBasket(random, 60, 400);
      counts.learn(basket);
      restored.learn(basket);
    }

    assertThat(StateBytes.of(restored::write)).isEqualTo(StateBytes.of(counts::write));
  }

  @Test
  void aLargeCatalogueTakesMemoryForItsPairsOnly() {
    InteractionCounts counts = new InteractionCounts();
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      counts.learn(randomBasket(random, 500, 200_000));
    }

    assertThat(counts.items()).isGreaterThan(190_000);
    long entries = counts.pairEntries() + counts.transitionEntries();
    assertThat(entries).isGreaterThan(100_000);
    assertThat(counts.bytes()).isLessThan(24 * entries + 8_000_000);
  }

  @Test
  void anUnknownVersionIsNamed() throws IOException {
    byte[] state = StateBytes.of(new InteractionCounts()::write);
    state[3] = 9;

    assertThatThrownBy(() -> InteractionCounts.read(StateBytes.input(state)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 9")
        .hasMessageContaining("version 1");
  }

  @Test
  void basketsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new Basket(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Basket(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Basket(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Basket randomBasket(Random random, int users, int items) {
    return new Basket(
        random.nextInt(users), random.ints(1 + random.nextInt(8), 0, items).toArray());
  }
}
