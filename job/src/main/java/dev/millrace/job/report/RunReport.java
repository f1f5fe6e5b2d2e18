package dev.millrace.job.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything that {@code report.json} holds.
 *
 * @param events interactions that reached the learner, late ones included
 * @param deadLetters records that could not be decoded
 * @param late events that came after their time was closed
 * @param skipped rows that the replay's filters left out, by reason
 * @param wallSeconds from the first event sent to the end of the job
 * @param eventsPerSecond events over wall seconds
 * @param freshnessMs milliseconds from reading an event to emitting the embedding it caused
 * @param prequential figures of the model and of each baseline, by mode ({@code all}, {@code new})
 * @param evaluated ranked targets by mode
 * @param loss training loss over the steps
 * @param windows recall over time, for the plot
 * @param scores distributions of positive and negative scores
 * @param modelDigest SHA-256 over the learner's canonical state
 * @param environment what the digest's promise holds for: build, processor, BLAS
 * @param config the effective configuration
 * @param items item embeddings for the map; only in the HTML report
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RunReport(
    long events,
    long deadLetters,
    long late,
    Map<String, Long> skipped,
    double wallSeconds,
    double eventsPerSecond,
    Freshness freshnessMs,
    Map<String, Map<String, Figures>> prequential,
    Map<String, Long> evaluated,
    List<LossPoint> loss,
    List<Window> windows,
    Scores scores,
    String modelDigest,
    Map<String, String> environment,
    Map<String, Object> config,
    @JsonIgnore List<EmbeddingPoint> items) {

  /** Latency percentiles in milliseconds. */
  public record Freshness(double p50, double p99, double max) {}

  /** Ranking figures, micro averages over targets. */
  public record Figures(double recall_at_10, double recall_at_20, double ndcg_at_20, double mrr) {}

  /** One point of the loss curve. */
  public record LossPoint(long step, double loss) {}

  /**
   * One window of the recall curves.
   *
   * @param events events seen by its end
   * @param eventTime event time of its end, in milliseconds since the epoch
   * @param recallAt20 by mode, then by scorer
   * @param eventsPerSecond throughput in the window
   */
  public record Window(
      long events,
      long eventTime,
      Map<String, Map<String, Double>> recallAt20,
      double eventsPerSecond) {}

  /** Counts of scores in equal bins. */
  public record Scores(double low, double high, double[] positive, double[] negative) {}

  /** An item on the map. */
  public record EmbeddingPoint(String name, float[] vector, double weight) {}

  /** Writes {@code report.json} and {@code report.html} into a directory. */
  public void write(Path directory) throws IOException {
    ReportFiles.write(directory, this, HtmlReport.render(this));
  }
}
