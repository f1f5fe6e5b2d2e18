package dev.millrace.job.topology;

import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.learner.LaneLayout;
import java.io.Serializable;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Sends every user, or every image, to one of a fixed number of lanes, and every lane to a key
 * group of its own.
 *
 * <p>Flink hashes keys into key groups, so that small integers used as keys crowd into a few
 * subtasks. Here each lane's key is the first integer whose key group is {@code lane *
 * maxParallelism / lanes}: lanes spread as evenly as key groups do, at every parallelism.
 */
public final class LaneKeys<E extends StreamEvent>
    implements KeySelector<E, Integer>, Serializable {

  private static final long serialVersionUID = 1L;

  private final int[] keys;

  private LaneKeys(int[] keys) {
    this.keys = keys;
  }

  /**
   * Keys for the lanes of a job.
   *
   * @param lanes number of lanes, from 1 to {@code maxParallelism}
   * @param maxParallelism Flink's number of key groups
   */
  public static <E extends StreamEvent> LaneKeys<E> of(int lanes, int maxParallelism) {
    if (lanes < 1 || lanes > maxParallelism) {
      throw new IllegalArgumentException(
          "the number of lanes must be from 1 to the maximum parallelism "
              + maxParallelism
              + ", was "
              + lanes);
    }
    int[] keys = new int[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      int group = (int) ((long) lane * maxParallelism / lanes);
      int key = 0;
      while (KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism) != group) {
        key++;
      }
      keys[lane] = key;
    }
    return new LaneKeys<>(keys);
  }

  /** The lane of a user or an image, the same for ever. */
  public int lane(String id) {
    return LaneLayout.laneOf(id, keys.length);
  }

  @Override
  public Integer getKey(E event) {
    return keys[lane(event.key())];
  }

  /** The lane that has a key. */
  public int laneOf(int key) {
    for (int lane = 0; lane < keys.length; lane++) {
      if (keys[lane] == key) {
        return lane;
      }
    }
    throw new IllegalArgumentException("no lane has the key " + key);
  }

  /** Key of each lane. */
  public int[] keys() {
    return keys.clone();
  }
}
