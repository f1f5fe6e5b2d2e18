package dev.millrace.model.sequential;

/**
 * Scores all items as what may follow a history.
 *
 * <p>Item i of N stands at index i; index 0, no item, is scored as minus infinity. Not thread safe.
 */
interface HistoryScorer {

  /** How many histories are scored at a time. */
  int BATCH = 256;

  /**
   * Writes the scores of histories {@code 0} to {@code count - 1}.
   *
   * @param histories items, oldest first, at least one each
   * @param scores row-major, {@code count x (N + 1)}
   */
  void score(int[][] histories, int count, float[] scores);
}
