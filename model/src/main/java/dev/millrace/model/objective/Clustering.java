package dev.millrace.model.objective;

import java.util.Arrays;

/**
 * One clustering of a batch, its used clusters numbered without gaps in the order of their ids, so
 * that empty clusters take no part in anything.
 */
final class Clustering {

  private int[] members = new int[0];
  private int[] ids = new int[0];
  private int[] sizes = new int[0];
  private int[] numbers = new int[0];
  private int used;

  /**
   * Refuses an id outside the clusters.
   *
   * @param from index of the first id of the clustering
   * @throws IllegalArgumentException if an id is not below {@code clusters}
   */
  static void check(String input, int[] assignments, int from, int count, int clusters) {
    for (int i = from; i < from + count; i++) {
      if (assignments[i] < 0 || assignments[i] >= clusters) {
        throw new IllegalArgumentException(
            "input '%s' holds %d at position %d of a clustering of %d clusters: raise their number"
                .formatted(input, assignments[i], i, clusters));
      }
    }
  }

  /**
   * Reads the ids {@code assignments[from ... from + count - 1]}, which are below {@code clusters}.
   */
  void read(String input, int[] assignments, int from, int count, int clusters) {
    check(input, assignments, from, count, clusters);
    sizes = new int[clusters];
    for (int i = from; i < from + count; i++) {
      sizes[assignments[i]]++;
    }
    numbers = new int[clusters];
    ids = new int[clusters];
    used = 0;
    for (int id = 0; id < clusters; id++) {
      if (sizes[id] > 0) {
        sizes[used] = sizes[id];
        numbers[id] = used;
        ids[used++] = id;
      }
    }
    members = new int[count];
    Arrays.setAll(members, i -> numbers[assignments[from + i]]);
  }

  /** How many clusters have a member. */
  int used() {
    return used;
  }

  /** Number of the cluster of each row. */
  int[] members() {
    return members;
  }

  /** Id of the cluster of this number. */
  int id(int number) {
    return ids[number];
  }

  /** How many rows the cluster of this number has, at least 1. */
  int size(int number) {
    return sizes[number];
  }
}
