package dev.millrace.model.bench;

import dev.millrace.model.encoder.EncoderConfig;
import dev.millrace.model.kernel.SeededRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One training step on 256 sequences of 50 items out of 12,101: width 64, 2 layers, 2 heads, 256
 * inside, full softmax on the last position, Adam on everything.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SequenceStepBenchmark {

  private static final int BATCH = 256;
  private static final int LENGTH = 50;
  private static final int ITEMS = 12_101;

  /** Multiply-adds of the step's products, twice, in units of 1e9; all positions or one. */
  static double gigaFlops(boolean everyPosition) {
    EncoderConfig shape = EncoderConfig.STANDARD;
    double width = shape.width();
    double tokens = (double) BATCH * LENGTH;
    double keysAndValues = 2 * tokens * 2 * width * width;
    double ofQuery = 2 * (2 * width * width + 2 * width * shape.inner());
    double attention = 2 * 2 * LENGTH / 2.0 * width;
    double layer = keysAndValues + tokens * (ofQuery + attention);
    double last = keysAndValues + BATCH * (ofQuery + 2 * attention);
    double logits = 2.0 * BATCH * ITEMS * width;
    double forward = (shape.layers() - 1) * layer + (everyPosition ? layer : last) + logits;
    return 3 * forward / 1e9;
  }

  /** What both sides train on. */
  private static final class Data {
    final int[][] ids = new int[BATCH][];
    final int[] targets;

    Data() {
      SeededRandom random = new SeededRandom(3);
      for (int i = 0; i < BATCH; i++) {
        ids[i] = Inputs.integers(random, LENGTH, 1, ITEMS);
      }
      targets = Inputs.integers(random, BATCH, 1, ITEMS);
    }
  }

  private static MillraceSequenceStep millraceStep(
      Data data, double dropout, boolean everyPosition) {
    EncoderConfig config = EncoderConfig.STANDARD.withDropout(dropout);
    return new MillraceSequenceStep(
        Torch.THREADS, config, everyPosition, ITEMS, data.ids, data.targets);
  }

  private static TorchSequenceStep torchStep(Data data, double dropout) {
    EncoderConfig config = EncoderConfig.STANDARD.withDropout(dropout);
    try (MillraceSequenceStep weights = millraceStep(data, dropout, false)) {
      return new TorchSequenceStep(config, weights::weight, data.ids, data.targets);
    }
  }

  /** From the same weights without dropout, all sides have the same loss over some steps. */
  static void check() {
    Data data = new Data();
    try (MillraceSequenceStep last = millraceStep(data, 0, false);
        MillraceSequenceStep every = millraceStep(data, 0, true);
        TorchSequenceStep torch = torchStep(data, 0)) {
      for (int step = 0; step < 3; step++) {
        double expected = torch.step();
        Agreement.require("loss at step " + step, last.step(), expected);
        Agreement.require("loss at step " + step + ", all positions", every.step(), expected);
      }
    }
  }

  /** Millrace, the last layer at the positions that the loss needs. */
  @State(Scope.Benchmark)
  public static class LastPosition {

    @Param({"0.5", "0"})
    public double dropout;

    private MillraceSequenceStep step;

    @Setup
    public void open() {
      step = millraceStep(new Data(), dropout, false);
    }

    double run() {
      return step.step();
    }

    @TearDown
    public void close() {
      step.close();
    }
  }

  /** Millrace, every layer at all positions, as torch's side computes it. */
  @State(Scope.Benchmark)
  public static class EveryPosition {

    @Param({"0.5", "0"})
    public double dropout;

    private MillraceSequenceStep step;

    @Setup
    public void open() {
      step = millraceStep(new Data(), dropout, true);
    }

    double run() {
      return step.step();
    }

    @TearDown
    public void close() {
      step.close();
    }
  }

  /** Eager libtorch. */
  @State(Scope.Benchmark)
  public static class TorchSide {

    @Param({"0.5", "0"})
    public double dropout;

    private TorchSequenceStep step;

    @Setup
    public void open() {
      step = torchStep(new Data(), dropout);
    }

    double run() {
      return step.step();
    }

    @TearDown
    public void close() {
      step.close();
    }
  }

  @Benchmark
  public double millrace(LastPosition side) {
    return side.run();
  }

  @Benchmark
  public double millraceEveryPosition(EveryPosition side) {
    return side.run();
  }

  @Benchmark
  public double torch(TorchSide side) {
    return side.run();
  }
}
