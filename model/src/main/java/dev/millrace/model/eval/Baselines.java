package dev.millrace.model.eval;

import java.util.Arrays;

/**
 * The counting baselines. All arithmetic is float32 in a fixed order. With {@code pop} the
 * popularity of an item, each breaks its ties by popularity through a small addend.
 */
public enum Baselines implements Baseline {
  /** {@code pop(i)}: lines of the item so far. */
  POPULARITY("popularity") {
    @Override
    public void score(InteractionCounts counts, int user, float[] scores) {
      System.arraycopy(counts.popularityArray(), 0, scores, 0, counts.items());
    }
  },

  /** {@code recent(i) + 1e-6 pop(i)}: lines of the item among the last 2,000. */
  RECENT_POPULARITY("recent_popularity") {
    @Override
    public void score(InteractionCounts counts, int user, float[] scores) {
      for (int item = 0; item < counts.items(); item++) {
        scores[item] = counts.recentPopularity(item);
      }
      addPopularityInPlace(counts, COUNT_TIE_WEIGHT, scores);
    }
  },

  /** {@code personal(u, i) + 1e-6 pop(i)}: lines of the item by this user. */
  PERSONAL("personal") {
    @Override
    public void score(InteractionCounts counts, int user, float[] scores) {
      Arrays.fill(scores, 0, counts.items(), 0);
      counts.user(user).frequency().addQuotientsInPlace(scores, 1);
      addPopularityInPlace(counts, COUNT_TIE_WEIGHT, scores);
    }
  },

  /** {@code sum over l in the last basket of transitions(l, i), + 1e-6 pop(i)}. */
  MARKOV("markov") {
    @Override
    public void score(InteractionCounts counts, int user, float[] scores) {
      Arrays.fill(scores, 0, counts.items(), 0);
      UserCounts history = counts.user(user);
      for (int l = 0; l < history.lastBasketSize(); l++) {
        CountRow row = counts.transitionRow(history.lastBasketItem(l));
        if (row != null) {
          row.addQuotientsInPlace(scores, 1);
        }
      }
      addPopularityInPlace(counts, COUNT_TIE_WEIGHT, scores);
    }
  },

  /**
   * {@code knn(u, i) + 1e-9 pop(i)} with {@code knn(u, i) = sum over the last 20 items h of the
   * history of pairs(h, i) / sqrt(pop(h) + 1), / sqrt(pop(i) + 1)}.
   */
  ITEM_KNN("item_knn") {
    @Override
    public void score(InteractionCounts counts, int user, float[] scores) {
      neighbours(counts, user, scores);
      addPopularityInPlace(counts, SCORE_TIE_WEIGHT, scores);
    }
  },

  /** {@code knn(u, i) / max knn(u, .) + personal(u, i) / max personal(u, .) + 1e-9 pop(i)}. */
  ITEM_KNN_PERSONAL("item_knn_personal") {
    @Override
    public void score(InteractionCounts counts, int user, float[] scores) {
      neighbours(counts, user, scores);
      float max = 0;
      for (int item = 0; item < counts.items(); item++) {
        max = Math.max(max, scores[item]);
      }
      for (int item = 0; item < counts.items(); item++) {
        scores[item] /= max + SCORE_TIE_WEIGHT;
      }
      CountRow frequency = counts.user(user).frequency();
      frequency.addQuotientsInPlace(scores, frequency.max() + SCORE_TIE_WEIGHT);
      addPopularityInPlace(counts, SCORE_TIE_WEIGHT, scores);
    }
  };

  /** The last items of the history that item-kNN sums over, oldest first. */
  private static final int KNN_HISTORY = 20;

  private static final float COUNT_TIE_WEIGHT = 1e-6f;
  private static final float SCORE_TIE_WEIGHT = 1e-9f;

  private final String id;

  Baselines(String id) {
    this.id = id;
  }

  @Override
  public String id() {
    return id;
  }

  private static void addPopularityInPlace(InteractionCounts counts, float weight, float[] scores) {
    float[] popularity = counts.popularityArray();
    for (int item = 0; item < counts.items(); item++) {
      scores[item] += weight * popularity[item];
    }
  }

  private static void neighbours(InteractionCounts counts, int user, float[] scores) {
    Arrays.fill(scores, 0, counts.items(), 0);
    UserCounts history = counts.user(user);
    int size = history.tailSize();
    for (int h = Math.max(0, size - KNN_HISTORY); h < size; h++) {
      int item = history.tailItem(h);
      CountRow row = counts.pairRow(item);
      if (row != null) {
        row.addQuotientsInPlace(scores, root(counts.popularity(item) + 1));
      }
    }
    float[] popularity = counts.popularityArray();
    for (int item = 0; item < counts.items(); item++) {
      scores[item] /= root(popularity[item] + 1);
    }
  }

  private static float root(float value) {
    return (float) Math.sqrt(value);
  }
}
