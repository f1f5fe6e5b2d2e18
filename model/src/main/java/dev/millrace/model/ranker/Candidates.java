package dev.millrace.model.ranker;

import dev.millrace.model.eval.Basket;
import dev.millrace.model.eval.ItemMask;
import dev.millrace.model.eval.TopK;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;

/**
 * Chooses what a basket's items are compared with: the best items by the present score, the best
 * that the user never had, and random others that stand for the rest.
 */
final class Candidates {

  private final RankerConfig config;
  private final TopK best;
  private final ItemMask own = new ItemMask();
  private final ItemMask chosen = new ItemMask();
  private final ItemMask chosenOrOwn = new ItemMask();
  private int[] list = new int[1024];
  private int count;

  Candidates(RankerConfig config) {
    this.config = config;
    this.best = new TopK(config.bestCandidates());
  }

  /** An example from the features that the scores came from; null if no item of it was known. */
  BlendExample example(
      Basket basket,
      UserPast past,
      float[][] features,
      float[] scores,
      int items,
      SeededRandom random) {
    count = 0;
    chosen.clear();
    for (int i = 0; i < basket.itemCount(); i++) {
      if (basket.item(i) < items) {
        add(basket.item(i));
      }
    }
    int targets = count;
    if (targets == 0) {
      return null;
    }
    best.select(scores, items, chosen);
    addBest();
    markOwn(past);
    best.select(scores, items, chosenOrOwn);
    addBest();
    int certain = count;
    addRandom(items, random);
    return build(features, targets, certain, items - certain);
  }

  private void markOwn(UserPast past) {
    own.clear();
    chosenOrOwn.clear();
    for (int e = 0; past != null && e < past.items().size(); e++) {
      own.add(past.items().keys()[e]);
      chosenOrOwn.add(past.items().keys()[e]);
    }
    for (int i = 0; i < count; i++) {
      chosenOrOwn.add(list[i]);
    }
  }

  private void addRandom(int items, SeededRandom random) {
    int rest = items - count;
    if (rest <= 2 * config.randomCandidates()) {
      for (int item = 0; item < items; item++) {
        add(item);
      }
    } else {
      // Most draws are new: more than half of the rest stays.
      for (int wanted = count + config.randomCandidates(); count < wanted; ) {
        add(random.nextInt(items));
      }
    }
  }

  private BlendExample build(float[][] features, int targets, int certain, int rest) {
    float[] chosenFeatures = new float[features.length * count];
    float[] corrections = new float[count];
    byte[] flags = new byte[count];
    float correction =
        count == certain ? 0 : (float) StrictMath.log((double) rest / (count - certain));
    for (int c = 0; c < count; c++) {
      for (int f = 0; f < features.length; f++) {
        chosenFeatures[f * count + c] = features[f][list[c]];
      }
      corrections[c] = c < certain ? 0 : correction;
      flags[c] =
          (byte)
              ((c < targets ? BlendExample.TARGET : 0)
                  | (own.contains(list[c]) ? 0 : BlendExample.UNSEEN));
    }
    return new BlendExample(chosenFeatures, corrections, flags);
  }

  private void addBest() {
    for (int rank = 0; rank < best.size(); rank++) {
      add(best.item(rank));
    }
  }

  private void add(int item) {
    if (chosen.add(item)) {
      if (count == list.length) {
        list = Arrays.copyOf(list, 2 * count);
      }
      list[count++] = item;
    }
  }
}
