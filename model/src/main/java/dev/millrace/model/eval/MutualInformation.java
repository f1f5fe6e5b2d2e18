package dev.millrace.model.eval;

import java.util.Arrays;

/**
 * Normalised mutual information of two labellings of the same things.
 *
 * <p>{@code NMI = 2 I(A; B) / (H(A) + H(B))} with {@code I = sum p(a, b) log(p(a, b) / (p(a)
 * p(b)))}: 1 where one labelling renames the other, about 0 where they have nothing to do with each
 * other. Two labellings of a single label each agree: 1.
 *
 * <p>Strehl and Ghosh, Cluster ensembles, JMLR 3, 2002; the arithmetic mean of the entropies as in
 * Kvalseth, Entropy and correlation, IEEE Trans. Systems, Man and Cybernetics 17, 1987.
 */
public final class MutualInformation {

  private MutualInformation() {}

  /**
   * @param first label of each thing, from 0
   * @param second its other label, from 0
   * @return in [0, 1]
   * @throws IllegalArgumentException if there is nothing, or lengths differ, or a label is negative
   */
  public static double normalized(int[] first, int[] second) {
    if (first.length == 0 || first.length != second.length) {
      throw new IllegalArgumentException(
          "two labels for each of at least one thing, were "
              + first.length
              + " and "
              + second.length);
    }
    int columns = labels(second);
    int[] firstCounts = new int[labels(first)];
    int[] secondCounts = new int[columns];
    long[] pairs = new long[first.length];
    for (int i = 0; i < first.length; i++) {
      firstCounts[first[i]]++;
      secondCounts[second[i]]++;
      pairs[i] = (long) first[i] * columns + second[i];
    }
    double firstEntropy = entropy(firstCounts, first.length);
    double secondEntropy = entropy(secondCounts, first.length);
    if (firstEntropy + secondEntropy == 0) {
      return 1;
    }
    Arrays.sort(pairs);
    double both = 0;
    for (int from = 0, to; from < pairs.length; from = to) {
      to = from + 1;
      while (to < pairs.length && pairs[to] == pairs[from]) {
        to++;
      }
      both += plogp((double) (to - from) / pairs.length);
    }
    double information = firstEntropy + secondEntropy + both;
    return Math.max(0, Math.min(1, 2 * information / (firstEntropy + secondEntropy)));
  }

  private static int labels(int[] labels) {
    int largest = 0;
    for (int label : labels) {
      if (label < 0) {
        throw new IllegalArgumentException("labels begin at 0, there was " + label);
      }
      largest = Math.max(largest, label);
    }
    return largest + 1;
  }

  private static double entropy(int[] counts, int all) {
    double sum = 0;
    for (int count : counts) {
      sum -= count == 0 ? 0 : plogp((double) count / all);
    }
    return sum;
  }

  private static double plogp(double part) {
    return part * StrictMath.log(part);
  }
}
