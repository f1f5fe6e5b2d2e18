package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PrequentialEvaluatorTest {
  private static final List<Baselines> ALL_BASELINES = List.of(Baselines.values());

  @Test
  void firstBasketsOfUsersAreNotEvaluated() {
    PrequentialEvaluator evaluator = new PrequentialEvaluator(ALL_BASELINES, List.of(), 100);
    assertThat(evaluator.isEvaluated(0)).isFalse();

    assertThat(evaluator.rank(1, new Basket(0, 0, 1))).isFalse();
    evaluator.learn(new TimeGroup(1, List.of(new Basket(0, 0, 1))));

    assertThat(evaluator.isEvaluated(0)).isTrue();
    assertThat(evaluator.totals()).isEqualTo(new MetricsTable(evaluator.totals().scorers()));
  }

  @Test
  void ranksFollowTheCountsBeforeTheBasket() {
    PrequentialEvaluator evaluator = new PrequentialEvaluator(ALL_BASELINES, List.of(), 100);
    learn(evaluator, 1, new Basket(0, 0, 1), new Basket(1, 0));
    learn(evaluator, 2, new Basket(0, 1, 2));

    evaluator.rank(3, new Basket(1, 2, 2));

    // Popularity 2, 2, 1: the later item of the tie first, then 2.
    assertThat(evaluator.totals().get("popularity", RankingMode.ALL)).isEqualTo(hits(1, 2));
    assertThat(evaluator.totals().get("personal", RankingMode.ALL)).isEqualTo(hits(1, 2));
    assertThat(evaluator.totals().get("markov", RankingMode.ALL)).isEqualTo(hits(1, 1));
    assertThat(evaluator.totals().get("item_knn", RankingMode.ALL)).isEqualTo(hits(1, 1));
    // Item 0 is the user's own and leaves the list.
    assertThat(evaluator.totals().get("popularity", RankingMode.NEW)).isEqualTo(hits(1, 1));
    assertThat(evaluator.totals().get("item_knn_personal", RankingMode.NEW)).isEqualTo(hits(1, 1));
  }

  @Test
  void itemsNeverSeenBeforeAreMissedTargets() {
    PrequentialEvaluator evaluator =
        new PrequentialEvaluator(List.of(Baselines.POPULARITY), List.of("model"), 100);
    learn(evaluator, 1, new Basket(0, 3));

    evaluator.rank(2, new Basket(0, 1, 9, 3), Map.of("model", favouring(1)));

    // Item 1 has a lower index than a known item, and a model may score it: it is missed all the
    // same.
    assertThat(evaluator.totals().get("model", RankingMode.ALL)).isEqualTo(hits(3, 1));
    assertThat(evaluator.totals().get("model", RankingMode.NEW)).isEqualTo(hits(2));
    assertThat(evaluator.totals().get("popularity", RankingMode.ALL)).isEqualTo(hits(3, 0));
  }

  @Test
  void basketsWithOwnItemsOnlyAreNotTargetsOfNew() {
    PrequentialEvaluator evaluator = new PrequentialEvaluator(ALL_BASELINES, List.of(), 100);
    learn(evaluator, 1, new Basket(0, 0, 1));

    evaluator.rank(2, new Basket(0, 1));

    assertThat(evaluator.totals().get("personal", RankingMode.ALL).targets()).isEqualTo(1);
    assertThat(evaluator.totals().get("personal", RankingMode.NEW).targets()).isZero();
  }

  @Test
  void rankingChangesNoCountSoThatBasketsOfATimeStampDoNotSeeEachOther() throws IOException {
    PrequentialEvaluator evaluator = new PrequentialEvaluator(ALL_BASELINES, List.of(), 100);
    PrequentialEvaluator reversed = new PrequentialEvaluator(ALL_BASELINES, List.of(), 100);
    for (PrequentialEvaluator one : List.of(evaluator, reversed)) {
      learn(one, 1, new Basket(0, 0, 1, 2), new Basket(1, 2, 3));
    }
    byte[] before = StateBytes.of(evaluator.counts()::write);

    evaluator.rank(2, new Basket(0, 3));
    evaluator.rank(2, new Basket(1, 0, 1));
    reversed.rank(2, new Basket(1, 0, 1));
    reversed.rank(2, new Basket(0, 3));

    assertThat(StateBytes.of(evaluator.counts()::write)).isEqualTo(before);
    assertThat(reversed.totals()).isEqualTo(evaluator.totals());
    assertThat(evaluator.totals().get("markov", RankingMode.ALL).targets()).isEqualTo(3);
  }

  @Test
  void windowsCloseWithTheBasketThatFillsThem() {
    PrequentialEvaluator evaluator = new PrequentialEvaluator(ALL_BASELINES, List.of(), 3);
    learn(evaluator, 1, new Basket(0, 0, 1, 2, 3));
    evaluator.rank(10, new Basket(0, 0, 1));
    assertThat(evaluator.drainWindows()).isEmpty();

    evaluator.rank(11, new Basket(0, 1, 2));
    evaluator.rank(12, new Basket(0, 3));
    evaluator.rank(13, new Basket(0, 3, 7));

    List<MetricsWindow> windows = evaluator.drainWindows();
    assertThat(windows).extracting(MetricsWindow::eventTime).containsExactly(11L, 13L);
    assertThat(windows).extracting(MetricsWindow::evaluated).containsExactly(4L, 7L);
    MetricsTable sum = new MetricsTable(evaluator.totals().scorers());
    windows.forEach(window -> sum.mergeInPlace(window.metrics()));
    assertThat(sum).isEqualTo(evaluator.totals());
    assertThat(evaluator.drainWindows()).isEmpty();
  }

  @Test
  void restoredEvaluatorContinuesExactly() throws IOException {
    Random random = new Random(11);
    PrequentialEvaluator evaluator = new PrequentialEvaluator(ALL_BASELINES, List.of("model"), 50);
    run(evaluator, random, 0, 150);
    byte[] state = StateBytes.of(evaluator::write);
    PrequentialEvaluator restored =
        PrequentialEvaluator.read(StateBytes.input(state), ALL_BASELINES, List.of("model"));
    assertThat(StateBytes.of(restored::write)).isEqualTo(state);

    run(evaluator, new Random(12), 150, 300);
    run(restored, new Random(12), 150, 300);

    assertThat(StateBytes.of(restored::write))
        .isEqualTo(StateBytes.of(evaluator::write))
        .isNotEqualTo(state);
    assertThat(restored.totals()).isEqualTo(evaluator.totals());
    assertThat(restored.drainWindows()).isEqualTo(evaluator.drainWindows()).isNotEmpty();
  }

  @Test
  void stateOfOtherScorersIsRefused() throws IOException {
    PrequentialEvaluator evaluator = new PrequentialEvaluator(ALL_BASELINES, List.of("model"), 9);
    byte[] state = StateBytes.of(evaluator::write);

    assertThatThrownBy(
            () ->
                PrequentialEvaluator.read(StateBytes.input(state), ALL_BASELINES, List.of("other")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("model")
        .hasMessageContaining("other");
    state[3] = 2;
    assertThatThrownBy(
            () ->
                PrequentialEvaluator.read(StateBytes.input(state), ALL_BASELINES, List.of("model")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void missingModelScoresAreNamed() {
    PrequentialEvaluator evaluator = new PrequentialEvaluator(ALL_BASELINES, List.of("model"), 9);

    assertThatThrownBy(() -> evaluator.rank(1, new Basket(0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[model]");
    assertThatThrownBy(() -> evaluator.totals().get("modle", RankingMode.ALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("modle")
        .hasMessageContaining("item_knn");
  }

  @Test
  void aTimeGroupJoinsTheLinesOfAUserAndRefusesTwoBaskets() {
    TimeGroup group = new TimeGroup.Builder(5).add(3, 7).add(1, 8).add(3, 9).add(3, 7).build();

    assertThat(group.eventTime()).isEqualTo(5);
    assertThat(group.baskets()).extracting(Basket::user).containsExactly(3, 1);
    assertThat(group.baskets().get(0).lineCount()).isEqualTo(3);
    assertThat(group.baskets().get(0).itemCount()).isEqualTo(2);
    List<Basket> twice = List.of(new Basket(3, 7), new Basket(3, 9));
    assertThatThrownBy(() -> new TimeGroup(5, twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("user 3");
  }

  @Test
  void aReplayRefusesLinesOutOfOrder() {
    PrequentialReplay replay =
        new PrequentialReplay(new PrequentialEvaluator(ALL_BASELINES, List.of(), 9));
    replay.accept(2, "u", "i");

    assertThatThrownBy(() -> replay.accept(1, "u", "i"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sort the lines by time");
  }

  private static void run(PrequentialEvaluator evaluator, Random random, int from, int to) {
    for (int time = from; time < to; time++) {
      TimeGroup.Builder builder = new TimeGroup.Builder(time);
      for (int line = random.nextInt(12); line >= 0; line--) {
        builder.add(random.nextInt(9), random.nextInt(20 + time));
      }
      TimeGroup group = builder.build();
      for (Basket basket : group.baskets()) {
        evaluator.rank(time, basket, Map.of("model", favouring(time % 20)));
      }
      evaluator.learn(group);
    }
  }

  private static void learn(PrequentialEvaluator evaluator, long time, Basket... baskets) {
    evaluator.learn(new TimeGroup(time, List.of(baskets)));
  }

  private static Scorer favouring(int favourite) {
    return (user, items, scores) -> {
      Arrays.fill(scores, 0, items, 0);
      scores[favourite] = 1;
    };
  }

  private static RankingMetrics hits(int targets, int... ranks) {
    RankingMetrics metrics = new RankingMetrics();
    metrics.addTargets(targets);
    for (int rank : ranks) {
      metrics.addHit(rank);
    }
    return metrics;
  }
}
