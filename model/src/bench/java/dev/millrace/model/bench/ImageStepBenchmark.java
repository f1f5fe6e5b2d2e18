package dev.millrace.model.bench;

import dev.millrace.model.encoder.ConvEncoderConfig;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One training step of the standard convolutional encoder on 128 crops of 32 x 32, two views of 64
 * pictures: forward, backward, Adam.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ImageStepBenchmark {

  private static final ConvEncoderConfig CONFIG = ConvEncoderConfig.STANDARD;
  private static final int COUNT = 128;
  private static final int SIDE = 32;

  /**
   * Multiply-adds of forward and backward, twice, in units of 1e9. Nobody wants the gradient of the
   * pictures, so the stem is counted twice, all else three times.
   */
  static double gigaFlops() {
    ConvEncoderConfig.Stem stem = CONFIG.stem();
    int side = (SIDE + 2 * stem.padding() - stem.window()) / stem.stride() + 1;
    double ofStem =
        (double) side * side * stem.window() * stem.window() * CONFIG.channels() * stem.width();
    return 2.0 * COUNT * (3 * CONFIG.multiplyAdds(SIDE) - ofStem) / 1e9;
  }

  /** From the same weights, both sides have the same loss over some steps. */
  static void check() {
    try (MillraceImageStep own = new MillraceImageStep(Torch.THREADS, CONFIG, COUNT, SIDE);
        TorchImageStep torch = new TorchImageStep(CONFIG, own, COUNT, SIDE)) {
      for (int step = 0; step < 3; step++) {
        double expected = torch.step();
        Agreement.require("loss of pictures at step " + step, own.step(), expected);
      }
    }
  }

  /** Millrace. */
  @State(Scope.Benchmark)
  public static class MillraceSide {

    private MillraceImageStep step;

    @Setup
    public void open() {
      step = new MillraceImageStep(Torch.THREADS, CONFIG, COUNT, SIDE);
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

    private TorchImageStep step;

    @Setup
    public void open() {
      try (MillraceImageStep source = new MillraceImageStep(1, CONFIG, COUNT, SIDE)) {
        step = new TorchImageStep(CONFIG, source, COUNT, SIDE);
      }
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
  public double millrace(MillraceSide side) {
    return side.run();
  }

  @Benchmark
  public double torch(TorchSide side) {
    return side.run();
  }
}
