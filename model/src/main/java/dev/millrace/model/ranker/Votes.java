package dev.millrace.model.ranker;

import java.util.Arrays;

/** Sums by index of which few are touched, and the largest of them. */
final class Votes {

  private float[] sums = new float[256];
  private int[] touched = new int[256];
  private int count;
  private long[] order = new long[256];
  private int selected;

  /** Adds to an index; amounts are positive. */
  void add(int index, float amount) {
    if (index >= sums.length) {
      sums = Arrays.copyOf(sums, Math.max(index + 1, 2 * sums.length));
    }
    if (sums[index] == 0) {
      if (count == touched.length) {
        touched = Arrays.copyOf(touched, 2 * count);
      }
      touched[count++] = index;
    }
    sums[index] += amount;
  }

  int count() {
    return count;
  }

  int touched(int place) {
    return touched[place];
  }

  void divide(int index, float divisor) {
    sums[index] /= divisor;
  }

  /** Finds the largest sums, of equal ones those of low indices; the number found. */
  int select(int most) {
    if (order.length < count) {
      order = new long[2 * count];
    }
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(sums[touched[i]]);
      order[i] = ((long) ~bits << 32) | touched[i];
    }
    Arrays.sort(order, 0, count);
    selected = Math.min(most, count);
    return selected;
  }

  int index(int rank) {
    return (int) order[rank];
  }

  float sum(int rank) {
    return sums[index(rank)];
  }

  void clear() {
    for (int i = 0; i < count; i++) {
      sums[touched[i]] = 0;
    }
    count = 0;
  }
}
