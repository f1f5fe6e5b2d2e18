package dev.millrace.model.sequential;

import dev.millrace.model.augment.SequenceViews;
import dev.millrace.model.augment.ViewConfig;
import dev.millrace.model.kernel.SeededRandom;

/** Two views of each history by two different operators of crop, mask and reorder. */
final class CropMaskReorder implements ViewPairs {

  private final SequenceViews views;

  CropMaskReorder(ViewConfig config) {
    views = new SequenceViews(config);
  }

  @Override
  public void draw(ExampleBatch batch, SeededRandom random, int[][] first, int[][] second) {
    for (int i = 0; i < batch.size(); i++) {
      SequenceViews.Pair pair = views.pair(batch.histories()[i], random);
      first[i] = pair.first();
      second[i] = pair.second();
    }
  }
}
