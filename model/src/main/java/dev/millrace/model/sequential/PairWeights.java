package dev.millrace.model.sequential;

import java.util.Arrays;

/** Sparse weights of pairs of items, added up in a hash table and then laid out by rows. */
final class PairWeights {

  private final int[] starts;
  private final int[] columns;
  private final float[] weights;

  private PairWeights(int[] starts, int[] columns, float[] weights) {
    this.starts = starts;
    this.columns = columns;
    this.weights = weights;
  }

  /** First entry of a row; its last one is before {@code start(row + 1)}. */
  int start(int row) {
    return starts[row];
  }

  int column(int entry) {
    return columns[entry];
  }

  float weight(int entry) {
    return weights[entry];
  }

  /** The weight of a pair, 0 where there is none. */
  float weight(int row, int column) {
    int entry = Arrays.binarySearch(columns, starts[row], starts[row + 1], column);
    return entry < 0 ? 0 : weights[entry];
  }

  /** Adds weights up; the order of additions is the caller's, so sums have the same bits. */
  static final class Builder {

    private static final long EMPTY = -1;

    private final int rows;
    private long[] keys = new long[1 << 12];
    private float[] sums = new float[1 << 12];
    private int size;

    /**
     * @param rows rows and columns are below it
     */
    Builder(int rows) {
      this.rows = rows;
      Arrays.fill(keys, EMPTY);
    }

    void add(int row, int column, float weight) {
      if (2 * size >= keys.length) {
        grow();
      }
      long key = (long) row * rows + column;
      int slot = slot(key);
      if (keys[slot] == EMPTY) {
        keys[slot] = key;
        size++;
      }
      sums[slot] += weight;
    }

    private int slot(long key) {
      long mixed = key * 0x9E3779B97F4A7C15L;
      int slot = (int) (mixed >>> 20) & (keys.length - 1);
      while (keys[slot] != EMPTY && keys[slot] != key) {
        slot = (slot + 1) & (keys.length - 1);
      }
      return slot;
    }

    private void grow() {
      long[] oldKeys = keys;
      float[] oldSums = sums;
      keys = new long[2 * oldKeys.length];
      sums = new float[2 * oldKeys.length];
      Arrays.fill(keys, EMPTY);
      for (int i = 0; i < oldKeys.length; i++) {
        if (oldKeys[i] != EMPTY) {
          int slot = slot(oldKeys[i]);
          keys[slot] = oldKeys[i];
          sums[slot] = oldSums[i];
        }
      }
    }

    PairWeights build() {
      long[] sorted = Arrays.stream(keys).filter(key -> key != EMPTY).sorted().toArray();
      int[] starts = new int[rows + 1];
      int[] columns = new int[sorted.length];
      float[] weights = new float[sorted.length];
      for (int i = 0; i < sorted.length; i++) {
        starts[(int) (sorted[i] / rows) + 1]++;
        columns[i] = (int) (sorted[i] % rows);
        weights[i] = sums[slot(sorted[i])];
      }
      for (int row = 0; row < rows; row++) {
        starts[row + 1] += starts[row];
      }
      return new PairWeights(starts, columns, weights);
    }
  }
}
