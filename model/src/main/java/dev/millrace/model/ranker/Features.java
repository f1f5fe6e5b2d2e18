package dev.millrace.model.ranker;

import java.util.Arrays;

/**
 * Makes features of counts: logarithms of shares and of counts, so that the blend is a product of
 * experts.
 *
 * <pre>
 *   of a score s:   log(.1 + M s_i / sum s), M items
 *   of the item:    log(lines + 1), log(lines since its first / 1000 + .1),
 *                   log(lines since its last / 1000 + .05), (repeats + .3) / (baskets + 1)
 *   of the user:    log(1 + lines), log(1 + faded lines), 1 / sqrt(baskets since the last one)
 *   neural:         score less the best, at least -30
 * </pre>
 */
final class Features {

  private static final float SHARE_SHIFT = 0.1f;

  /** The least that a neural score counts below the best. */
  private static final float NEURAL_FLOOR = -30;

  private Features() {}

  /**
   * Writes the features of all components.
   *
   * @param past the user's, null for none
   * @param neural the neural learner's score by item, null for none
   * @param features by component; those of pairs and neighbours hold their scores
   */
  static void write(
      ItemFacts facts,
      UserPast past,
      FadingTime time,
      float[] neural,
      int items,
      float[][] features) {
    System.arraycopy(facts.faded(0), 0, features[Component.RECENT.ordinal()], 0, items);
    System.arraycopy(facts.faded(1), 0, features[Component.RECENT_LONG.ordinal()], 0, items);
    for (Component component : Component.values()) {
      if (component.isShare()) {
        toShares(features[component.ordinal()], items);
      }
    }
    writeOfItems(facts, items, features);
    writeOfUser(past, time, items, features);
    writeNeural(neural, items, features[Component.NEURAL.ordinal()]);
  }

  /** {@code x = log(.1 + M x / sum x)}. */
  private static void toShares(float[] x, int items) {
    double sum = 0;
    for (int i = 0; i < items; i++) {
      sum += x[i];
    }
    Logarithm.applyInPlace(x, items, sum > 0 ? (float) (items / sum) : 0, SHARE_SHIFT);
  }

  private static void writeOfItems(ItemFacts facts, int items, float[][] features) {
    float[] popularity = features[Component.POPULARITY.ordinal()];
    float[] age = features[Component.AGE.ordinal()];
    float[] idle = features[Component.IDLE.ordinal()];
    float[] repeat = features[Component.REPEAT.ordinal()];
    for (int i = 0; i < items; i++) {
      popularity[i] = Logarithm.of(facts.lines(i) + 1);
      age[i] = Logarithm.of(facts.age(i) / 1000 + 0.1f);
      idle[i] = Logarithm.of(facts.idle(i) / 1000 + 0.05f);
      repeat[i] = (facts.repeats(i) + 0.3f) / (facts.baskets(i) + 1);
    }
  }

  private static void writeOfUser(UserPast past, FadingTime time, int items, float[][] features) {
    float[] own = features[Component.OWN.ordinal()];
    float[] recent = features[Component.OWN_RECENT.ordinal()];
    float[] last = features[Component.OWN_LAST.ordinal()];
    Arrays.fill(own, 0, items, 0);
    Arrays.fill(recent, 0, items, 0);
    Arrays.fill(last, 0, items, 0);
    if (past == null) {
      return;
    }
    SparseRow had = past.items();
    float faded = (float) (1 / time.weight());
    for (int e = 0; e < had.size(); e++) {
      int item = had.keys()[e];
      own[item] = Logarithm.of(1 + had.channel(UserPast.COUNT)[e]);
      recent[item] = Logarithm.of(1 + had.channel(UserPast.DECAYED)[e] * faded);
      float ago = past.baskets() + 1 - had.channel(UserPast.BASKET)[e];
      last[item] = (float) (1 / Math.sqrt(ago));
    }
  }

  private static void writeNeural(float[] neural, int items, float[] feature) {
    if (neural == null) {
      Arrays.fill(feature, 0, items, 0);
      return;
    }
    float best = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < items; i++) {
      best = Math.max(best, neural[i]);
    }
    for (int i = 0; i < items; i++) {
      feature[i] = Math.max(neural[i] - best, NEURAL_FLOOR);
    }
    if (best == Float.NEGATIVE_INFINITY) {
      Arrays.fill(feature, 0, items, NEURAL_FLOOR);
    }
  }
}
