package dev.millrace.model.sequential;

import dev.millrace.model.augment.SimilarItems;
import java.util.Arrays;

/**
 * Which item is most like another, by who had both, kept up to date example by example.
 *
 * <pre>
 *   w_ij += 1 / log(1 + |history| + 1)   for each distinct j of a history that i follows
 *   sim(i, j) = w_ij / sqrt(n_i n_j)
 * </pre>
 *
 * <p>This is item-based filtering with inverse user frequency; the published form counts all of a
 * file beforehand and divides by the logarithm of the user's whole length, which a stream does not
 * know yet. Pairs of an item keep their heaviest {@value #ROW} others.
 *
 * <p>Liu et al., Contrastive self-supervised sequential recommendation with robust augmentation
 * (CoSeRec), 2021, section 3.1.
 */
final class ItemCorrelation implements SimilarItems {

  private static final int ROW = 64;

  private final int[][] others;
  private final float[][] weights;
  private final int[] sizes;
  private final int[] counts;

  /**
   * @param rows items are below it
   */
  ItemCorrelation(int rows) {
    others = new int[rows][];
    weights = new float[rows][];
    sizes = new int[rows];
    counts = new int[rows];
  }

  /** Takes in that an item followed a history. */
  void observe(int[] history, int next) {
    counts[next]++;
    float weight = (float) (1 / StrictMath.log(2.0 + history.length));
    for (int at = 0; at < history.length; at++) {
      int other = history[at];
      if (other != next && isFirst(history, at)) {
        add(next, other, weight);
        add(other, next, weight);
      }
    }
    if (history.length == 1) {
      // The first item of a user is never a target itself.
      counts[history[0]]++;
    }
  }

  private static boolean isFirst(int[] history, int at) {
    for (int i = 0; i < at; i++) {
      if (history[i] == history[at]) {
        return false;
      }
    }
    return true;
  }

  private void add(int item, int other, float weight) {
    if (others[item] == null) {
      others[item] = new int[4];
      weights[item] = new float[4];
    }
    int size = sizes[item];
    for (int e = 0; e < size; e++) {
      if (others[item][e] == other) {
        weights[item][e] += weight;
        return;
      }
    }
    if (size == ROW) {
      replaceLightest(item, other, weight);
      return;
    }
    if (size == others[item].length) {
      others[item] = Arrays.copyOf(others[item], 2 * size);
      weights[item] = Arrays.copyOf(weights[item], 2 * size);
    }
    others[item][size] = other;
    weights[item][size] = weight;
    sizes[item]++;
  }

  /** A new pair takes the place of the lightest and its weight, as in a space-saving sketch. */
  private void replaceLightest(int item, int other, float weight) {
    int lightest = 0;
    for (int e = 1; e < ROW; e++) {
      if (weights[item][e] < weights[item][lightest]) {
        lightest = e;
      }
    }
    others[item][lightest] = other;
    weights[item][lightest] += weight;
  }

  @Override
  public int mostSimilar(int item) {
    int best = item;
    double highest = 0;
    for (int e = 0; e < sizes[item]; e++) {
      int other = others[item][e];
      double similarity = weights[item][e] / Math.sqrt(Math.max(1, counts[other]));
      if (similarity > highest || similarity == highest && other < best) {
        highest = similarity;
        best = other;
      }
    }
    return best;
  }
}
