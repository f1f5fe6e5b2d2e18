package dev.millrace.model.ranker;

import dev.millrace.model.kernel.LengthArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Counts of pairs of items, and the scores that they give to a weighted history.
 *
 * <pre>
 *   basket B of n items:  W_ij += 1,  D_ij += t / sqrt(n)          for i, j in B
 *                         X_ji += t h_j / sqrt(n)                  for j in the history, i in B
 *   together_i    = sum_j h_j W_ji / sqrt((b_j + 3)(b_i + 3))
 *   togetherNow_i = sum_j h_j D_ji / (g_j g_i),   g_i = sqrt(D_ii + .75 t)
 *   next_i        = sum_j h_j X_ji / (g_j g_i)
 *   given_i       = sum_j h_j W_ji / (b_j + 3)
 * </pre>
 *
 * <p>{@code t} is the weight of the event time ({@link FadingTime}), {@code b} baskets of an item,
 * {@code h} the history; j = i is left out of the sums over W and D.
 */
final class PairCounts {

  private static final float SHRINK = 3;
  private static final double PRIOR = 0.75;
  private static final int W = 0;
  private static final int D = 1;

  private final SparseTable together;
  private final SparseTable next;
  private float[] diagonal = new float[256];

  PairCounts(RankerConfig config) {
    together = new SparseTable(2, config.pairsPerItem(), D);
    next = new SparseTable(1, config.pairsPerItem(), 0);
  }

  /** Learns a basket after a history. */
  void add(HistoryWeights history, int[] basket, double timeWeight) {
    float weight = (float) (timeWeight / Math.sqrt(basket.length));
    for (int i : basket) {
      reserve(i);
      diagonal[i] += weight;
      SparseRow row = together.row(i);
      for (int j : basket) {
        if (j != i) {
          int place = row.place(j);
          row.channel(W)[place]++;
          row.channel(D)[place] += weight;
        }
      }
      together.limit(i);
    }
    for (int h = 0; h < history.size(); h++) {
      SparseRow row = next.row(history.item(h));
      float amount = weight * history.weight(h);
      for (int i : basket) {
        int place = row.place(i);
        row.channel(0)[place] += amount;
      }
      next.limit(history.item(h));
    }
  }

  /**
   * Writes the four scores of every item.
   *
   * @param scores together, togetherNow, next, given; the first {@code items} of each are
   *     overwritten
   */
  void score(
      HistoryWeights history, ItemFacts facts, double timeWeight, int items, float[][] scores) {
    for (int s = 0; s < 4; s++) {
      Arrays.fill(scores[s], 0, items, 0);
    }
    double prior = PRIOR * timeWeight;
    for (int h = 0; h < history.size(); h++) {
      int item = history.item(h);
      float weight = history.weight(h);
      float support = facts.baskets(item) + SHRINK;
      float byTime = (float) (weight / Math.sqrt(diagonalOf(item) + prior));
      SparseRow row = together.rowOrNull(item);
      if (row != null) {
        addTogether(row, (float) (weight / Math.sqrt(support)), byTime, weight / support, scores);
      }
      SparseRow after = next.rowOrNull(item);
      if (after != null) {
        addScaled(after, byTime, scores[2]);
      }
    }
    for (int i = 0; i < items; i++) {
      scores[0][i] /= (float) Math.sqrt(facts.baskets(i) + SHRINK);
      float norm = (float) Math.sqrt(diagonalOf(i) + prior);
      scores[1][i] /= norm;
      scores[2][i] /= norm;
    }
  }

  private static void addTogether(
      SparseRow row, float cosine, float byTime, float conditional, float[][] scores) {
    int[] keys = row.keys();
    float[] w = row.channel(W);
    float[] d = row.channel(D);
    for (int e = 0; e < row.size(); e++) {
      int i = keys[e];
      scores[0][i] += cosine * w[e];
      scores[1][i] += byTime * d[e];
      scores[3][i] += conditional * w[e];
    }
  }

  private static void addScaled(SparseRow row, float factor, float[] scores) {
    int[] keys = row.keys();
    float[] values = row.channel(0);
    for (int e = 0; e < row.size(); e++) {
      scores[keys[e]] += factor * values[e];
    }
  }

  private float diagonalOf(int item) {
    return item < diagonal.length ? diagonal[item] : 0;
  }

  private void reserve(int item) {
    if (item >= diagonal.length) {
      diagonal = Arrays.copyOf(diagonal, Math.max(item + 1, 2 * diagonal.length));
    }
  }

  void scale(float factor) {
    together.scale(D, factor);
    next.scale(0, factor);
    for (int i = 0; i < diagonal.length; i++) {
      diagonal[i] *= factor;
    }
  }

  long entries() {
    return together.entries() + next.entries();
  }

  long bytes() {
    return together.bytes() + next.bytes() + 4L * diagonal.length;
  }

  void writeTo(DataOutput out) throws IOException {
    together.writeTo(out);
    next.writeTo(out);
    int used = diagonal.length;
    while (used > 0 && diagonal[used - 1] == 0) {
      used--;
    }
    LengthArrays.write(out, Arrays.copyOf(diagonal, used));
  }

  void readInPlace(DataInput in) throws IOException {
    together.readInPlace(in);
    next.readInPlace(in);
    float[] read = LengthArrays.readFloats(in);
    diagonal = Arrays.copyOf(read, Math.max(256, read.length));
  }
}
