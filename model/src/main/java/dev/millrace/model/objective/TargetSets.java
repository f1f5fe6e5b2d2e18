package dev.millrace.model.objective;

import java.util.Arrays;

/**
 * Sets of targets of a batch of queries, one after another; made once and filled again.
 *
 * <p>{@link #query} begins a query; targets and excluded rows that follow are its own. Arrays may
 * be longer than what they hold.
 */
public final class TargetSets {

  private double[] weights = new double[64];
  private int[] counts = new int[64];
  private int queries;
  private int[] targetQueries = new int[256];
  private int[] targets = new int[256];
  private double[] corrections = new double[256];
  private int targetCount;
  private int[] excludedQueries = new int[256];
  private int[] excluded = new int[256];
  private int excludedCount;

  public void clear() {
    queries = 0;
    targetCount = 0;
    excludedCount = 0;
  }

  /** Begins a query of the given weight. */
  public void query(double weight) {
    if (queries == weights.length) {
      weights = Arrays.copyOf(weights, 2 * queries);
      counts = Arrays.copyOf(counts, 2 * queries);
    }
    counts[queries] = 0;
    weights[queries++] = weight;
  }

  /** Adds a target of the query begun last. */
  public void target(int row, double correction) {
    if (targetCount == targets.length) {
      targetQueries = Arrays.copyOf(targetQueries, 2 * targetCount);
      targets = Arrays.copyOf(targets, 2 * targetCount);
      corrections = Arrays.copyOf(corrections, 2 * targetCount);
    }
    targetQueries[targetCount] = queries - 1;
    targets[targetCount] = row;
    corrections[targetCount++] = correction;
    counts[queries - 1]++;
  }

  /** Takes a row, which is no target of it, out of the softmax of the query begun last. */
  public void exclude(int row) {
    if (excludedCount == excluded.length) {
      excludedQueries = Arrays.copyOf(excludedQueries, 2 * excludedCount);
      excluded = Arrays.copyOf(excluded, 2 * excludedCount);
    }
    excludedQueries[excludedCount] = queries - 1;
    excluded[excludedCount++] = row;
  }

  public int queries() {
    return queries;
  }

  public int targetCount() {
    return targetCount;
  }

  /** Number of targets of a query. */
  public int targetsOf(int query) {
    return counts[query];
  }

  public double[] weights() {
    return weights;
  }

  public int[] targetQueries() {
    return targetQueries;
  }

  public int[] targets() {
    return targets;
  }

  public double[] corrections() {
    return corrections;
  }

  int excludedCount() {
    return excludedCount;
  }

  int[] excludedQueries() {
    return excludedQueries;
  }

  int[] excluded() {
    return excluded;
  }
}
