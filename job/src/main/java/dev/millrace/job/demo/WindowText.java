package dev.millrace.job.demo;

import dev.millrace.job.metrics.MetricScopes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the last window of a stream says, in a few words for a person who watches. */
final class WindowText {

  private WindowText() {}

  /**
   * The words.
   *
   * @param figures of the window
   * @param viewsPerSecond views learned lately; NaN if that is not known
   */
  static String of(Map<String, Double> figures, double viewsPerSecond) {
    return figures.containsKey(MetricScopes.VIEWS)
        ? images(figures, viewsPerSecond)
        : interactions(figures);
  }

  private static String interactions(Map<String, Double> figures) {
    return format(
        "learned %,.0f, recall@20 of the last window %.4f (new %.4f)",
        figures.get(MetricScopes.EVENTS),
        figures.getOrDefault("all/model/recall_at_20", 0.0),
        figures.getOrDefault("new/model/recall_at_20", 0.0));
  }

  private static String images(Map<String, Double> figures, double viewsPerSecond) {
    List<String> words = new ArrayList<>();
    words.add(format("learned %,.0f", figures.get(MetricScopes.IMAGES)));
    if (!Double.isNaN(viewsPerSecond)) {
      words.add(format("%,.0f views/s", viewsPerSecond));
    }
    Double loss = figures.get(MetricScopes.LOSS);
    if (loss != null) {
      words.add(format("loss %.3f", loss));
    }
    Double accuracy = figures.get(MetricScopes.KNN_WINDOW);
    if (accuracy != null) {
      words.add(format("kNN of the last window %.3f", accuracy));
    }
    Double entropy = figures.get(MetricScopes.USAGE_ENTROPY);
    Double lnK = figures.get(MetricScopes.LN_K);
    if (entropy != null && lnK != null) {
      words.add(format("usage entropy %.0f %% of ln K", 100 * entropy / lnK));
    }
    return String.join(", ", words);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
