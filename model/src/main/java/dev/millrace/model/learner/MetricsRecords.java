package dev.millrace.model.learner;

import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.eval.MetricsTable;
import dev.millrace.model.eval.MetricsWindow;
import dev.millrace.model.eval.RankingMetrics;
import dev.millrace.model.eval.RankingMode;
import java.util.HashMap;
import java.util.Map;

/** Metrics as records: names are {@code mode/scorer/figure}. */
final class MetricsRecords {

  private MetricsRecords() {}

  static LearningMetrics window(MetricsWindow window, long events, long steps, double loss) {
    Map<String, Double> figures = new HashMap<>();
    add(figures, window.metrics());
    figures.put("events", (double) events);
    figures.put("steps", (double) steps);
    if (!Double.isNaN(loss)) {
      figures.put("loss", loss);
    }
    return new LearningMetrics("window", window.eventTime(), figures, Map.of(), Map.of());
  }

  static LearningMetrics total(
      MetricsTable totals,
      long eventTime,
      long events,
      long steps,
      ScoreDistribution scores,
      String digest) {
    Map<String, Double> figures = new HashMap<>();
    add(figures, totals);
    figures.put("events", (double) events);
    figures.put("steps", (double) steps);
    return new LearningMetrics(
        "total",
        eventTime,
        figures,
        Map.of(
            "scores/positive", scores.positives(),
            "scores/negative", scores.negatives()),
        Map.of("model_digest", digest));
  }

  private static void add(Map<String, Double> figures, MetricsTable table) {
    for (RankingMode mode : RankingMode.values()) {
      for (String scorer : table.scorers()) {
        RankingMetrics metrics = table.get(scorer, mode);
        if (metrics.targets() > 0) {
          String prefix = mode.id() + "/" + scorer + "/";
          figures.put(prefix + "recall_at_10", metrics.recallAt10());
          figures.put(prefix + "recall_at_20", metrics.recallAt20());
          figures.put(prefix + "ndcg_at_20", metrics.ndcgAt20());
          figures.put(prefix + "mrr_at_20", metrics.mrrAt20());
          figures.put(mode.id() + "/evaluated", (double) metrics.targets());
        }
      }
    }
  }
}
