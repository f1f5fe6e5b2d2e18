package dev.millrace.model.learner;

import dev.millrace.model.data.Interaction;
import java.io.DataInput;
import java.io.IOException;
import java.time.Duration;

/** Makes copies of a sequence model for the lanes of one layout. */
public final class SequenceReplicaFactory implements LaneReplicaFactory<Interaction> {

  private static final long serialVersionUID = 1L;

  private final SequenceLearnerConfig config;
  private final LaneLayout layout;
  private final SequenceLearnerFactory.KernelsSupplier kernels;

  /**
   * @throws IllegalArgumentException if lanes cannot learn the configuration's objective
   */
  public SequenceReplicaFactory(
      SequenceLearnerConfig config,
      LaneLayout layout,
      SequenceLearnerFactory.KernelsSupplier kernels) {
    this.config = SequenceReplica.requireFeasible(config);
    this.layout = layout;
    this.kernels = kernels;
  }

  @Override
  public LaneReplica<Interaction> create() {
    return new SequenceReplica(config, layout, kernels.get());
  }

  @Override
  public LaneReplica<Interaction> restore(DataInput in) throws IOException {
    return SequenceReplica.readFrom(config, layout, kernels.get(), in);
  }

  @Override
  public void warmUp(Duration patience) {
    new SequenceLearnerFactory(config, kernels).warmUp(patience);
  }
}
