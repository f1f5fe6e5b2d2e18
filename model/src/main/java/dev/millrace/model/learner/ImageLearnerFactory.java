package dev.millrace.model.learner;

import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.kernel.SeededRandom;
import java.io.DataInput;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes image learners of one configuration. */
public final class ImageLearnerFactory implements LearnerFactory<ImageEvent> {

  private static final long serialVersionUID = 1L;

  /** Loading and compiling last as long as the JVM. */
  private static final AtomicBoolean WARM = new AtomicBoolean();

  private final ImageLearnerConfig config;
  private final SequenceLearnerFactory.KernelsSupplier kernels;
  private final int threads;

  /** Learners on the CPU, on as many threads as the JVM has processors, at most 8. */
  public ImageLearnerFactory(ImageLearnerConfig config) {
    this(config, Math.min(8, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * Learners on the CPU.
   *
   * @param threads of each learner, which change no result
   */
  public ImageLearnerFactory(ImageLearnerConfig config, int threads) {
    this(config, () -> new CpuKernels(threads), threads);
  }

  /**
   * Learners on given kernels.
   *
   * @param threads that draw views
   */
  public ImageLearnerFactory(
      ImageLearnerConfig config, SequenceLearnerFactory.KernelsSupplier kernels, int threads) {
    this.config = config;
    this.kernels = kernels;
    this.threads = threads;
  }

  @Override
  public ImageLearner create() {
    return new ImageLearner(config, kernels.get(), new Parallel(threads));
  }

  @Override
  public ImageLearner restore(DataInput in) throws IOException {
    return ImageLearner.readFrom(config, kernels.get(), new Parallel(threads), in);
  }

  @Override
  public void warmUp(Duration patience) {
    if (patience.isZero() || !WARM.compareAndSet(false, true)) {
      return;
    }
    SeededRandom random = new SeededRandom(1);
    SourcePosition nowhere = new SourcePosition("warm-up", 0, 0);
    int side = config.views().large().size();
    long end = System.nanoTime() + patience.toNanos();
    try (ImageLearner learner = create()) {
      for (long time = 0; System.nanoTime() < end; time++) {
        byte[] rgb = new byte[3 * side * side];
        for (int i = 0; i < rgb.length; i++) {
          rgb[i] = (byte) random.nextInt(256);
        }
        Picture picture = new Picture(side, side, rgb);
        ImageEvent event = new ImageEvent("image " + time, picture, time, "", "", nowhere, 0);
        learner.observe(new EventGroup<>(time, List.of(event)), NOWHERE);
      }
    }
  }

  private static final LearnerOutput NOWHERE =
      new LearnerOutput() {
        @Override
        public void metrics(LearningMetrics metrics) {}
      };
}
