package dev.millrace.model.learner;

import dev.millrace.model.data.StreamEvent;
import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;

/**
 * Makes copies of a model for lanes, fresh or from what one wrote of its shared state.
 *
 * @param <E> kind of event
 */
public interface LaneReplicaFactory<E extends StreamEvent> extends Serializable {

  LaneReplica<E> create();

  /**
   * Restores a copy; lanes are opened afterwards.
   *
   * @throws IOException if the bytes are of an unknown version or of another configuration; the
   *     message names both
   */
  LaneReplica<E> restore(DataInput in) throws IOException;

  /** As {@link LearnerFactory#warmUp}. */
  void warmUp(Duration patience);
}
