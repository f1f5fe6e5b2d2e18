package dev.millrace.model.learner;

import dev.millrace.model.kernel.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The history itself, which dropout makes another one, and the history of a recent basket that has
 * an item of this basket, drawn at random; itself where there is none.
 *
 * <p>Qiu et al., Contrastive learning for representation degeneration problem in sequential
 * recommendation (DuoRec), WSDM 2022, section 3.3, which draws among all sequences of a file; a
 * stream draws among the baskets that it keeps for replay.
 */
final class SameTargetViews implements HistoryViews {

  private final ReplayBuffer recent;
  private final ItemRows rows;
  private final int window;

  SameTargetViews(ReplayBuffer recent, ItemRows rows, int window) {
    this.recent = recent;
    this.rows = rows;
    this.window = window;
  }

  @Override
  public View[] draw(BasketExample example, int[] present, int count, SeededRandom random) {
    View[] drawn = new View[count];
    drawn[0] = new View(example.history(), example.ages(), present);
    for (int v = 1; v < count; v++) {
      int target = example.items()[random.nextInt(example.items().length)];
      List<BasketExample> same = new ArrayList<>();
      for (BasketExample other : recent.examples()) {
        boolean itself = other.index() == example.index() && other.line() == example.line();
        if (!itself && holds(other.items(), target)) {
          same.add(other);
        }
      }
      drawn[v] = drawn[0];
      if (!same.isEmpty()) {
        BasketExample other = same.get(random.nextInt(same.size()));
        int[] places = rows.presentPlaces(other.history(), window);
        if (places.length > 0) {
          drawn[v] = new View(other.history(), other.ages(), places);
        }
      }
    }
    return drawn;
  }

  private static boolean holds(int[] items, int item) {
    return Arrays.stream(items).anyMatch(other -> other == item);
  }
}
