package dev.millrace.model.sequential;

import dev.millrace.model.kernel.SeededRandom;

/** Draws two further sequences for each example of a mini-batch, which a contrast compares. */
interface ViewPairs {

  /**
   * Fills both arrays, one sequence of at least one item for each example.
   *
   * @param batch left as it is
   */
  void draw(ExampleBatch batch, SeededRandom random, int[][] first, int[][] second);
}
