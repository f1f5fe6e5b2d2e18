package dev.millrace.model.objective;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times of objectives beside their products, the two in turn: of all, or of those whose names
 * {@code -Dbench.objectives} lists. Of the medians of all turns each side's smallest counts, which
 * is the least disturbed by whatever else the machine does.
 */
public final class ObjectiveTimes {

  private static final int ROUNDS = 5;
  private static final TimeValue WARM_UP = TimeValue.milliseconds(1_500);
  private static final TimeValue TURN = TimeValue.milliseconds(250);
  private static final int[] BANKS = {4_096, 65_536};

  private ObjectiveTimes() {}

  /** Prints one line for each form, two for each that takes a bank. */
  public static void print(PrintStream out) throws RunnerException {
    out.printf(
        "%nobjectives, batch 256, width 128%n%-28s %-16s %7s %10s %12s %7s%n",
        "objective", "form", "bank", "ms", "products ms", "ratio");
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
        "%-28s %-16s %7s %10.3f %12.3f %7s%n",
        objective,
        variant,
        bank == 0 ? "" : String.format(Locale.ROOT, "%,d", bank),
        whole[0],
        products[0],
        // Some are given scores and have no products of their own.
        products[0] < 0.001
            ? "-"
            : String.format(Locale.ROOT, "%.2f", whole[0] / products[0]));
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
