package dev.millrace.model.eval;

import java.util.Arrays;

/**
 * A set of item indices that is emptied in constant time and allocates only while it grows, so that
 * one mask serves every basket of a stream.
 */
public final class ItemMask {
  private int[] marks = new int[0];
  private int generation = 1;

  /** Empties the set. */
  public void clear() {
    generation++;
    if (generation == 0) {
      // After 2^32 uses old marks could look new.
      Arrays.fill(marks, 0);
      generation = 1;
    }
  }

  /**
   * Adds an item.
   *
   * @return whether it was not in the set
   */
  public boolean add(int item) {
    if (item >= marks.length) {
      marks = Arrays.copyOf(marks, Math.max(item + 1, marks.length + (marks.length >> 1)));
    }
    boolean added = marks[item] != generation;
    marks[item] = generation;
    return added;
  }

  /** Whether the set holds an item. */
  public boolean contains(int item) {
    return item < marks.length && marks[item] == generation;
  }
}
