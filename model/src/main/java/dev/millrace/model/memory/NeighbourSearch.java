package dev.millrace.model.memory;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Exact search for the most similar entries: one product of all unit vectors.
 *
 * <p>Entries come in the order of their age and not of their slots, so that a restored bank, whose
 * slots are others, computes the same bits.
 */
final class NeighbourSearch {

  /** Queries whose similarities are in memory at one time. */
  private static final int QUERIES_AT_ONCE = 64;

  private final Kernels kernels;
  private final BankArena arena;
  private final BoundedRows candidates;
  private final BoundedRows unit;
  private final BoundedRows norms;
  private final BoundedRows directions;
  private final BoundedRows products;
  private final BoundedRows answer;

  NeighbourSearch(Kernels kernels, BankArena arena, MemoryBankConfig config) {
    this.kernels = kernels;
    this.arena = arena;
    this.candidates = new BoundedRows(kernels, config.width(), config.maximumEntries());
    this.unit = new BoundedRows(kernels, config.width(), config.maximumEntries());
    this.norms = new BoundedRows(kernels, 1, Math.max(QUERIES_AT_ONCE, config.maximumEntries()));
    this.directions = new BoundedRows(kernels, config.width(), QUERIES_AT_ONCE);
    this.products =
        new BoundedRows(kernels, 1, Math.multiplyExact(QUERIES_AT_ONCE, config.maximumEntries()));
    this.answer = new BoundedRows(kernels, config.width(), Integer.MAX_VALUE);
  }

  Neighbours nearest(Matrix queries, int[] slots, int wanted) {
    int k = Math.min(wanted, slots.length);
    int count = queries.rows();
    int[] found = new int[count * k];
    double[] similarities = new double[count * k];
    if (k > 0 && count > 0) {
      Matrix rows = candidates.head(slots.length);
      Matrix units = unit.head(slots.length);
      arena.gather(slots, rows);
      kernels.normalizeRows(rows, units, norms.head(slots.length));
      for (int from = 0; from < count; from += QUERIES_AT_ONCE) {
        int to = Math.min(count, from + QUERIES_AT_ONCE);
        search(queries.rows(from, to), units, k, from * k, found, similarities);
      }
    }
    List<BankEntry> entries = new ArrayList<>(found.length);
    for (int i = 0; i < found.length; i++) {
      found[i] = slots[found[i]];
      entries.add(arena.entry(found[i]));
    }
    Matrix vectors = answer.head(found.length);
    if (found.length > 0) {
      arena.gather(found, vectors);
    }
    return new Neighbours(k, entries, similarities, vectors);
  }

  private void search(
      Matrix queries, Matrix units, int k, int at, int[] found, double[] similarities) {
    int count = queries.rows();
    int candidateCount = units.rows();
    Matrix unitQueries = directions.head(count);
    kernels.normalizeRows(queries, unitQueries, norms.head(count));
    Matrix cosinesOfAll =
        products.head(Math.multiplyExact(count, candidateCount)).reshaped(count, candidateCount);
    kernels.multiplyByTransposed(unitQueries, units, 1, 0, cosinesOfAll);
    double[] cosines = new double[candidateCount];
    for (int i = 0; i < count; i++) {
      kernels.read(cosinesOfAll.rows(i, i + 1), cosines);
      int from = at + i * k;
      Arrays.fill(similarities, from, from + k, Double.NEGATIVE_INFINITY);
      int held = 0;
      for (int j = 0; j < candidateCount; j++) {
        if (held < k || cosines[j] > similarities[from + k - 1]) {
          int place = Math.min(held, k - 1);
          // A later entry goes behind its equals.
          while (place > 0 && cosines[j] > similarities[from + place - 1]) {
            similarities[from + place] = similarities[from + place - 1];
            found[from + place] = found[from + place - 1];
            place--;
          }
          similarities[from + place] = cosines[j];
          found[from + place] = j;
          held = Math.min(k, held + 1);
        }
      }
    }
  }

  long nativeBytes() {
    return candidates.bytes()
        + unit.bytes()
        + norms.bytes()
        + directions.bytes()
        + products.bytes()
        + answer.bytes();
  }
}
