package dev.millrace.model.learner;

import dev.millrace.model.augment.SequenceViews;
import dev.millrace.model.augment.ViewConfig;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;

/** Each pair of views by two different operators of crop, mask and reorder. */
final class AugmentedViews implements HistoryViews {

  private final SequenceViews views = new SequenceViews(ViewConfig.STANDARD);

  @Override
  public View[] draw(BasketExample example, int[] present, int count, SeededRandom random) {
    View[] drawn = new View[count];
    int[] numbers = new int[present.length];
    Arrays.setAll(numbers, i -> i + 1);
    for (int v = 0; v < count; v += 2) {
      SequenceViews.Pair pair = views.pair(numbers, random);
      drawn[v] = view(example, pair.first(), present);
      if (v + 1 < count) {
        drawn[v + 1] = view(example, pair.second(), present);
      }
    }
    return drawn;
  }

  /** Numbers from 1 on become places; 0, which is the mask, becomes -1. */
  private static View view(BasketExample example, int[] numbers, int[] present) {
    int[] places = Arrays.stream(numbers).map(n -> n == 0 ? -1 : present[n - 1]).toArray();
    return new View(example.history(), example.ages(), places);
  }
}
