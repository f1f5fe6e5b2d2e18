package dev.millrace.model.memory;

import dev.millrace.model.kernel.Matrix;
import java.util.List;

/**
 * The entries of a bank most similar to each query, best first; of equals the older first.
 *
 * @param k neighbours per query: fewer than asked for if the bank holds fewer
 * @param entries {@code queries * k}, those of query {@code i} from {@code i * k} on
 * @param similarities cosine of each, in the same order
 * @param vectors {@code (queries * k) x width} in the same order, as they were enqueued; its memory
 *     serves the bank's next answer too
 */
public record Neighbours(int k, List<BankEntry> entries, double[] similarities, Matrix vectors) {

  public Neighbours {
    entries = List.copyOf(entries);
    if (similarities.length != entries.size() || vectors.rows() != entries.size()) {
      throw new IllegalArgumentException(
          entries.size()
              + " entries with "
              + similarities.length
              + " similarities and vectors of "
              + vectors.shape());
    }
  }

  /** The {@code rank}-th neighbour of a query, from 0. */
  public BankEntry entry(int query, int rank) {
    return entries.get(query * k + rank);
  }
}
