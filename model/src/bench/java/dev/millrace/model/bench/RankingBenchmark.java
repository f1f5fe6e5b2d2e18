package dev.millrace.model.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.millrace.model.eval.TopK;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The 20 best of 100,000 items for one user, width 64, exact. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class RankingBenchmark {

  private static final int ITEMS = 100_000;
  private static final int WIDTH = 64;
  private static final int LIST = 20;

  /** Items read, in units of 1e9 bytes. */
  static double gigaBytes() {
    return (double) Float.BYTES * ITEMS * WIDTH / 1e9;
  }

  private static Matrix user(Kernels kernels) {
    return Inputs.normal(kernels, new SeededRandom(21), 1, WIDTH, 1);
  }

  private static Matrix items(Kernels kernels) {
    return Inputs.normal(kernels, new SeededRandom(22), ITEMS, WIDTH, 1);
  }

  /** Both have the same items in the same order. */
  static void check() {
    try (CpuSide cpu = new CpuSide();
        TorchSide torch = new TorchSide()) {
      cpu.open();
      torch.open();
      TopK actual = cpu.run();
      long[] expected = torch.run();
      for (int rank = 0; rank < LIST; rank++) {
        Agreement.require("item at rank " + rank, actual.item(rank), expected[rank]);
      }
    }
  }

  /** The kernels and {@link TopK}. */
  @State(Scope.Benchmark)
  public static class CpuSide implements AutoCloseable {

    private final TopK best = new TopK(LIST);
    private final float[] values = new float[ITEMS];
    private Kernels kernels;
    private Matrix user;
    private Matrix items;
    private Matrix scores;

    @Setup
    public void open() {
      kernels = new CpuKernels(Torch.THREADS);
      user = user(kernels);
      items = items(kernels);
      scores = kernels.allocate(1, ITEMS);
    }

    TopK run() {
      kernels.multiplyByTransposed(user, items, 1, 0, scores);
      scores.copyTo(values, 0);
      best.select(values, ITEMS);
      return best;
    }

    @Override
    @TearDown
    public void close() {
      kernels.close();
    }
  }

  /** Eager libtorch. */
  @State(Scope.Benchmark)
  public static class TorchSide implements AutoCloseable {

    private NDManager manager;
    private NDArray user;
    private NDArray columns;

    @Setup
    public void open() {
      manager = Torch.manager();
      try (CpuKernels kernels = new CpuKernels(1)) {
        user = Torch.copyOf(manager, RankingBenchmark.user(kernels));
        columns = Torch.copyOf(manager, items(kernels)).transpose();
      }
    }

    long[] run() {
      try (NDArray scores = user.matMul(columns);
          NDList best = scores.topK(LIST, 1)) {
        return best.get(1).toLongArray();
      }
    }

    @Override
    @TearDown
    public void close() {
      manager.close();
    }
  }

  @Benchmark
  public TopK millrace(CpuSide side) {
    return side.run();
  }

  @Benchmark
  public long[] torch(TorchSide side) {
    return side.run();
  }
}
