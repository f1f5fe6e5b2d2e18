package dev.millrace.model.bench;

import ai.djl.pytorch.jni.JniUtils;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.learner.LaneScaling;
import dev.millrace.model.objective.ObjectiveTimes;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs all benchmarks in this JVM and prints a table of times, ratios and floors, after it has
 * checked that the sides compute the same thing; then a table of the objectives and the rate of image
 * views. {@code -Dbench.part=peers}, {@code objectives} or {@code views} runs one of the three;
 * {@code lanes} alone, and not all, what rounds of several lanes cost, for item tables of {@code
 * -Dbench.rows} rows.
 */
public final class Benchmarks {

  private Benchmarks() {}

  public static void main(String[] arguments) throws RunnerException, IOException {
    // JMH keeps runs of the whole machine apart by a lock file that another user may own.
    System.setProperty("jmh.ignoreLock", "true");
    describe();
    String part = System.getProperty("bench.part", "all");
    if (part.equals("all") || part.equals("peers")) {
      comparePeers();
    }
    if (part.equals("all") || part.equals("objectives")) {
      ObjectiveTimes.print(System.out);
    }
    if (part.equals("all") || part.equals("views")) {
      ImageViewsBenchmark.run();
    }
    if (part.equals("lanes")) {
      String rows = System.getProperty("bench.rows");
      LaneScaling.print(
          System.out, Stream.of(rows.split(",")).mapToInt(Integer::parseInt).toArray());
    }
  }

  private static void comparePeers() throws RunnerException {
    SequenceStepBenchmark.check();
    CrossEntropyBenchmark.check();
    BankScoringBenchmark.check();
    RankingBenchmark.check();
    ImageStepBenchmark.check();
    System.out.println("all sides agree within 1e-3; measuring takes some minutes");

    MachineRates before = MachineRates.measure();
    List<String> pair = List.of("millrace", Comparison.PEER);
    Comparison dropped = sequenceStep("0.5").run();
    Comparison plain = sequenceStep("0").run();
    Comparison images =
        new Comparison("image step, 128 x 32 x 32", ImageStepBenchmark.class, Map.of(), pair).run();
    Comparison entropy =
        new Comparison(
                "cross entropy 256 x 12,000",
                CrossEntropyBenchmark.class,
                Map.of(),
                List.of("millrace", "nd4j", Comparison.PEER))
            .run();
    Comparison bank =
        new Comparison(
                "bank 256 x 128 x 65,536", BankScoringBenchmark.class, Map.of(), pair)
            .run();
    Comparison ranking =
        new Comparison("20 best of 100,000 items", RankingBenchmark.class, Map.of(), pair).run();
    MachineRates rates = before.best(MachineRates.measure());

    System.out.printf(
        Locale.ROOT,
        "%nThis machine at its best, %d threads: %.0f GFLOP/s, %.1f GB/s%n%n",
        Torch.THREADS,
        rates.gigaFlops(),
        rates.gigaBytes());
    Comparison.printHead(System.out);
    Map<String, Double> stepFloors =
        Map.of(
            "millrace", rates.floor(SequenceStepBenchmark.gigaFlops(false), 0),
            Comparison.PEER, rates.floor(SequenceStepBenchmark.gigaFlops(true), 0));
    dropped.print(System.out, stepFloors);
    plain.print(System.out, stepFloors);
    images.print(System.out, floor(rates.floor(ImageStepBenchmark.gigaFlops(), 0)));
    entropy.print(System.out, floor(rates.floor(0, CrossEntropyBenchmark.gigaBytes())));
    bank.print(
        System.out,
        floor(
            rates.floor(BankScoringBenchmark.gigaFlops(), BankScoringBenchmark.gigaBytes())));
    ranking.print(System.out, floor(rates.floor(0, RankingBenchmark.gigaBytes())));
  }

  private static Comparison sequenceStep(String dropout) {
    return new Comparison(
        "training step, dropout " + dropout,
        SequenceStepBenchmark.class,
        Map.of("dropout", dropout),
        List.of("millrace", "millraceEveryPosition", Comparison.PEER));
  }

  private static Map<String, Double> floor(double milliseconds) {
    return Map.of(Comparison.PEER, milliseconds);
  }

  private static void describe() {
    try (CpuKernels kernels = new CpuKernels(Torch.THREADS)) {
      System.out.println("Millrace: " + kernels.description());
    }
    System.out.println(
        "torch: libtorch "
            + Torch.engine().getVersion()
            + ", "
            + JniUtils.getNumThreads()
            + " threads");
    String core = System.getenv("OPENBLAS_CORETYPE");
    if (core != null) {
      System.out.println(
          "warning: OPENBLAS_CORETYPE="
              + core
              + " holds Millrace's BLAS to that processor; unset it to measure this one");
    }
  }
}
