package dev.millrace.model.learner;

import dev.millrace.model.kernel.SeededRandom;

/** Draws the views of a history that a contrast compares. */
interface HistoryViews {

  /**
   * A view: what the Transformer reads.
   *
   * @param items items of a history
   * @param ages for each, how many baskets ago
   * @param places the items that are read, in order; -1 for a masked one
   */
  record View(int[] items, int[] ages, int[] places) {}

  /**
   * The views of an example.
   *
   * @param present places of the newest items of its history that have a row, at least two
   * @param count how many views
   */
  View[] draw(BasketExample example, int[] present, int count, SeededRandom random);
}
