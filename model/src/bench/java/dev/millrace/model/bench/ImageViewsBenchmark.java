package dev.millrace.model.bench;

import dev.millrace.model.augment.ImageViewConfig;
import dev.millrace.model.augment.ImageViews;
import dev.millrace.model.data.Picture;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.kernel.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Pictures whose views are all drawn, a second, on one thread; batches of 128. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ImageViewsBenchmark {

  private static final int BATCH = 128;

  /** Measures in this JVM; JMH prints the table. */
  static void run() throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include("^" + ImageViewsBenchmark.class.getName().replace(".", "\\.") + "\\.")
                .forks(0)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(2))
                .measurementIterations(3)
                .measurementTime(TimeValue.seconds(2))
                .build())
        .run();
  }

  /** A batch of random pictures. */
  @State(Scope.Benchmark)
  public static class Batch {

    /** STANDARD draws 2 views of 32 x 32, SWAV 2 of 32 x 32 and 4 of 18 x 18. */
    @Param({"STANDARD", "SWAV"})
    public String config;

    /** Sides of the pictures. */
    @Param({"32", "256"})
    public int side;

    private final List<Picture> pictures = new ArrayList<>();
    private final long[] seeds = new long[BATCH];
    private Parallel parallel;
    private ImageViews views;
    private Matrix large;
    private Matrix small;

    @Setup
    public void open() {
      parallel = new Parallel(1);
      views =
          new ImageViews(
              config.equals("SWAV") ? ImageViewConfig.SWAV : ImageViewConfig.STANDARD, parallel);
      SeededRandom random = new SeededRandom(31);
      for (int i = 0; i < BATCH; i++) {
        byte[] rgb = new byte[3 * side * side];
        for (int j = 0; j < rgb.length; j++) {
          rgb[j] = (byte) random.nextInt(256);
        }
        pictures.add(new Picture(side, side, rgb));
        seeds[i] = ImageViews.seed("image " + i, 0);
      }
      try (CpuKernels kernels = new CpuKernels(1)) {
        large = kernels.allocate(views.largeRows(BATCH), 3);
        small = kernels.allocate(views.smallRows(BATCH), 3);
      }
    }

    @TearDown
    public void close() {
      parallel.close();
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Matrix pictures(Batch batch) {
    batch.views.draw(batch.pictures, batch.seeds, batch.large, batch.small);
    return batch.large;
  }
}
