package dev.millrace.model.eval;

/**
 * The k best items of an array of scores, best first; of equal scores the higher index comes first,
 * which is the item that appeared later in the stream.
 *
 * <p>One pass keeps the list sorted by insertion. Once the list is full, an item that does not beat
 * its last entry costs one comparison, which is nearly every item. An item of score negative
 * infinity is never selected. The object is reused from call to call and allocates nothing.
 */
public final class TopK {
  private final float[] bestScores;
  private final int[] bestItems;
  private int size;

  /**
   * @param k length of the list, at least 1
   */
  public TopK(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, was " + k);
    }
    bestScores = new float[k];
    bestItems = new int[k];
  }

  /** Selects from items 0 to count - 1. */
  public void select(float[] scores, int count) {
    select(scores, count, null);
  }

  /**
   * Selects from items 0 to count - 1, without the excluded ones.
   *
   * @param scores score by item index, at least {@code count} long; not changed
   * @param count number of items that may be selected
   * @param excluded items to leave out; null for none
   * @throws IllegalArgumentException when an item that is not excluded has the score NaN
   */
  public void select(float[] scores, int count, ItemMask excluded) {
    if (count > scores.length) {
      throw new IllegalArgumentException(count + " items, but " + scores.length + " scores");
    }
    size = 0;
    float threshold = Float.NEGATIVE_INFINITY;
    // Downwards, so that an equal score of a lower index fails the one comparison too.
    for (int item = count - 1; item >= 0; item--) {
      // Written so that NaN passes and is then named.
      if (!(scores[item] <= threshold)) {
        threshold = offer(scores[item], item, excluded, threshold);
      }
    }
  }

  /** How many items were selected: k, or fewer when there were fewer. */
  public int size() {
    return size;
  }

  /** The item at a rank, 0 being the best. */
  public int item(int rank) {
    return bestItems[checked(rank)];
  }

  /** The score at a rank, 0 being the best. */
  public float score(int rank) {
    return bestScores[checked(rank)];
  }

  private float offer(float score, int item, ItemMask excluded, float threshold) {
    if (excluded != null && excluded.contains(item)) {
      return threshold;
    }
    if (Float.isNaN(score)) {
      throw new IllegalArgumentException("the score of item " + item + " is NaN");
    }
    int place = size < bestItems.length ? size++ : size - 1;
    while (place > 0 && bestScores[place - 1] < score) {
      bestScores[place] = bestScores[place - 1];
      bestItems[place] = bestItems[place - 1];
      place--;
    }
    bestScores[place] = score;
    bestItems[place] = item;
    return size < bestItems.length ? Float.NEGATIVE_INFINITY : bestScores[size - 1];
  }

  private int checked(int rank) {
    if (rank >= size) {
      throw new IndexOutOfBoundsException("rank " + rank + " of " + size + " selected items");
    }
    return rank;
  }
}
