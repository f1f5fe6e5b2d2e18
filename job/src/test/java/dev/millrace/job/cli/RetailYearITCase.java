package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.connectors.replay.InteractionFile;
import dev.millrace.connectors.replay.OnlineRetail;
import dev.millrace.connectors.replay.TimeFormat;
import dev.millrace.job.config.JobConfig;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LearnerOutput;
import dev.millrace.model.learner.OnlineLearner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundled year, test then train. Figures of the baselines come from a dense reference
 * implementation of the protocol, to four decimals: recall@10, recall@20 and NDCG@20.
 */
class RetailYearITCase {

  private static final Map<String, double[]> ALL =
      Map.of(
          "popularity", new double[] {.0399, .0655, .0273},
          "recent_popularity", new double[] {.0443, .0753, .0300},
          "personal", new double[] {.1069, .1709, .0698},
          "markov", new double[] {.0660, .1033, .0430},
          "item_knn", new double[] {.0841, .1355, .0547},
          "item_knn_personal", new double[] {.1072, .1735, .0704});

  private static final Map<String, double[]> NEW =
      Map.of(
          "popularity", new double[] {.0232, .0415, .0158},
          "recent_popularity", new double[] {.0348, .0595, .0232},
          "personal", new double[] {.0232, .0415, .0158},
          "markov", new double[] {.0319, .0533, .0209},
          "item_knn", new double[] {.0398, .0648, .0263},
          "item_knn_personal", new double[] {.0398, .0648, .0263});

  @TempDir private Path directory;

  /** The first weeks; the whole year is long, and runs under the profile {@code chaos}. */
  @Test
  void modelPassesEveryCountInTheFirstWeeks() throws Exception {
    Map<String, Double> figures = learn(60_000);
    assertThat(figures).containsEntry("events", 60_000.0);
    for (String scorer : ALL.keySet()) {
      assertThat(figures.get("all/model/recall_at_20"))
          .isGreaterThan(figures.get("all/" + scorer + "/recall_at_20"));
      assertThat(figures.get("new/model/recall_at_20"))
          .isGreaterThan(figures.get("new/" + scorer + "/recall_at_20"));
    }
    // Measured: .1849 and .0905.
    assertThat(figures.get("all/model/recall_at_20")).isGreaterThan(.1820);
    assertThat(figures.get("new/model/recall_at_20")).isGreaterThan(.0880);
  }

  @Test
  @Tag("chaos")
  void modelPassesEveryCountInTheWholeYearAndBaselinesHaveTheirFigures() throws Exception {
    Map<String, Double> figures = learn(Integer.MAX_VALUE);
    assertThat(figures).containsEntry("events", 407_695.0);
    assertThat(figures).containsEntry("all/evaluated", 292_516.0);
    assertThat(figures).containsEntry("new/evaluated", 172_000.0);
    ALL.forEach((scorer, expected) -> compare(figures, "all/" + scorer, expected));
    NEW.forEach((scorer, expected) -> compare(figures, "new/" + scorer, expected));
    // Other one-pass neural learners reached .1379 and .0809 (two-tower) at most on this stream.
    assertThat(figures.get("all/neural/recall_at_20")).isGreaterThan(.1379);
    assertThat(figures.get("new/neural/recall_at_20")).isGreaterThan(.0809);
    // 1.10 and 1.6 times the best counts.
    assertThat(figures.get("all/model/recall_at_20")).isGreaterThan(.1910);
    assertThat(figures.get("new/model/recall_at_20")).isGreaterThan(.1040);
  }

  /** Totals after the first lines of the data; events of one time stay together. */
  private Map<String, Double> learn(int events) throws Exception {
    Totals totals = new Totals();
    try (OnlineLearner<Interaction> learner = JobConfig.of(Map.of()).learnerFactory().create();
        InteractionFile file =
            InteractionFile.open(
                BundledData.copyTo(directory),
                OnlineRetail.mapping(),
                OnlineRetail.filters(),
                TimeFormat.auto())) {
      List<Interaction> group = new ArrayList<>();
      int count = 0;
      for (Optional<Interaction> next = file.next();
          next.isPresent() && count < events;
          next = file.next(), count++) {
        if (!group.isEmpty() && group.get(0).eventTime() != next.get().eventTime()) {
          learner.observe(new EventGroup<>(group.get(0).eventTime(), group), totals);
          group = new ArrayList<>();
        }
        group.add(next.get());
      }
      learner.observe(new EventGroup<>(group.get(0).eventTime(), group), totals);
      learner.finish(totals);
    }
    return totals.total.figures();
  }

  private static void compare(Map<String, Double> figures, String scorer, double[] expected) {
    String[] names = {"recall_at_10", "recall_at_20", "ndcg_at_20"};
    for (int i = 0; i < names.length; i++) {
      String name = scorer + "/" + names[i];
      assertThat(figures.get(name)).as(name).isCloseTo(expected[i], within(.00005));
    }
  }

  private static final class Totals implements LearnerOutput {
    private LearningMetrics total;

    @Override
    public void embedding(Embedding embedding, long arrivalTime) {}

    @Override
    public void recommendations(Recommendations recommendations, long arrivalTime) {}

    @Override
    public void metrics(LearningMetrics metrics) {
      total = metrics;
    }
  }
}
