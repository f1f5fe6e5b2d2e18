package dev.millrace.job.config;

import dev.millrace.job.function.LearnDevice;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** Options of where in a cluster the job's parts run. */
public final class PlacementOptions {

  public static final ConfigOption<LearnDevice> DEVICE =
      ConfigOptions.key("learn.device")
          .enumType(LearnDevice.class)
          .defaultValue(LearnDevice.CPU)
          .withDescription(
              "What the learner computes on: cpu; gpu, which asks Flink for slots with the external"
                  + " resource gpu; or auto, a GPU where the task manager happens to have one.");

  public static final ConfigOption<MemorySize> LEARN_HEAP =
      ConfigOptions.key("learn.slot.heap")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(1024))
          .withDescription("Task heap of a learner's slot, asked for when learn.device is gpu.");

  public static final ConfigOption<MemorySize> LEARN_OFF_HEAP =
      ConfigOptions.key("learn.slot.off-heap")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(512))
          .withDescription("Task memory outside the heap of that slot.");

  public static final ConfigOption<MemorySize> OTHER_HEAP =
      ConfigOptions.key("job.slot.heap")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(256))
          .withDescription(
              "Task heap of the slots of sources and sinks, asked for when learn.device is gpu.");

  public static final ConfigOption<String> OTHER_RESOURCE =
      ConfigOptions.key("job.slot.resource")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "External resource that those slots ask for, such as one that only task managers"
                  + " without a GPU declare: without it they fill the GPU task managers too.");

  private PlacementOptions() {}

  /** All options, in the order of the README's table. */
  public static List<ConfigOption<?>> all() {
    return List.of(DEVICE, LEARN_HEAP, LEARN_OFF_HEAP, OTHER_HEAP, OTHER_RESOURCE);
  }
}
