package dev.millrace.model.encoder;

import dev.millrace.model.kernel.PackedSegments;
import java.util.Arrays;

/**
 * Sequences of items one after another, without padding, and the positions that are asked for.
 *
 * <p>A token is a row of the item table; {@link #PADDING} is a token that others do not attend to
 * (a masked item, or padding if a caller wants it). The position of a token is its index in its
 * sequence. Any positions may be asked for, in ascending order: the last one of each sequence to
 * rank what comes next, all of them to train at every position.
 *
 * <p>Made once and filled again for each batch: {@link #clear}, then {@link #add} a sequence and
 * ask for its positions, and so on. The arrays it hands out are its own and may be longer than what
 * they hold.
 */
public final class SequenceBatch {

  /** The row of the item table that stands for a missing or masked item. */
  public static final int PADDING = 0;

  private int[] offsets = new int[65];
  private int[] tokens = new int[1024];
  private int[] positions = new int[1024];
  private boolean[] masked = new boolean[1024];
  private int[] everyRow = new int[0];
  private int[] queryRows = new int[256];
  private int sequences;
  private int queries;
  private int longest;

  /** Forgets all sequences. */
  public void clear() {
    sequences = 0;
    queries = 0;
    longest = 0;
  }

  /** Appends {@code items[from]} to {@code items[to - 1]} as one sequence. */
  public SequenceBatch add(int[] items, int from, int to) {
    int length = to - from;
    if (from < 0 || to > items.length || length < 1) {
      throw new IllegalArgumentException(
          "a sequence needs items: " + from + " to " + to + " of " + items.length);
    }
    int start = tokenCount();
    reserve(start + length);
    for (int i = 0; i < length; i++) {
      int item = items[from + i];
      if (item < 0) {
        throw new IllegalArgumentException("no row of an item table is " + item);
      }
      tokens[start + i] = item;
      positions[start + i] = i;
      masked[start + i] = item == PADDING;
    }
    sequences++;
    if (sequences == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * sequences);
    }
    offsets[sequences] = start + length;
    longest = Math.max(longest, length);
    return this;
  }

  /** Appends a whole array as one sequence. */
  public SequenceBatch add(int... items) {
    return add(items, 0, items.length);
  }

  /** Asks for one position of the last sequence, later than those already asked for. */
  public SequenceBatch ask(int position) {
    if (sequences == 0) {
      throw new IllegalStateException("add a sequence before asking for a position of it");
    }
    int start = offsets[sequences - 1];
    int length = tokenCount() - start;
    if (position < 0 || position >= length) {
      throw new IllegalArgumentException(
          "position " + position + " of a sequence of " + length + " items");
    }
    int row = start + position;
    if (queries > 0 && queryRows[queries - 1] >= row) {
      throw new IllegalArgumentException(
          "positions are asked for in ascending order, each once; was " + position);
    }
    if (queries == queryRows.length) {
      queryRows = Arrays.copyOf(queryRows, 2 * queries);
    }
    queryRows[queries++] = row;
    return this;
  }

  /** Asks for the last position of the last sequence. */
  public SequenceBatch askLast() {
    return ask(sequences == 0 ? 0 : tokenCount() - offsets[sequences - 1] - 1);
  }

  /** Asks for every position of the last sequence. */
  public SequenceBatch askAll() {
    int length = sequences == 0 ? 1 : tokenCount() - offsets[sequences - 1];
    for (int position = 0; position < length; position++) {
      ask(position);
    }
    return this;
  }

  private void reserve(int count) {
    if (count > tokens.length) {
      int capacity = Math.max(count, tokens.length * 2);
      tokens = Arrays.copyOf(tokens, capacity);
      positions = Arrays.copyOf(positions, capacity);
      masked = Arrays.copyOf(masked, capacity);
    }
  }

  /** Number of sequences. */
  public int sequences() {
    return sequences;
  }

  /** Number of tokens of all sequences. */
  public int tokenCount() {
    return offsets[sequences];
  }

  /** Number of positions asked for: rows of the encoder's result. */
  public int queries() {
    return queries;
  }

  /** Length of the longest sequence. */
  public int longest() {
    return longest;
  }

  /** Table row of each token, for gathering and scattering. */
  public int[] tokens() {
    return tokens;
  }

  /** Index of each token in its sequence. */
  int[] positions() {
    return positions;
  }

  /** Token of each query. */
  public int[] queryRows() {
    return queryRows;
  }

  /** The sequences with the positions asked for as queries. */
  PackedSegments asked() {
    return new PackedSegments(offsets, sequences, masked, queryRows, queries);
  }

  /** The sequences with every token as a query. */
  PackedSegments everywhere() {
    int count = tokenCount();
    if (everyRow.length < count) {
      everyRow = new int[tokens.length];
      Arrays.setAll(everyRow, i -> i);
    }
    return new PackedSegments(offsets, sequences, masked, everyRow, count);
  }
}
