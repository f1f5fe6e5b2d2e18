package dev.millrace.model.bench;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One benchmark class, its sides measured in turn.
 *
 * <p>A round is one JMH iteration of every side in this JVM; rounds take the sides forwards and
 * backwards by turns, so that a busy neighbour or a warm processor meets all of them. Turns are
 * seconds long, not single calls, since the threads of one library spin for a while after a call
 * and would slow the next side down.
 */
final class Comparison {

  /** The side that ratios refer to. */
  static final String PEER = "torch";

  private static final int ROUNDS = 6;
  private static final TimeValue TURN = TimeValue.milliseconds(1_500);
  private static final TimeValue WARM_UP = TimeValue.seconds(4);

  private final String title;
  private final Class<?> benchmarks;
  private final Map<String, String> parameters;

  /** Milliseconds of each round by side. */
  private final Map<String, double[]> medians = new LinkedHashMap<>();

  /**
   * @param sides names of benchmark methods, {@link #PEER} among them
   */
  Comparison(
      String title, Class<?> benchmarks, Map<String, String> parameters, List<String> sides) {
    this.title = title;
    this.benchmarks = benchmarks;
    this.parameters = parameters;
    sides.forEach(side -> medians.put(side, new double[ROUNDS]));
  }

  Comparison run() throws RunnerException {
    List<String> sides = List.copyOf(medians.keySet());
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < sides.size(); i++) {
        String side = sides.get(round % 2 == 0 ? i : sides.size() - 1 - i);
        medians.get(side)[round] = measure(side, round == 0 ? WARM_UP : TURN);
      }
    }
    return this;
  }

  private double measure(String side, TimeValue warmUp) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + benchmarks.getName().replace(".", "\\.") + "\\." + side + "$")
            .forks(0)
            .warmupIterations(1)
            .warmupTime(warmUp)
            .measurementIterations(1)
            .measurementTime(TURN)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    parameters.forEach(options::param);
    RunResult result = new Runner(options.build()).runSingle();
    return result.getPrimaryResult().getStatistics().getPercentile(50);
  }

  /**
   * One line for each side. The ratio is that of the medians; behind it stand the least and the
   * greatest ratio of one round.
   *
   * @param floors milliseconds that the machine needs at least, by side
   */
  void print(PrintStream out, Map<String, Double> floors) {
    double[] peer = medians.get(PEER);
    medians.forEach(
        (side, rounds) -> {
          double[] ratios = new double[ROUNDS];
          Arrays.setAll(ratios, i -> rounds[i] / peer[i]);
          double median = median(rounds);
          double floor = floors.getOrDefault(side, floors.get(PEER));
          out.printf(
              Locale.ROOT,
              "%-38s %-22s %9.3f %7.2f  %5.2f..%-5.2f %9.3f %7.1fx%n",
              title,
              side,
              median,
              median / median(peer),
              Arrays.stream(ratios).min().orElseThrow(),
              Arrays.stream(ratios).max().orElseThrow(),
              floor,
              median / floor);
        });
  }

  static void printHead(PrintStream out) {
    out.printf(
        "%-38s %-22s %9s %7s  %-12s %9s %8s%n",
        "benchmark", "side", "ms", "ratio", "of rounds", "floor ms", "gap");
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
