package dev.millrace.model.learner;

import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Parallel;
import java.io.DataInput;
import java.io.IOException;
import java.time.Duration;

/** Makes copies of a model of images for the lanes of one layout, on the CPU. */
public final class ImageReplicaFactory implements LaneReplicaFactory<ImageEvent> {

  private static final long serialVersionUID = 1L;

  private final ImageLearnerConfig config;
  private final LaneLayout layout;
  private final int threads;

  /** Copies on as many threads as the JVM has processors, at most 8. */
  public ImageReplicaFactory(ImageLearnerConfig config, LaneLayout layout) {
    this(config, layout, Math.min(8, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * @param threads of each copy, which change no result
   */
  public ImageReplicaFactory(ImageLearnerConfig config, LaneLayout layout, int threads) {
    this.config = config;
    this.layout = layout;
    this.threads = threads;
  }

  @Override
  public ImageReplica create() {
    return new ImageReplica(config, layout, new CpuKernels(threads), new Parallel(threads));
  }

  @Override
  public ImageReplica restore(DataInput in) throws IOException {
    return ImageReplica.readFrom(
        config, layout, new CpuKernels(threads), new Parallel(threads), in);
  }

  @Override
  public void warmUp(Duration patience) {
    new ImageLearnerFactory(config, threads).warmUp(patience);
  }
}
