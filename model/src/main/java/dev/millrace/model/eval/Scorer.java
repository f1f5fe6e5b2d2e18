package dev.millrace.model.eval;

/**
 * Scores all items for one user from what was learned so far: a baseline bound to its counts, or a
 * model's scores handed over by a lambda.
 */
@FunctionalInterface
public interface Scorer {
  /**
   * Writes the score of every item; higher is better.
   *
   * @param user a user with at least one earlier basket
   * @param items number of items: indices 0 to items - 1 are ranked
   * @param scores at least {@code items} long; every one of the first {@code items} entries must be
   *     written, none may be NaN; negative infinity keeps an item out of the list
   */
  void score(int user, int items, float[] scores);
}
