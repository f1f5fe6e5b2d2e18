package dev.millrace.model.eval;

import java.util.HashMap;
import java.util.Map;

/**
 * Runs the protocol over lines in time order, such as the rows of a file: gives ids their indices,
 * gathers the lines of each time stamp, ranks its baskets and learns them.
 */
public final class PrequentialReplay {
  private final PrequentialEvaluator evaluator;
  private final Map<String, Integer> userIndices = new HashMap<>();
  private final Map<String, Integer> itemIndices = new HashMap<>();
  private TimeGroup.Builder open;
  private long lines;
  private long groups;

  /**
   * @param evaluator an evaluator of baselines only
   */
  public PrequentialReplay(PrequentialEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  /**
   * Takes the next line.
   *
   * @throws IllegalArgumentException when it is older than the one before
   */
  public void accept(long eventTime, String user, String item) {
    if (open != null && eventTime < open.eventTime()) {
      throw new IllegalArgumentException(
          "a line of "
              + eventTime
              + " follows one of "
              + open.eventTime()
              + "; sort the lines by time, keeping the order of equal times");
    }
    if (open == null || open.eventTime() != eventTime) {
      finish();
      open = new TimeGroup.Builder(eventTime);
    }
    open.add(indexOf(user, userIndices), indexOf(item, itemIndices));
    lines++;
  }

  /** Evaluates and learns the last time stamp; to be called after the last line. */
  public void finish() {
    if (open == null) {
      return;
    }
    TimeGroup group = open.build();
    for (Basket basket : group.baskets()) {
      evaluator.rank(group.eventTime(), basket);
    }
    evaluator.learn(group);
    groups++;
    open = null;
  }

  /** Lines taken. */
  public long lines() {
    return lines;
  }

  /** Distinct users. */
  public int users() {
    return userIndices.size();
  }

  /** Distinct items. */
  public int items() {
    return itemIndices.size();
  }

  /** Time stamps learned. */
  public long groups() {
    return groups;
  }

  private static int indexOf(String id, Map<String, Integer> indices) {
    Integer next = indices.size();
    Integer known = indices.putIfAbsent(id, next);
    return known == null ? next : known;
  }
}
