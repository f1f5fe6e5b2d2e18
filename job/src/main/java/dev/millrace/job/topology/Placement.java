package dev.millrace.job.topology;

import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.PlacementOptions;
import dev.millrace.job.function.LearnDevice;
import java.util.Optional;
import org.apache.flink.api.common.operators.SlotSharingGroup;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Which slots the job's parts run in: all in the same ones, or, when a GPU is demanded, learners in
 * slots with a GPU and everything else in others.
 */
public final class Placement {

  private final Optional<SlotSharingGroup> learners;
  private final Optional<SlotSharingGroup> others;

  private Placement(Optional<SlotSharingGroup> learners, Optional<SlotSharingGroup> others) {
    this.learners = learners;
    this.others = others;
  }

  /** The placement that the options say. */
  public static Placement of(JobConfig config) {
    ReadableConfig options = config.options();
    if (options.get(PlacementOptions.DEVICE) != LearnDevice.GPU) {
      return new Placement(Optional.empty(), Optional.empty());
    }
    SlotSharingGroup learners =
        SlotSharingGroup.newBuilder("learners")
            .setCpuCores(1)
            .setTaskHeapMemory(options.get(PlacementOptions.LEARN_HEAP))
            .setTaskOffHeapMemory(options.get(PlacementOptions.LEARN_OFF_HEAP))
            .setExternalResource(LearnDevice.RESOURCE, 1)
            .build();
    SlotSharingGroup.Builder others =
        SlotSharingGroup.newBuilder("sources-and-sinks")
            .setCpuCores(1)
            .setTaskHeapMemory(options.get(PlacementOptions.OTHER_HEAP));
    options
        .getOptional(PlacementOptions.OTHER_RESOURCE)
        .ifPresent(resource -> others.setExternalResource(resource, 1));
    return new Placement(Optional.of(learners), Optional.of(others.build()));
  }

  /**
   * Refuses a demand that a Flink inside this process can never meet, and would wait for.
   *
   * @throws IllegalArgumentException if a GPU is demanded
   */
  public static void requireNoGpu(JobConfig config) {
    if (config.options().get(PlacementOptions.DEVICE) == LearnDevice.GPU) {
      throw new IllegalArgumentException(
          PlacementOptions.DEVICE.key()
              + " is gpu, and the Flink inside this process offers none: run the job on a cluster"
              + " with GPU task managers (--remote HOST:PORT), or set it to cpu");
    }
  }

  /** Puts a learner into its slots. */
  <T> SingleOutputStreamOperator<T> learner(SingleOutputStreamOperator<T> operator) {
    learners.ifPresent(operator::slotSharingGroup);
    return operator;
  }

  /** Puts a source or what follows it into the other slots. */
  <T> SingleOutputStreamOperator<T> other(SingleOutputStreamOperator<T> operator) {
    others.ifPresent(operator::slotSharingGroup);
    return operator;
  }

  /** Puts a sink into the other slots. */
  <T> DataStreamSink<T> other(DataStreamSink<T> sink) {
    others.ifPresent(sink::slotSharingGroup);
    return sink;
  }
}
