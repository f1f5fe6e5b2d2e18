package dev.millrace.model.kernel;

/**
 * Sequences packed row after row, and the rows that ask.
 *
 * @param offsets segment {@code s} holds the tokens {@code offsets[s]} to {@code offsets[s + 1] -
 *     1}
 * @param count number of segments
 * @param masked tokens that are no keys (padding or masked items), at least as long as the tokens
 * @param queryRows token at which each query stands, ascending
 * @param queries number of queries
 */
public record PackedSegments(
    int[] offsets, int count, boolean[] masked, int[] queryRows, int queries) {

  /** Number of tokens. */
  public int tokens() {
    return offsets[count];
  }
}
