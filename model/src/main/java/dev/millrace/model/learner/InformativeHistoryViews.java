package dev.millrace.model.learner;

import dev.millrace.model.augment.InformativeViews;
import dev.millrace.model.augment.ItemCorrelation;
import dev.millrace.model.augment.ViewConfig;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;

/**
 * Views that also put similar items in place of some, or beside them; which items are similar is
 * counted along the stream. A similar item is as old as the one it goes with, and one that has lost
 * its row is left out.
 *
 * <p>Liu et al., Contrastive self-supervised sequential recommendation with robust augmentation
 * (CoSeRec), 2021, with the ratios of its released script for Beauty.
 */
final class InformativeHistoryViews implements HistoryViews {

  private static final InformativeViews.Config CONFIG =
      new InformativeViews.Config(new ViewConfig(0.8, 0.7, 0.2, 0), 0.05, 0.5, 0);

  private final ItemCorrelation correlation;
  private final ItemRows rows;
  private final int window;

  InformativeHistoryViews(ItemCorrelation correlation, ItemRows rows, int window) {
    this.correlation = correlation;
    this.rows = rows;
    this.window = window;
  }

  /** Counts each item of a basket as following the newest of its history and those before it. */
  static void learn(ItemCorrelation correlation, BasketExample example, int window) {
    int kept = Math.min(window, example.history().length);
    int[] sequence = new int[kept + example.items().length];
    System.arraycopy(example.history(), example.history().length - kept, sequence, 0, kept);
    System.arraycopy(example.items(), 0, sequence, kept, example.items().length);
    for (int place = kept; place < sequence.length; place++) {
      correlation.observeAt(sequence, place);
    }
  }

  @Override
  public View[] draw(BasketExample example, int[] present, int count, SeededRandom random) {
    Extended extended = new Extended(example, present);
    InformativeViews views = new InformativeViews(CONFIG, extended::similarTo);
    int[] numbers = new int[present.length];
    Arrays.setAll(numbers, i -> i + 1);
    int[][] drawn = new int[count][];
    for (int v = 0; v < count; v++) {
      int[] view = views.view(numbers, random);
      drawn[v] =
          Arrays.stream(view, Math.max(0, view.length - window), view.length)
              .map(number -> number - 1)
              .toArray();
    }
    View[] made = new View[count];
    for (int v = 0; v < count; v++) {
      made[v] = new View(extended.items, extended.ages, drawn[v]);
    }
    return made;
  }

  /** A history, numbered from 1 on, and behind it the similar items that its views ask for. */
  private final class Extended {
    private int[] items;
    private int[] ages;
    private int size;

    Extended(BasketExample example, int[] present) {
      items = Arrays.stream(present).map(place -> example.history()[place]).toArray();
      ages = Arrays.stream(present).map(place -> example.ages()[place]).toArray();
      size = items.length;
    }

    /** The number of the item most like one of a number; its own where none has a row. */
    int similarTo(int number) {
      int item = correlation.mostSimilar(items[number - 1]);
      if (rows.rowOf(item) == ItemRows.ABSENT) {
        return number;
      }
      if (size == items.length) {
        items = Arrays.copyOf(items, 2 * size);
        ages = Arrays.copyOf(ages, 2 * size);
      }
      items[size] = item;
      ages[size] = ages[number - 1];
      return ++size;
    }
  }
}
