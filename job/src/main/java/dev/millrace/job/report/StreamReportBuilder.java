package dev.millrace.job.report;

import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.eval.Baselines;
import dev.millrace.model.eval.BlockBootstrap;
import dev.millrace.model.eval.RankingMode;
import dev.millrace.model.eval.RatioSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Makes the report of a stream from the windows and the total that a learner has put out.
 *
 * <p>The windows are the units of the bootstrap; what was ranked after the last one is one more.
 */
public final class StreamReportBuilder {

  private static final String MODEL = "model";
  private static final double LEVEL = 0.95;
  private static final List<String> NAMES =
      List.of("recall_at_10", "recall_at_20", "ndcg_at_20", "mrr_at_20");
  private static final List<String> COUNTS =
      Arrays.stream(Baselines.values()).map(Baselines::id).toList();

  private final List<LearningMetrics> windows = new ArrayList<>();
  private LearningMetrics total;

  /** Takes a window, or the total, which is the last. */
  public void add(LearningMetrics metrics) {
    if (metrics.scope().equals("total")) {
      total = metrics;
    } else {
      windows.add(metrics);
    }
  }

  /**
   * The report.
   *
   * @param meanBlock mean block in windows; 0 for the one that suits their number
   * @param resamples of the bootstrap
   * @param seed of the bootstrap
   * @param seconds that ranking and learning took
   * @throws IllegalArgumentException if there are fewer windows than a block has
   */
  public StreamReport build(double meanBlock, int resamples, long seed, double seconds) {
    int units = units("all").length;
    BlockBootstrap bootstrap = null;
    StreamReport.Bootstrap described = null;
    if (units >= BlockBootstrap.MINIMUM_UNITS) {
      double block = meanBlock == 0 ? BlockBootstrap.standardBlock(units) : meanBlock;
      bootstrap = new BlockBootstrap(units, block, resamples, LEVEL, seed);
      described =
          new StreamReport.Bootstrap(
              "stationary block bootstrap, percentile",
              LEVEL,
              units,
              evaluated(total, "all") / units,
              block,
              resamples,
              seed);
    }
    Map<String, Long> evaluated = new LinkedHashMap<>();
    Map<String, StreamReport.Comparison> comparisons = new LinkedHashMap<>();
    for (RankingMode mode : RankingMode.values()) {
      evaluated.put(mode.id(), Math.round(evaluated(total, mode.id())));
      if (bootstrap != null) {
        compare(mode.id(), bootstrap, comparisons);
      }
    }
    return new StreamReport(
        Math.round(total.figures().get("events")),
        seconds,
        total.labels().get("model_digest"),
        evaluated,
        described,
        figures("all", bootstrap),
        figures("new", bootstrap),
        comparisons,
        windows.stream().map(StreamReportBuilder::window).toList());
  }

  private Map<String, StreamReport.Figures> figures(String mode, BlockBootstrap bootstrap) {
    Map<String, StreamReport.Figures> figures = new LinkedHashMap<>();
    for (String scorer : scorers(total, mode)) {
      Map<String, StreamReport.Range> intervals = new LinkedHashMap<>();
      if (bootstrap != null) {
        for (String name : NAMES) {
          intervals.put(
              name, StreamReport.Range.of(series(mode, scorer, name).interval(bootstrap)));
        }
      }
      figures.put(
          scorer,
          new StreamReport.Figures(
              figure(total, mode, scorer, NAMES.get(0)),
              figure(total, mode, scorer, NAMES.get(1)),
              figure(total, mode, scorer, NAMES.get(2)),
              figure(total, mode, scorer, NAMES.get(3)),
              intervals));
    }
    return figures;
  }

  private void compare(
      String mode, BlockBootstrap bootstrap, Map<String, StreamReport.Comparison> comparisons) {
    List<String> scorers = scorers(total, mode);
    COUNTS.stream()
        .filter(scorers::contains)
        .max(Comparator.comparingDouble(count -> figure(total, mode, count, "recall_at_20")))
        .ifPresent(
            count -> {
              Map<String, StreamReport.Estimate> difference = new LinkedHashMap<>();
              Map<String, StreamReport.Estimate> ratio = new LinkedHashMap<>();
              for (String name : NAMES) {
                RatioSeries ours = series(mode, MODEL, name);
                RatioSeries theirs = series(mode, count, name);
                difference.put(name, StreamReport.Estimate.of(ours.difference(theirs, bootstrap)));
                ratio.put(name, StreamReport.Estimate.of(ours.multiple(theirs, bootstrap)));
              }
              comparisons.put(mode, new StreamReport.Comparison(count, difference, ratio));
            });
  }

  /** Sums and numbers of targets, window by window, then those of what came after the last. */
  private RatioSeries series(String mode, String scorer, String name) {
    double[] targets = units(mode);
    double[] sums = new double[targets.length];
    double rest = figure(total, mode, scorer, name) * evaluated(total, mode);
    for (int w = 0; w < windows.size(); w++) {
      sums[w] = figure(windows.get(w), mode, scorer, name) * targets[w];
      rest -= sums[w];
    }
    if (targets.length > windows.size()) {
      sums[windows.size()] = Math.max(0, rest);
    }
    return new RatioSeries(sums, targets);
  }

  /** Targets of each unit. */
  private double[] units(String mode) {
    boolean rest = evaluated(total, "all") > windows.stream().mapToDouble(this::targets).sum();
    double[] targets = new double[windows.size() + (rest ? 1 : 0)];
    double left = evaluated(total, mode);
    for (int w = 0; w < windows.size(); w++) {
      targets[w] = evaluated(windows.get(w), mode);
      left -= targets[w];
    }
    if (rest) {
      targets[windows.size()] = left;
    }
    return targets;
  }

  private double targets(LearningMetrics window) {
    return evaluated(window, "all");
  }

  private static StreamReport.Window window(LearningMetrics metrics) {
    Map<String, Long> evaluated = new LinkedHashMap<>();
    Map<String, Map<String, Double>> recall = new LinkedHashMap<>();
    for (RankingMode mode : RankingMode.values()) {
      evaluated.put(mode.id(), Math.round(evaluated(metrics, mode.id())));
      Map<String, Double> byScorer = new LinkedHashMap<>();
      for (String scorer : scorers(metrics, mode.id())) {
        byScorer.put(scorer, figure(metrics, mode.id(), scorer, "recall_at_20"));
      }
      recall.put(mode.id(), byScorer);
    }
    return new StreamReport.Window(metrics.eventTime(), evaluated, recall);
  }

  /** The model, the counts, then the model's parts by name. */
  private static List<String> scorers(LearningMetrics metrics, String mode) {
    TreeSet<String> rest = new TreeSet<>();
    for (String name : metrics.figures().keySet()) {
      String[] parts = name.split("/", -1);
      if (parts.length == 3 && parts[0].equals(mode)) {
        rest.add(parts[1]);
      }
    }
    List<String> scorers = new ArrayList<>();
    if (rest.remove(MODEL)) {
      scorers.add(MODEL);
    }
    COUNTS.stream().filter(rest::remove).forEach(scorers::add);
    scorers.addAll(rest);
    return scorers;
  }

  private static double evaluated(LearningMetrics metrics, String mode) {
    return metrics.figures().getOrDefault(mode + "/evaluated", 0.0);
  }

  /** A scorer without a target of the mode in a window has hit none. */
  private static double figure(LearningMetrics metrics, String mode, String scorer, String name) {
    return metrics.figures().getOrDefault(mode + "/" + scorer + "/" + name, 0.0);
  }
}
