package dev.millrace.model.learner;

import dev.millrace.model.data.StreamEvent;
import java.io.DataInput;
import java.io.IOException;
import java.time.Duration;

/**
 * Makes learners that have all lanes of a stream.
 *
 * @param <E> kind of event
 */
public final class LanedLearnerFactory<E extends StreamEvent> implements LearnerFactory<E> {

  private static final long serialVersionUID = 1L;

  private final LaneReplicaFactory<E> replicas;
  private final LaneLayout layout;

  public LanedLearnerFactory(LaneReplicaFactory<E> replicas, LaneLayout layout) {
    this.replicas = replicas;
    this.layout = layout;
  }

  @Override
  public OnlineLearner<E> create() {
    return new LanedLearner<>(replicas, layout);
  }

  @Override
  public OnlineLearner<E> restore(DataInput in) throws IOException {
    return LanedLearner.readFrom(replicas, layout, in);
  }

  @Override
  public void warmUp(Duration patience) {
    replicas.warmUp(patience);
  }
}
