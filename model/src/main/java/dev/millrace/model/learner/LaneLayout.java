package dev.millrace.model.learner;

import dev.millrace.model.kernel.SeededRandom;
import java.io.Serializable;
import java.util.Set;

/**
 * How a stream is cut into lanes and rounds, and how what lanes learned is merged. Part of what is
 * learned: another layout is another model.
 *
 * @param lanes number of lanes, at least 1
 * @param roundMillis length of a round in event time, in milliseconds
 * @param mergePower power of the number of lanes that trained in a round by which the sum of their
 *     changes is divided: 0 adds them, 1 takes their mean
 */
public record LaneLayout(int lanes, long roundMillis, double mergePower) implements Serializable {

  public LaneLayout {
    if (lanes < 1) {
      throw new IllegalArgumentException("the number of lanes is at least 1, was " + lanes);
    }
    if (roundMillis < 1) {
      throw new IllegalArgumentException(
          "a round lasts at least 1 millisecond of event time, was " + roundMillis);
    }
    if (!(mergePower >= 0 && mergePower <= 1)) {
      throw new IllegalArgumentException(
          "the merge power lies in [0, 1]: 0 adds the lanes' changes, 1 takes their mean; it was "
              + mergePower);
    }
  }

  /**
   * Lets a lane be opened.
   *
   * @param open lanes that are open
   * @throws IllegalArgumentException if it is one of them, or none of this layout
   */
  void requireClosed(int lane, Set<Integer> open) {
    if (lane < 0 || lane >= lanes || open.contains(lane)) {
      throw new IllegalArgumentException(
          "lane " + lane + " of " + lanes + " does not exist or is open already");
    }
  }

  /** The lane of a user or an image, the same for ever. */
  public int laneOf(String id) {
    return laneOf(id, lanes);
  }

  /** The lane of a user or an image where there are so many lanes. */
  public static int laneOf(String id, int lanes) {
    return (int) Math.floorMod(SeededRandom.mix(id.hashCode()), (long) lanes);
  }

  /** The round of an event time. */
  public long roundOf(long eventTime) {
    return Math.floorDiv(eventTime, roundMillis);
  }
}
