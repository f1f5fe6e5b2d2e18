package dev.millrace.job.function;

import dev.millrace.model.kernel.CudaDevice;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the learner computes on. */
public enum LearnDevice {
  /** The processor, whatever else the machine has. */
  CPU,
  /** A GPU of Flink's external resources; without one the job fails. */
  GPU,
  /** A GPU where the task manager happens to have one, the processor elsewhere. */
  AUTO;

  /** Name of Flink's external resource. */
  public static final String RESOURCE = "gpu";

  private static final Logger LOG = LoggerFactory.getLogger(LearnDevice.class);
  private static final String INDEX = "index";

  /**
   * Binds the calling thread, a subtask's, to its GPU, if it is to have one.
   *
   * @throws IllegalStateException if a GPU is demanded and absent
   */
  void bind(RuntimeContext context) {
    if (this == CPU) {
      return;
    }
    OptionalInt gpu =
        gpu(
            context.getExternalResourceInfos(RESOURCE).stream().toList(),
            context.getTaskInfo().getIndexOfThisSubtask());
    if (gpu.isEmpty()) {
      return;
    }
    if (CudaDevice.isBackend()) {
      CudaDevice.select(gpu.getAsInt());
      LOG.info("learns on GPU {}", gpu.getAsInt());
    } else {
      LOG.warn(
          "GPU {} is assigned, but Flink's lib/ holds ND4J's CPU backend: learns on the CPU until"
              + " nd4j-cuda is there instead",
          gpu.getAsInt());
    }
  }

  /**
   * The GPU of a subtask. A task manager shows all its GPUs to every subtask, so each takes the one
   * of its own number, in the order of the GPUs' indices, and starts anew after the last.
   */
  OptionalInt gpu(List<? extends ExternalResourceInfo> infos, int subtask) {
    List<Integer> indices =
        infos.stream()
            .map(info -> info.getProperty(INDEX))
            .flatMap(Optional::stream)
            .map(String::trim)
            .map(Integer::valueOf)
            .sorted(Comparator.naturalOrder())
            .toList();
    if (!indices.isEmpty()) {
      return OptionalInt.of(indices.get(subtask % indices.size()));
    }
    if (this == GPU) {
      throw new IllegalStateException(
          "learn.device is gpu, but this task manager offers no external resource '"
              + RESOURCE
              + "' with an index: configure external-resources: gpu and its discovery script in"
              + " Flink, or set learn.device to cpu or auto");
    }
    return OptionalInt.empty();
  }
}
