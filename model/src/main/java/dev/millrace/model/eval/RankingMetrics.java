package dev.millrace.model.eval;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Micro-averaged ranking metrics over targets, one relevant item each.
 *
 * <pre>
 * Recall@k = (1/N) sum over targets of [rank &lt; k]
 * NDCG@20  = (1/N) sum over targets of [rank &lt; 20] / log2(rank + 2)
 * MRR@20   = (1/N) sum over targets of [rank &lt; 20] / (rank + 1)
 * </pre>
 *
 * where {@code rank} counts from 0 and N is the number of targets, those outside the list included.
 *
 * <p>What is kept is a histogram of ranks, not sums: merging is exact in any order and the state of
 * two equal histories is equal to the bit.
 */
public final class RankingMetrics {
  /** Length of the list in which targets are looked for. */
  public static final int DEPTH = 20;

  // runtime
  private final long[] hitsAtRank = new long[DEPTH];
  private long targets;

  /** Counts targets; those that are in the list are then named by {@link #addHit}. */
  public void addTargets(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count must not be negative: " + count);
    }
    targets += count;
  }

  /**
   * Counts that one of the targets stands at a rank.
   *
   * @param rank place in the list, from 0 to {@link #DEPTH} - 1
   */
  public void addHit(int rank) {
    hitsAtRank[rank]++;
  }

  /** Adds what another one has counted. */
  public void mergeInPlace(RankingMetrics other) {
    targets += other.targets;
    for (int rank = 0; rank < DEPTH; rank++) {
      hitsAtRank[rank] += other.hitsAtRank[rank];
    }
  }

  /** Targets counted so far. */
  public long targets() {
    return targets;
  }

  /** Recall@10 in [0, 1]; 0 when there is no target yet. */
  public double recallAt10() {
    return recallAt(10);
  }

  /** Recall@20 in [0, 1]; 0 when there is no target yet. */
  public double recallAt20() {
    return recallAt(DEPTH);
  }

  /** NDCG@20 in [0, 1]; 0 when there is no target yet. */
  public double ndcgAt20() {
    return ndcgAt(DEPTH);
  }

  /**
   * Mean reciprocal rank with targets below rank 20 counted as 0; 0 when there is no target yet.
   */
  public double mrrAt20() {
    return mrrAt(DEPTH);
  }

  /**
   * Recall@k, which is the hit rate where each list has one target; 0 when there is no target yet.
   *
   * @param k from 1 to {@link #DEPTH}
   */
  public double recallAt(int k) {
    return targets == 0 ? 0 : (double) hits(requireDepth(k)) / targets;
  }

  /** NDCG@k of one relevant item a list; 0 when there is no target yet. */
  public double ndcgAt(int k) {
    requireDepth(k);
    double sum = 0;
    for (int rank = 0; rank < k; rank++) {
      sum += hitsAtRank[rank] * Math.log(2) / Math.log(rank + 2.0);
    }
    return targets == 0 ? 0 : sum / targets;
  }

  /** Mean reciprocal rank, targets below rank k counted as 0; 0 when there is no target yet. */
  public double mrrAt(int k) {
    requireDepth(k);
    double sum = 0;
    for (int rank = 0; rank < k; rank++) {
      sum += hitsAtRank[rank] / (rank + 1.0);
    }
    return targets == 0 ? 0 : sum / targets;
  }

  private static int requireDepth(int k) {
    if (k < 1 || k > DEPTH) {
      throw new IllegalArgumentException("k lies between 1 and " + DEPTH + ", was " + k);
    }
    return k;
  }

  /** Writes the exact state: the targets, then the hits at each rank. */
  public void write(DataOutput out) throws IOException {
    out.writeLong(targets);
    for (long hits : hitsAtRank) {
      out.writeLong(hits);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static RankingMetrics read(DataInput in) throws IOException {
    RankingMetrics metrics = new RankingMetrics();
    metrics.targets = in.readLong();
    for (int rank = 0; rank < DEPTH; rank++) {
      metrics.hitsAtRank[rank] = in.readLong();
    }
    return metrics;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RankingMetrics that
        && targets == that.targets
        && Arrays.equals(hitsAtRank, that.hitsAtRank);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(targets) + Arrays.hashCode(hitsAtRank);
  }

  @Override
  public String toString() {
    return "targets=%d R@10=%.4f R@20=%.4f NDCG@20=%.4f MRR@20=%.4f"
        .formatted(targets, recallAt10(), recallAt20(), ndcgAt20(), mrrAt20());
  }

  private long hits(int k) {
    long sum = 0;
    for (int rank = 0; rank < k; rank++) {
      sum += hitsAtRank[rank];
    }
    return sum;
  }
}
