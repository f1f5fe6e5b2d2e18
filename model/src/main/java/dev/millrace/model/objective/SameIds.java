package dev.millrace.model.objective;

import java.util.HashMap;
import java.util.Map;

/** Pairs of rows that stand for the same object and so are no negatives of each other. */
final class SameIds {

  private SameIds() {}

  /**
   * Masks, in the {@code 2B x 2B} logits of two stacked views, all rows of an equal id other than
   * the row itself and its positive.
   */
  static void mask(int[] ids, Entries out) {
    int batch = ids.length;
    int[] previous = new int[batch];
    Map<Integer, Integer> last = new HashMap<>();
    for (int i = 0; i < batch; i++) {
      Integer before = last.put(ids[i], i);
      previous[i] = before == null ? -1 : before;
      for (int j = previous[i]; j >= 0; j = previous[j]) {
        for (int a = i; a < 2 * batch; a += batch) {
          for (int b = j; b < 2 * batch; b += batch) {
            out.mask(a, b);
            out.mask(b, a);
          }
        }
      }
    }
  }
}
