package dev.millrace.model.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.Nd4jKernels;
import dev.millrace.model.kernel.SeededRandom;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Softmax cross entropy of 256 x 12,000 logits with its gradient; the logits are kept. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class CrossEntropyBenchmark {

  private static final int ROWS = 256;
  private static final int CLASSES = 12_000;

  /** Logits read, gradient written, in units of 1e9 bytes. */
  static double gigaBytes() {
    return 2.0 * ROWS * CLASSES * Float.BYTES / 1e9;
  }

  private static Matrix logits(Kernels kernels) {
    return Inputs.normal(kernels, new SeededRandom(5), ROWS, CLASSES, 2);
  }

  private static int[] targets() {
    return Inputs.integers(new SeededRandom(6), ROWS, 0, CLASSES);
  }

  /** Mean losses agree, and so does one entry of the gradient. */
  static void check() {
    try (CpuSide cpu = new CpuSide();
        Nd4jSide nd4j = new Nd4jSide();
        TorchSide torch = new TorchSide()) {
      cpu.open();
      nd4j.open();
      torch.open();
      double expected = torch.run();
      int target = targets()[0];
      double slope = torch.gradient.getFloat(0, target) * ROWS;
      Agreement.require("cross entropy", cpu.run(), expected);
      Agreement.require("gradient of the first target", cpu.work.get(0, target), slope);
      Agreement.require("cross entropy by ND4J", nd4j.run(), expected);
      Agreement.require("its gradient of the first target", nd4j.work.get(0, target), slope);
    }
  }

  /** Either implementation of the kernels. */
  abstract static class KernelSide implements AutoCloseable {

    private Kernels kernels;
    private Matrix logits;
    Matrix work;
    private Matrix losses;
    private int[] targets;

    abstract Kernels create();

    void prepare() {
      kernels = create();
      logits = logits(kernels);
      work = kernels.allocate(ROWS, CLASSES);
      losses = kernels.allocate(ROWS, 1);
      targets = targets();
    }

    double run() {
      kernels.copy(logits, work);
      kernels.crossEntropyRowsInPlace(work, targets, losses);
      return kernels.sum(losses) / ROWS;
    }

    void release() {
      kernels.close();
    }
  }

  /** The fused kernels. */
  @State(Scope.Benchmark)
  public static class CpuSide extends KernelSide {

    @Override
    Kernels create() {
      return new CpuKernels(Torch.THREADS);
    }

    @Setup
    public void open() {
      prepare();
    }

    @Override
    @TearDown
    public void close() {
      release();
    }
  }

  /** The same contract as ND4J operations. */
  @State(Scope.Benchmark)
  public static class Nd4jSide extends KernelSide {

    @Override
    Kernels create() {
      return new Nd4jKernels(DataType.FLOAT);
    }

    @Setup
    public void open() {
      prepare();
    }

    @Override
    @TearDown
    public void close() {
      release();
    }
  }

  /** Eager libtorch: log-softmax, gather, mean, backward to a fresh gradient. */
  @State(Scope.Benchmark)
  public static class TorchSide implements AutoCloseable {

    private NDManager manager;
    private NDArray logits;
    private NDArray targets;
    private NDArray gradient;

    @Setup
    public void open() {
      manager = Torch.manager();
      try (CpuKernels kernels = new CpuKernels(1)) {
        logits = Torch.copyOf(manager, CrossEntropyBenchmark.logits(kernels));
      }
      targets =
          manager.create(Torch.wide(CrossEntropyBenchmark.targets()), new Shape(ROWS, 1));
    }

    double run() {
      try (NDManager scope = manager.newSubManager()) {
        scope.tempAttachAll(logits, targets);
        NDArray leaf = logits.stopGradient();
        leaf.setRequiresGradient(true);
        float value;
        try (GradientCollector collector = Torch.engine().newGradientCollector()) {
          NDArray loss = leaf.logSoftmax(1).gather(targets, 1).mean().neg();
          collector.backward(loss);
          value = loss.getFloat();
        }
        if (gradient != null) {
          gradient.close();
        }
        gradient = leaf.getGradient();
        gradient.attach(manager);
        return value;
      }
    }

    @Override
    @TearDown
    public void close() {
      manager.close();
    }
  }

  @Benchmark
  public double millrace(CpuSide side) {
    return side.run();
  }

  @Benchmark
  public double nd4j(Nd4jSide side) {
    return side.run();
  }

  @Benchmark
  public double torch(TorchSide side) {
    return side.run();
  }
}
