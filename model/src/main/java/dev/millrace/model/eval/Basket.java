package dev.millrace.model.eval;

import java.util.Arrays;

/**
 * What one user took at one time stamp.
 *
 * <p>Its lines are all items as they came, repeated ones included: popularity and personal counts
 * see every line. Its items are the distinct ones, in the order of their first line: those are
 * ranked.
 */
public final class Basket {
  private final int user;
  private final int[] lines;
  private final int[] items;

  /**
   * @param user user index, not negative
   * @param lines item index of each line, at least one, none negative; copied
   */
  public Basket(int user, int... lines) {
    if (user < 0) {
      throw new IllegalArgumentException("user must not be negative: " + user);
    }
    if (lines.length == 0) {
      throw new IllegalArgumentException("a basket holds at least one line; user " + user);
    }
    this.user = user;
    this.lines = lines.clone();
    this.items = Arrays.stream(lines).distinct().toArray();
    for (int item : items) {
      if (item < 0) {
        throw new IllegalArgumentException("an item must not be negative: " + item);
      }
    }
  }

  /** The user's index. */
  public int user() {
    return user;
  }

  /** Number of lines. */
  public int lineCount() {
    return lines.length;
  }

  /** Item index of a line. */
  public int line(int index) {
    return lines[index];
  }

  /** Number of distinct items. */
  public int itemCount() {
    return items.length;
  }

  /** A distinct item, in the order of first lines. */
  public int item(int index) {
    return items[index];
  }
}
