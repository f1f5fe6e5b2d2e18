package dev.millrace.model.eval;

/** A counting rule that every model is measured against. It has no state but the shared counts. */
public interface Baseline {
  /** The name in reports and in saved state. */
  String id();

  /**
   * Writes the score of every item for a user; higher is better.
   *
   * @param counts what was learned so far
   * @param user a user with a history
   * @param scores receives the score of items 0 to counts.items() - 1; the rest is not touched
   */
  void score(InteractionCounts counts, int user, float[] scores);
}
