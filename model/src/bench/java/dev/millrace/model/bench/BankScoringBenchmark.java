package dev.millrace.model.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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

/** Scores of 256 queries against a bank of 65,536 rows, width 128. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class BankScoringBenchmark {

  private static final int QUERIES = 256;
  private static final int WIDTH = 128;
  private static final int BANK = 65_536;

  static double gigaFlops() {
    return 2.0 * QUERIES * WIDTH * BANK / 1e9;
  }

  /** Bank read, scores written, in units of 1e9 bytes. */
  static double gigaBytes() {
    return (double) Float.BYTES * BANK * (WIDTH + QUERIES) / 1e9;
  }

  private static Matrix queries(Kernels kernels) {
    return Inputs.normal(kernels, new SeededRandom(11), QUERIES, WIDTH, 0.3);
  }

  private static Matrix bank(Kernels kernels) {
    return Inputs.normal(kernels, new SeededRandom(12), BANK, WIDTH, 0.3);
  }

  /** A few scores agree, the first and the last among them. */
  static void check() {
    try (CpuSide cpu = new CpuSide();
        TorchSide torch = new TorchSide()) {
      cpu.open();
      torch.open();
      Matrix actual = cpu.run();
      try (NDArray expected = torch.run()) {
        for (int i = 0; i < QUERIES; i += QUERIES - 1) {
          for (int j = 0; j < BANK; j += BANK - 1) {
            Agreement.require("score", actual.get(i, j), expected.getFloat(i, j));
          }
        }
      }
    }
  }

  /** The kernels, into memory that is there. */
  @State(Scope.Benchmark)
  public static class CpuSide implements AutoCloseable {

    private Kernels kernels;
    private Matrix queries;
    private Matrix bank;
    private Matrix scores;

    @Setup
    public void open() {
      kernels = new CpuKernels(Torch.THREADS);
      queries = queries(kernels);
      bank = bank(kernels);
      scores = kernels.allocate(QUERIES, BANK);
    }

    Matrix run() {
      kernels.multiplyByTransposed(queries, bank, 1, 0, scores);
      return scores;
    }

    @Override
    @TearDown
    public void close() {
      kernels.close();
    }
  }

  /** Eager libtorch, whose product makes its result anew. */
  @State(Scope.Benchmark)
  public static class TorchSide implements AutoCloseable {

    private NDManager manager;
    private NDArray queries;
    private NDArray columns;

    @Setup
    public void open() {
      manager = Torch.manager();
      try (CpuKernels kernels = new CpuKernels(1)) {
        queries = Torch.copyOf(manager, BankScoringBenchmark.queries(kernels));
        columns = Torch.copyOf(manager, bank(kernels)).transpose();
      }
    }

    NDArray run() {
      return queries.matMul(columns);
    }

    @Override
    @TearDown
    public void close() {
      manager.close();
    }
  }

  @Benchmark
  public Matrix millrace(CpuSide side) {
    return side.run();
  }

  @Benchmark
  public float torch(TorchSide side) {
    try (NDArray scores = side.run()) {
      return scores.getShape().size();
    }
  }
}
