package dev.millrace.job.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.millrace.model.eval.Interval;
import java.util.List;
import java.util.Map;

/**
 * Everything that {@code millrace evaluate stream --out} writes. What is not defined is null.
 *
 * @param events interactions learned
 * @param wallSeconds of ranking and learning
 * @param modelDigest SHA-256 over the learner's canonical state
 * @param evaluated ranked targets by mode
 * @param bootstrap how the intervals were made; null where the stream was too short for any
 * @param all figures by scorer, every target
 * @param fresh figures by scorer, targets that the user never had, own items left out of the list
 * @param againstBestCount the model beside the count of the highest recall@20, by mode
 * @param windows recall over time
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record StreamReport(
    long events,
    double wallSeconds,
    String modelDigest,
    Map<String, Long> evaluated,
    Bootstrap bootstrap,
    Map<String, Figures> all,
    @JsonProperty("new") Map<String, Figures> fresh,
    Map<String, Comparison> againstBestCount,
    List<Window> windows) {

  /**
   * How intervals were made.
   *
   * @param method name of the method
   * @param level part of the resamples that an interval covers
   * @param units windows of the stream that were drawn
   * @param unitTargets ranked targets of a window, on average
   * @param meanBlock windows of a block, on average
   * @param resamples number of resamples
   * @param seed of the draws
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Bootstrap(
      String method,
      double level,
      int units,
      double unitTargets,
      double meanBlock,
      int resamples,
      long seed) {}

  /** Micro averages over targets, and the ends of their intervals by name. */
  public record Figures(
      double recall_at_10,
      double recall_at_20,
      double ndcg_at_20,
      double mrr_at_20,
      Map<String, Range> intervals) {}

  /** Both ends of an interval. */
  public record Range(Double low, Double high) {
    static Range of(Interval interval) {
      return new Range(orNull(interval.low()), orNull(interval.high()));
    }
  }

  /** A figure with its interval. */
  public record Estimate(Double estimate, Double low, Double high) {
    static Estimate of(Interval interval) {
      return new Estimate(
          orNull(interval.estimate()), orNull(interval.low()), orNull(interval.high()));
    }
  }

  /**
   * Model beside count, resampled together.
   *
   * @param count name of the count
   * @param difference model minus count, by figure
   * @param ratio model over count, by figure
   */
  public record Comparison(
      String count, Map<String, Estimate> difference, Map<String, Estimate> ratio) {}

  /**
   * A stretch of the stream.
   *
   * @param eventTime event time of its end, in milliseconds since the epoch
   * @param evaluated ranked targets by mode
   * @param recallAt20 by mode, then by scorer
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Window(
      long eventTime,
      Map<String, Long> evaluated,
      @JsonProperty("recall_at_20") Map<String, Map<String, Double>> recallAt20) {}

  private static Double orNull(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** Figures of a mode. */
  public Map<String, Figures> figures(String mode) {
    return mode.equals("all") ? all : fresh;
  }
}
