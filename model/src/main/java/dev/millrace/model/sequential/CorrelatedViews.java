package dev.millrace.model.sequential;

import dev.millrace.model.augment.InformativeViews;
import dev.millrace.model.augment.ItemCorrelation;
import dev.millrace.model.augment.ViewConfig;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;

/**
 * CoSeRec's views: similar items from an {@link ItemCorrelation} that learns each example once,
 * after its views are drawn.
 */
final class CorrelatedViews implements ViewPairs {

  /** What the released script for Beauty sets; its short sequences take all operators. */
  private static final double SUBSTITUTE = 0.05;

  private static final double INSERT = 0.5;

  private final ItemCorrelation correlation;
  private final InformativeViews views;
  private final boolean[] seen;
  private final int window;

  CorrelatedViews(LeaveOneOut split, int mask, int window) {
    correlation = new ItemCorrelation();
    views =
        new InformativeViews(
            new InformativeViews.Config(new ViewConfig(0.8, 0.7, 0.2, mask), SUBSTITUTE, INSERT, 0),
            correlation);
    seen = new boolean[split.examples()];
    this.window = window;
  }

  @Override
  public void draw(ExampleBatch batch, SeededRandom random, int[][] first, int[][] second) {
    for (int i = 0; i < batch.size(); i++) {
      first[i] = newest(views.view(batch.histories()[i], random));
      second[i] = newest(views.view(batch.histories()[i], random));
    }
    for (int i = 0; i < batch.size(); i++) {
      int example = batch.examples()[i];
      if (!seen[example]) {
        seen[example] = true;
        correlation.observe(batch.histories()[i], batch.targets()[i]);
      }
    }
  }

  private int[] newest(int[] view) {
    return view.length <= window
        ? view
        : Arrays.copyOfRange(view, view.length - window, view.length);
  }
}
