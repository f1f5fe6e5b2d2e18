package dev.millrace.model.objective;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times of objectives beside their products, the two in turn: of all, or of those whose names
 * {@code -Dbench.objectives} lists.
 *
 * <p>Of the medians of all turns each side's smallest counts. On a machine that does other work too
 * even that is disturbed, and the last column less so: the two call by call, and of each side the
 * tenth percentile.
 */
public final class ObjectiveTimes {

  private static final int ROUNDS = 3;
  private static final TimeValue WARM_UP = TimeValue.milliseconds(1_500);
  private static final TimeValue TURN = TimeValue.milliseconds(500);
  private static final TimeValue CALLS = TimeValue.seconds(2);
  private static final int[] BANKS = {4_096, 65_536};

  private ObjectiveTimes() {}

  /** Prints one line for each form, two for each that takes a bank. */
  public static void print(PrintStream out) throws RunnerException {
    out.printf(
        "%nobjectives, batch 256, width 128%n%-28s %-16s %7s %10s %12s %7s %12s%n",
        "objective", "form", "bank", "ms", "products ms", "ratio", "call by call");
    String chosen = System.getProperty("bench.objectives", "all");
    for (Objectives objective : Objectives.values()) {
      if (!chosen.equals("all") && !List.of(chosen.split(",")).contains(objective.key())) {
        continue;
      }
      for (String variant : objective.variants()) {
        boolean takesBank =
            objective.signature(variant).inputs().stream()
                .anyMatch(input -> input.required() && input.shape().contains("M"));
        for (int bank : takesBank ? BANKS : new int[] {0}) {
          line(out, objective.key(), variant, bank);
        }
      }
    }
  }

  private static void line(PrintStream out, String objective, String variant, int bank)
      throws RunnerException {
    double[] whole = new double[ROUNDS];
    double[] products = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      TimeValue warmUp = round == 0 ? WARM_UP : TURN;
      whole[round] = measure("whole", objective, variant, bank, warmUp);
      products[round] = measure("productsAlone", objective, variant, bank, warmUp);
    }
    Arrays.sort(whole);
    Arrays.sort(products);
    out.printf(
        Locale.ROOT,
        "%-28s %-16s %7s %10.3f %12.3f %7s %12s%n",
        objective,
        variant,
        bank == 0 ? "" : String.format(Locale.ROOT, "%,d", bank),
        whole[0],
        products[0],
        ratio(whole[0], products[0]),
        callByCall(objective, variant, bank));
  }

  /** Some are given scores and have no products of their own. */
  private static String ratio(double whole, double products) {
    return products < 0.001 ? "-" : String.format(Locale.ROOT, "%.2f", whole / products);
  }

  private static String callByCall(String objective, String variant, int bank) {
    ObjectiveBenchmark benchmark = new ObjectiveBenchmark();
    benchmark.objective = objective;
    benchmark.variant = variant;
    benchmark.bank = Math.max(1, bank);
    benchmark.open();
    List<Double> whole = new ArrayList<>();
    List<Double> products = new ArrayList<>();
    long end = System.nanoTime() + CALLS.convertTo(TimeUnit.NANOSECONDS);
    while (System.nanoTime() < end || whole.isEmpty()) {
      long start = System.nanoTime();
      benchmark.whole();
      long between = System.nanoTime();
      benchmark.productsAlone();
      products.add((System.nanoTime() - between) / 1e6);
      whole.add((between - start) / 1e6);
    }
    benchmark.close();
    return ratio(tenth(whole), tenth(products));
  }

  private static double tenth(List<Double> times) {
    Collections.sort(times);
    return times.get(times.size() / 10);
  }

  private static double measure(
      String side, String objective, String variant, int bank, TimeValue warmUp)
      throws RunnerException {
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(
                        "^"
                            + ObjectiveBenchmark.class.getName().replace(".", "\\.")
                            + "\\."
                            + side
                            + "$")
                    .forks(0)
                    .warmupIterations(1)
                    .warmupTime(warmUp)
                    .measurementIterations(1)
                    .measurementTime(TURN)
                    .param("objective", objective)
                    .param("variant", variant)
                    .param("bank", String.valueOf(Math.max(1, bank)))
                    .verbosity(VerboseMode.SILENT)
                    .shouldFailOnError(true)
                    .build())
            .runSingle();
    return result.getPrimaryResult().getStatistics().getPercentile(50);
  }
}
