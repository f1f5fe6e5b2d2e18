package dev.millrace.job.topology;

import dev.millrace.model.data.Interaction;
import java.io.Serializable;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.util.MathUtils;

/**
 * Sends every user to one of a fixed number of lanes, and every lane to a key group of its own.
 *
 * <p>Flink hashes keys into key groups, so that small integers used as keys crowd into a few
 * subtasks. Here each lane's key is the first integer whose key group is {@code lane *
 * maxParallelism / lanes}: lanes spread as evenly as key groups do, at every parallelism.
 */
public final class LaneKeys implements KeySelector<Interaction, Integer>, Serializable {

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
  public static LaneKeys of(int lanes, int maxParallelism) {
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
    return new LaneKeys(keys);
  }

  /** The lane of a user: {@code murmur(hash(user)) mod lanes}, the same for ever. */
  public int lane(String user) {
    return MathUtils.murmurHash(user.hashCode()) % keys.length;
  }

  @Override
  public Integer getKey(Interaction event) {
    return keys[lane(event.user())];
  }

  int[] keys() {
    return keys.clone();
  }
}
