package dev.millrace.model.learner;

import dev.millrace.model.data.StreamEvent;
import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;

/**
 * Makes the learner of a lane, fresh or from its written state.
 *
 * @param <E> kind of event
 */
public interface LearnerFactory<E extends StreamEvent> extends Serializable {

  OnlineLearner<E> create();

  /**
   * Restores a learner.
   *
   * @throws IOException if the bytes are of an unknown version or of another configuration; the
   *     message names both
   */
  OnlineLearner<E> restore(DataInput in) throws IOException;

  /**
   * Exercises everything that a learner does, on a learner that is thrown away, so that the first
   * events do not wait for native libraries to load and for loops to be compiled. Once in a JVM;
   * changes no result.
   *
   * @param patience how long at most
   */
  void warmUp(Duration patience);
}
