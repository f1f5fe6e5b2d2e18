package dev.millrace.job.metrics;

import dev.millrace.model.data.LearningMetrics;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Names of scopes and figures in the {@code learning-metrics} topic. */
public final class MetricScopes {

  /** What a person who watches wants to know now, every second; not part of the result. */
  public static final String PROGRESS = "progress";

  /** What reached a lane, when its stream ends. */
  public static final String ARRIVALS = "arrivals";

  /** Figures of a window of the stream, from the learner. */
  public static final String WINDOW = "window";

  /** Figures of the whole stream, from the learner when its stream ends. */
  public static final String TOTAL = "total";

  /** Something that a guard of a learner did, from the learner. */
  public static final String EVENT = "event";

  public static final String EVENTS = "events";
  public static final String LATE = "late";
  public static final String DROPPED = "late_dropped";
  public static final String STEPS = "steps";
  public static final String LOSS = "loss";
  private static final String FRESHNESS = "freshness_ms_";
  public static final String FRESHNESS_P50 = FRESHNESS + "p50";
  public static final String FRESHNESS_P99 = "freshness_ms_p99";
  public static final String FRESHNESS_MAX = "freshness_ms_max";
  public static final String NATIVE_BYTES = "native_bytes";
  public static final String MODEL_DIGEST = "model_digest";

  // Figures, series and labels of the image learner.
  public static final String IMAGES = "images";
  public static final String VIEWS = "views";
  public static final String CLUSTER_LOSS = "cluster_loss";
  public static final String LN_K = "ln_k";
  public static final String USAGE_ENTROPY = "prototype_usage_entropy";
  public static final String USAGE = "prototype_usage";
  public static final String KNN = "knn_top1_prequential";
  public static final String KNN_WINDOW = "knn_top1_prequential_window";
  public static final String EVENT_NAME = "event";
  public static final String EVENT_ADVICE = "advice";

  private MetricScopes() {}

  /** What the scopes of a lane begin with: {@code lane-3/}, {@code images/lane-3/}. */
  public static String lane(String stream, int lane) {
    return stream + "lane-" + lane + "/";
  }

  /** The metrics with their scope inside another. */
  public static LearningMetrics within(String scope, LearningMetrics metrics) {
    return new LearningMetrics(
        scope + metrics.scope(),
        metrics.eventTime(),
        metrics.figures(),
        metrics.series(),
        metrics.labels());
  }

  /** Whether a record of any lane has this scope. */
  public static boolean is(String scope, LearningMetrics metrics) {
    return metrics.scope().endsWith("/" + scope);
  }

  /** Arrivals of several lanes as one: counts are sums, freshness is that of the slowest. */
  public static Map<String, Double> together(Collection<LearningMetrics> lanes) {
    Map<String, Double> all = new TreeMap<>();
    for (LearningMetrics lane : lanes) {
      lane.figures()
          .forEach(
              (name, value) ->
                  all.merge(name, value, name.startsWith(FRESHNESS) ? Math::max : Double::sum));
    }
    return all;
  }

  /**
   * What reached a lane and how fast it was answered.
   *
   * @param scope {@link #PROGRESS} or {@link #ARRIVALS}
   */
  public static LearningMetrics arrivals(
      String scope,
      long eventTime,
      long events,
      long late,
      long dropped,
      LatencyHistogram freshness) {
    Map<String, Double> figures = new HashMap<>();
    figures.put(EVENTS, (double) events);
    figures.put(LATE, (double) late);
    figures.put(DROPPED, (double) dropped);
    if (freshness.getCount() > 0) {
      figures.put(FRESHNESS_P50, freshness.quantile(0.5));
      figures.put(FRESHNESS_P99, freshness.quantile(0.99));
      figures.put(FRESHNESS_MAX, freshness.quantile(1));
    }
    return new LearningMetrics(scope, eventTime, figures, Map.of(), Map.of());
  }
}
