package dev.millrace.job.demo;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.codec.EmbeddingJsonCodec;
import dev.millrace.connectors.kafka.KafkaSinkOptions;
import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.job.report.RunReport;
import dev.millrace.model.data.LearningMetrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes the report of what a job wrote into its topics. */
final class ReportBuilder {

  private static final List<String> MODES = List.of("all", "new");
  private static final List<String> SCORERS =
      List.of(
          "model",
          "neural",
          "popularity",
          "recent_popularity",
          "personal",
          "markov",
          "item_knn",
          "item_knn_personal");

  private final JobConfig config;
  private final RunObserver observer;

  ReportBuilder(JobConfig config, RunObserver observer) {
    this.config = config;
    this.observer = observer;
  }

  /**
   * The report.
   *
   * @param skipped rows that the filters left out, by reason
   * @param started {@link System#nanoTime} when the first event was sent
   * @param seconds from then to the end of the job
   */
  RunReport build(
      Map<String, Long> skipped, Map<String, Object> run, long started, double seconds) {
    LearningMetrics total = observer.total();
    Map<String, Double> arrivals = observer.arrivals();
    long events = Math.round(arrivals.get(MetricScopes.EVENTS));
    Map<String, Map<String, RunReport.Figures>> prequential = new LinkedHashMap<>();
    Map<String, Long> evaluated = new LinkedHashMap<>();
    for (String mode : MODES) {
      Map<String, RunReport.Figures> figures = new LinkedHashMap<>();
      for (String scorer : scorers(total, mode)) {
        String prefix = mode + "/" + scorer + "/";
        if (total.figures().containsKey(prefix + "recall_at_20")) {
          figures.put(
              scorer,
              new RunReport.Figures(
                  total.figures().get(prefix + "recall_at_10"),
                  total.figures().get(prefix + "recall_at_20"),
                  total.figures().get(prefix + "ndcg_at_20"),
                  total.figures().get(prefix + "mrr_at_20")));
        }
      }
      prequential.put(mode, figures);
      evaluated.put(mode, Math.round(total.figures().getOrDefault(mode + "/evaluated", 0.0)));
    }
    Map<String, Object> effective = new LinkedHashMap<>(run);
    effective.putAll(config.effective());
    return new RunReport(
        events,
        observer.deadLetters(),
        Math.round(arrivals.get(MetricScopes.LATE)),
        skipped,
        seconds,
        events / seconds,
        new RunReport.Freshness(
            arrivals.getOrDefault(MetricScopes.FRESHNESS_P50, 0.0),
            arrivals.getOrDefault(MetricScopes.FRESHNESS_P99, 0.0),
            arrivals.getOrDefault(MetricScopes.FRESHNESS_MAX, 0.0)),
        prequential,
        evaluated,
        loss(),
        windows(started),
        new RunReport.Scores(
            -1, 1, total.series().get("scores/positive"), total.series().get("scores/negative")),
        total.labels().get(MetricScopes.MODEL_DIGEST),
        RunEnvironment.describe(),
        effective,
        items());
  }

  /** The known scorers in their order, then whatever else was ranked: components of the model. */
  private static List<String> scorers(LearningMetrics total, String mode) {
    List<String> scorers = new ArrayList<>(SCORERS);
    total.figures().keySet().stream()
        .map(name -> name.split("/"))
        .filter(parts -> parts.length == 3 && parts[0].equals(mode))
        .map(parts -> parts[1])
        .distinct()
        .sorted()
        .filter(scorer -> !SCORERS.contains(scorer))
        .forEach(scorers::add);
    return scorers;
  }

  private List<RunReport.LossPoint> loss() {
    List<RunReport.LossPoint> points = new ArrayList<>();
    for (RunObserver.Seen window : observer.windows()) {
      Double loss = window.metrics().figures().get(MetricScopes.LOSS);
      if (loss != null) {
        double step = window.metrics().figures().get(MetricScopes.STEPS);
        points.add(new RunReport.LossPoint(Math.round(step), loss));
      }
    }
    return points;
  }

  private List<RunReport.Window> windows(long started) {
    List<RunReport.Window> windows = new ArrayList<>();
    double lastEvents = 0;
    long lastNanos = started;
    double rate = 0;
    for (RunObserver.Seen seen : observer.windows()) {
      Map<String, Double> figures = seen.metrics().figures();
      Map<String, Map<String, Double>> recall = new LinkedHashMap<>();
      for (String mode : MODES) {
        Map<String, Double> byScorer = new LinkedHashMap<>();
        for (String scorer : SCORERS) {
          Double value = figures.get(mode + "/" + scorer + "/recall_at_20");
          if (value != null) {
            byScorer.put(scorer, value);
          }
        }
        recall.put(mode, byScorer);
      }
      double events = figures.get(MetricScopes.EVENTS);
      // Several windows may be seen in one poll; they share its rate.
      double passed = (seen.nanos() - lastNanos) / 1e9;
      if (passed > 0.05) {
        rate = (events - lastEvents) / passed;
        lastEvents = events;
        lastNanos = seen.nanos();
      }
      windows.add(
          new RunReport.Window(Math.round(events), seen.metrics().eventTime(), recall, rate));
    }
    return windows;
  }

  private static float[] vectorOf(ConsumerRecord<byte[], byte[]> record) {
    try {
      return EmbeddingJsonCodec.decode(record.value()).vector();
    } catch (DecodeException e) {
      throw new IllegalStateException(
          "record " + record.offset() + " of " + record.topic() + " holds no embedding", e);
    }
  }

  /** The newest vector of each item, weighted by how often it was published. */
  private List<RunReport.EmbeddingPoint> items() {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    Map<String, Integer> updates = new HashMap<>();
    try (TopicFollower topic =
        new TopicFollower(
            config.options().get(KafkaSourceOptions.BOOTSTRAP_SERVERS),
            List.of(config.options().get(KafkaSinkOptions.ITEM_EMBEDDINGS_TOPIC)))) {
      topic.drain(
          record -> {
            String id = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
              vectors.remove(id);
            } else {
              vectors.put(id, vectorOf(record));
              updates.merge(id, 1, Integer::sum);
            }
          });
    }
    return vectors.entrySet().stream()
        .map(
            entry ->
                new RunReport.EmbeddingPoint(
                    entry.getKey(), entry.getValue(), updates.get(entry.getKey())))
        .toList();
  }
}
