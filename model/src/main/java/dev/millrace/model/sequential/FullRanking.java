package dev.millrace.model.sequential;

import dev.millrace.model.eval.ItemMask;
import dev.millrace.model.eval.RankingMetrics;

/**
 * Ranks each held-out item among all items, once with the history in the list and once without.
 *
 * <p>An item stands before another if its score is higher; of equal scores the first in the given
 * order. Without the history in the list a target that the user already had cannot be hit.
 */
final class FullRanking {

  /**
   * Both figures.
   *
   * @param masked items of the history left out of the list
   * @param unmasked all items in the list
   */
  record Result(RankingMetrics masked, RankingMetrics unmasked) {}

  private final LeaveOneOut split;
  private final int[] places;
  private final ItemMask mask = new ItemMask();
  private final float[] scores;
  private final int[][] histories = new int[HistoryScorer.BATCH][];

  /**
   * @param places by item, its place among items of an equal score: lower comes first
   */
  FullRanking(LeaveOneOut split, int[] places) {
    this.split = split;
    this.places = places;
    this.scores = new float[HistoryScorer.BATCH * (split.data().items() + 1)];
  }

  /** Ranks the target of every user. */
  Result rank(LeaveOneOut.Target target, HistoryScorer scorer) {
    Result result = new Result(new RankingMetrics(), new RankingMetrics());
    int users = split.data().users();
    int columns = split.data().items() + 1;
    for (int from = 0; from < users; from += histories.length) {
      int count = Math.min(histories.length, users - from);
      for (int i = 0; i < count; i++) {
        histories[i] = split.history(target, from + i);
      }
      scorer.score(histories, count, scores);
      for (int i = 0; i < count; i++) {
        add(result, i * columns, split.target(target, from + i), split.past(target, from + i));
      }
    }
    return result;
  }

  private void add(Result result, int offset, int target, int[] past) {
    int items = split.data().items();
    float own = scores[offset + target];
    if (Float.isNaN(own)) {
      throw new IllegalStateException("the score of item " + target + " is NaN");
    }
    int before = 0;
    for (int item = 1; item <= items; item++) {
      float score = scores[offset + item];
      if (score >= own && isBefore(score, item, own, target)) {
        before++;
      }
    }
    count(result.unmasked(), before);
    mask.clear();
    for (int item : past) {
      float score = scores[offset + item];
      if (mask.add(item) && isBefore(score, item, own, target)) {
        before--;
      }
    }
    count(result.masked(), mask.contains(target) ? RankingMetrics.DEPTH : before);
  }

  private boolean isBefore(float score, int item, float own, int target) {
    return score > own || score == own && places[item] < places[target];
  }

  private static void count(RankingMetrics metrics, int rank) {
    metrics.addTargets(1);
    if (rank < RankingMetrics.DEPTH) {
      metrics.addHit(rank);
    }
  }
}
