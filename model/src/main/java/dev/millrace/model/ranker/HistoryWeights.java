package dev.millrace.model.ranker;

import java.util.Arrays;

/**
 * A user's newest baskets as weighted items, the heaviest first:
 *
 * <pre>
 *   h_j = sum over the last baskets r = 0, 1, ... that hold j of decay^r / sqrt(size_r)
 * </pre>
 *
 * <p>Made once and filled again.
 */
final class HistoryWeights {

  private final RankerConfig config;
  private final double[] powers;
  private float[] dense = new float[256];
  private int[] touched = new int[256];
  private int touchedCount;
  private long[] order = new long[256];
  private int[] items;
  private float[] weights;
  private int size;

  HistoryWeights(RankerConfig config) {
    this.config = config;
    this.items = new int[config.historyItems()];
    this.weights = new float[config.historyItems()];
    this.powers = new double[config.historyBaskets()];
    double power = 1;
    for (int r = 0; r < powers.length; r++) {
      powers[r] = power;
      power *= config.basketDecay();
    }
  }

  /** Fills from a past, null for none. */
  void fill(UserPast past) {
    touchedCount = 0;
    if (past != null) {
      for (int r = 0; r < powers.length && past.basket(r) != null; r++) {
        int[] basket = past.basket(r);
        add(basket, (float) (powers[r] / Math.sqrt(basket.length)));
      }
    }
    if (order.length < touchedCount) {
      order = new long[2 * touchedCount];
    }
    for (int i = 0; i < touchedCount; i++) {
      // Weights are positive, so that their bits order them; of equal ones the lower item first.
      int bits = Float.floatToRawIntBits(dense[touched[i]]);
      order[i] = ((long) ~bits << 32) | touched[i];
    }
    Arrays.sort(order, 0, touchedCount);
    size = Math.min(touchedCount, config.historyItems());
    for (int i = 0; i < size; i++) {
      items[i] = (int) order[i];
      weights[i] = dense[items[i]];
    }
    for (int i = 0; i < touchedCount; i++) {
      dense[touched[i]] = 0;
    }
  }

  private void add(int[] basket, float weight) {
    for (int item : basket) {
      if (item >= dense.length) {
        dense = Arrays.copyOf(dense, Math.max(item + 1, 2 * dense.length));
      }
      if (dense[item] == 0) {
        if (touchedCount == touched.length) {
          touched = Arrays.copyOf(touched, 2 * touchedCount);
        }
        touched[touchedCount++] = item;
      }
      dense[item] += weight;
    }
  }

  int size() {
    return size;
  }

  int item(int i) {
    return items[i];
  }

  float weight(int i) {
    return weights[i];
  }
}
