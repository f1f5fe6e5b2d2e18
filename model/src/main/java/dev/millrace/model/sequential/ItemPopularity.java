package dev.millrace.model.sequential;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How often each item occurs in the sequences up to a held-out item. */
final class ItemPopularity implements HistoryScorer {

  private final int[] counts;

  private ItemPopularity(int[] counts) {
    this.counts = counts;
  }

  /** Counts all that came before a held-out item. */
  static ItemPopularity before(LeaveOneOut.Target target, LeaveOneOut split) {
    int[] counts = new int[split.data().items() + 1];
    for (int user = 0; user < split.data().users(); user++) {
      for (int item : split.past(target, user)) {
        counts[item]++;
      }
    }
    return new ItemPopularity(counts);
  }

  int count(int item) {
    return counts[item];
  }

  /** By item, its place in descending popularity; of equal counts the lower item comes first. */
  int[] places() {
    int[] places = new int[counts.length];
    int place = 1;
    for (int item :
        IntStream.range(1, counts.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -counts[i]).thenComparing(i -> i))
            .mapToInt(i -> i)
            .toArray()) {
      places[item] = place++;
    }
    return places;
  }

  @Override
  public void score(int[][] histories, int count, float[] scores) {
    for (int i = 0; i < count; i++) {
      int offset = i * counts.length;
      for (int item = 0; item < counts.length; item++) {
        scores[offset + item] = counts[item];
      }
    }
    noItem(count, counts.length, scores);
  }

  /** Takes index 0 out of all lists. */
  static void noItem(int count, int columns, float[] scores) {
    for (int i = 0; i < count; i++) {
      scores[i * columns] = Float.NEGATIVE_INFINITY;
    }
  }

  /** All zero but for index 0. */
  static void clear(int count, int columns, float[] scores) {
    Arrays.fill(scores, 0, count * columns, 0);
    noItem(count, columns, scores);
  }
}
