package dev.millrace.job.cli;

import dev.millrace.job.report.StreamReport;
import dev.millrace.model.eval.BlockBootstrap;
import dev.millrace.model.eval.RankingMode;
import java.util.List;
import java.util.Locale;

/** A report of a stream as text. */
final class StreamTable {

  /** Lines that show how recall went over time. */
  private static final int STRETCHES = 10;

  private final StringBuilder text = new StringBuilder();

  private StreamTable() {}

  static String of(StreamReport report) {
    StreamTable table = new StreamTable();
    table.figures(report);
    table.comparison(report);
    table.overTime(report);
    table.bootstrap(report);
    table.line("model digest %s", report.modelDigest());
    return table.text.toString();
  }

  private void figures(StreamReport report) {
    line("%-6s%-22s%10s%10s%20s%10s", "mode", "scorer", "recall@10", "recall@20", "", "ndcg@20");
    for (RankingMode mode : RankingMode.values()) {
      report
          .figures(mode.id())
          .forEach(
              (scorer, figures) -> {
                StreamReport.Range range = figures.intervals().get("recall_at_20");
                line(
                    "%-6s%-22s%10.4f%10.4f%20s%10.4f",
                    mode.id(),
                    scorer,
                    figures.recall_at_10(),
                    figures.recall_at_20(),
                    range == null ? "" : range(range.low(), range.high(), 4),
                    figures.ndcg_at_20());
              });
    }
  }

  private void comparison(StreamReport report) {
    report
        .againstBestCount()
        .forEach(
            (mode, comparison) -> {
              StreamReport.Estimate difference = comparison.difference().get("recall_at_20");
              StreamReport.Estimate ratio = comparison.ratio().get("recall_at_20");
              line(
                  "%s: recall@20 of the model is %s times that of %s %s, the difference %s %s",
                  mode,
                  number(ratio.estimate(), 3),
                  comparison.count(),
                  range(ratio.low(), ratio.high(), 3),
                  number(difference.estimate(), 4),
                  range(difference.low(), difference.high(), 4));
            });
  }

  /** Windows, joined to a few stretches: the model beside the best count. */
  private void overTime(StreamReport report) {
    List<StreamReport.Window> windows = report.windows();
    if (windows.size() < 2 || report.againstBestCount().isEmpty()) {
      return;
    }
    line("%-22s%12s%12s%12s%12s", "recall@20 until", "all", "best count", "new", "best count");
    int stretches = Math.min(STRETCHES, windows.size());
    for (int s = 0; s < stretches; s++) {
      List<StreamReport.Window> part =
          windows.subList(s * windows.size() / stretches, (s + 1) * windows.size() / stretches);
      text.append("%-22s".formatted(java.time.Instant.ofEpochMilli(endOf(part))));
      for (RankingMode mode : RankingMode.values()) {
        StreamReport.Comparison comparison = report.againstBestCount().get(mode.id());
        text.append(format("%12s", number(recall(part, mode.id(), "model"), 4)));
        text.append(
            format(
                "%12s",
                comparison == null ? "-" : number(recall(part, mode.id(), comparison.count()), 4)));
      }
      line("");
    }
  }

  private static long endOf(List<StreamReport.Window> part) {
    return part.get(part.size() - 1).eventTime();
  }

  /** Mean over the targets; null where there is none. */
  private static Double recall(List<StreamReport.Window> windows, String mode, String scorer) {
    double hits = 0;
    double targets = 0;
    for (StreamReport.Window window : windows) {
      double count = window.evaluated().get(mode);
      hits += count * window.recallAt20().get(mode).getOrDefault(scorer, 0.0);
      targets += count;
    }
    return targets == 0 ? null : Double.valueOf(hits / targets);
  }

  private void bootstrap(StreamReport report) {
    StreamReport.Bootstrap bootstrap = report.bootstrap();
    if (bootstrap == null) {
      line(
          "no confidence intervals: they take at least %d windows of learn.evaluation.window ranked"
              + " items",
          BlockBootstrap.MINIMUM_UNITS);
      return;
    }
    line(
        "brackets: %.0f %% intervals by stationary block bootstrap, %d windows of about %,.0f ranked"
            + " items, mean block %.1f windows, %,d resamples, seed %d",
        100 * bootstrap.level(),
        bootstrap.units(),
        bootstrap.unitTargets(),
        bootstrap.meanBlock(),
        bootstrap.resamples(),
        bootstrap.seed());
  }

  private static String range(Double low, Double high, int digits) {
    return "[" + number(low, digits) + ", " + number(high, digits) + "]";
  }

  private static String number(Double value, int digits) {
    return value == null ? "-" : format("%." + digits + "f", value);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }

  private void line(String form, Object... values) {
    text.append(format(form, values)).append(System.lineSeparator());
  }
}
