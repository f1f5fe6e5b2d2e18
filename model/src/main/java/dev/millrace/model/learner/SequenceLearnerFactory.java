package dev.millrace.model.learner;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Makes sequence learners of one configuration. */
public final class SequenceLearnerFactory implements LearnerFactory<Interaction> {

  private static final long serialVersionUID = 1L;

  /** Loading and compiling last as long as the JVM. */
  private static final AtomicBoolean WARM = new AtomicBoolean();

  private final SequenceLearnerConfig config;
  private final KernelsSupplier kernels;

  /** Where numbers are crunched: made anew for each learner, on the machine that runs it. */
  public interface KernelsSupplier extends Supplier<Kernels>, Serializable {}

  /** Learners on the CPU. */
  public SequenceLearnerFactory(SequenceLearnerConfig config) {
    this(config, CpuKernels::new);
  }

  public SequenceLearnerFactory(SequenceLearnerConfig config, KernelsSupplier kernels) {
    this.config = config;
    this.kernels = kernels;
  }

  @Override
  public OnlineLearner<Interaction> create() {
    return new SequenceLearner(config, kernels.get());
  }

  @Override
  public OnlineLearner<Interaction> restore(DataInput in) throws IOException {
    return SequenceLearner.readFrom(config, kernels.get(), in);
  }

  @Override
  public void warmUp(Duration patience) {
    if (!patience.isZero() && WARM.compareAndSet(false, true)) {
      WarmUp.run(new SequenceLearner(config, kernels.get()), patience);
    }
  }
}
