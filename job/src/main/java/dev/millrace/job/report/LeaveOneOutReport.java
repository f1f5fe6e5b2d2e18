package dev.millrace.job.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.millrace.model.eval.RankingMetrics;
import dev.millrace.model.sequential.InteractionSequences;
import dev.millrace.model.sequential.LeaveOneOutEvaluation;
import dev.millrace.model.sequential.PassReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that {@code millrace evaluate sequences --out} writes.
 *
 * @param method name of the method
 * @param passes passes over the training examples
 * @param bestPass the pass whose model was kept
 * @param wallSeconds of training and ranking
 * @param validation figures after each pass
 * @param blendWeights by feature, empty but for the blend
 * @param masked figures by scorer, items of the history left out of the list
 * @param unmasked figures by scorer, all items in the list
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LeaveOneOutReport(
    String method,
    int users,
    int items,
    long interactions,
    int passes,
    int bestPass,
    double wallSeconds,
    List<Pass> validation,
    Map<String, Double> blendWeights,
    Map<String, Figures> masked,
    Map<String, Figures> unmasked) {

  /** Hit rate and NDCG of one target a user. */
  public record Figures(
      double hr_at_5,
      double hr_at_10,
      double hr_at_20,
      double ndcg_at_5,
      double ndcg_at_10,
      double ndcg_at_20) {

    static Figures of(RankingMetrics metrics) {
      return new Figures(
          metrics.recallAt(5),
          metrics.recallAt(10),
          metrics.recallAt(20),
          metrics.ndcgAt(5),
          metrics.ndcgAt(10),
          metrics.ndcgAt(20));
    }
  }

  /** A pass over the training examples, ranked by the validation items. */
  public record Pass(int pass, double loss, double mrr_at_10, double ndcg_at_10, double seconds) {}

  /** The report of an evaluation. */
  public static LeaveOneOutReport of(
      String method,
      InteractionSequences data,
      LeaveOneOutEvaluation.Report result,
      List<PassReport> passes,
      double wallSeconds) {
    return new LeaveOneOutReport(
        method,
        data.users(),
        data.items(),
        data.interactions(),
        result.passes(),
        result.bestPass(),
        wallSeconds,
        passes.stream()
            .map(p -> new Pass(p.pass(), p.loss(), p.mrrAt10(), p.ndcgAt10(), p.seconds()))
            .toList(),
        result.blendWeights(),
        figures(result.masked()),
        figures(result.unmasked()));
  }

  private static Map<String, Figures> figures(Map<String, RankingMetrics> metrics) {
    Map<String, Figures> figures = new LinkedHashMap<>();
    metrics.forEach((name, value) -> figures.put(name, Figures.of(value)));
    return figures;
  }
}
