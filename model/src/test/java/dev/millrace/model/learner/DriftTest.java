package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.eval.DriftingShop;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.ranker.RankerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * How a learner that forgets comes through a change of catalogue and tastes, and one that does not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriftTest {

  private static final int EVENTS = 10_000;
  private static final int CHANGE = EVENTS / 2;

  /** Events before and after the change over which recall is compared. */
  private static final int STRETCH = 2_500;

  private static final int WINDOW = 250;
  private static final double NEVER = 1e12;

  private List<Map<String, Double>> forgetting;
  private List<Map<String, Double>> remembering;

  @BeforeAll
  void learnTheStream() {
    RankerConfig standard = RankerConfig.STANDARD;
    forgetting = windows(standard, SequenceLearnerConfig.Training.STANDARD.priorHalfLife());
    remembering = windows(withoutFading(standard), NEVER);
  }

  /** Every past basket weighs like the last one, and no count fades. */
  private static RankerConfig withoutFading(RankerConfig r) {
    return new RankerConfig(
        true,
        NEVER,
        NEVER,
        1_000,
        r.historyItems(),
        1,
        r.pairsPerItem(),
        r.itemsPerUser(),
        r.usersPerItem(),
        r.basketsPerItem(),
        r.baskets(),
        r.neighbourUsers(),
        r.neighbourBaskets(),
        r.hidden(),
        r.rate(),
        r.batch(),
        r.replaySteps(),
        r.replayBaskets(),
        r.bestCandidates(),
        r.randomCandidates());
  }

  private static SequenceLearnerConfig config(RankerConfig ranker, double priorHalfLife) {
    SequenceLearnerConfig.Training t = SequenceLearnerConfig.Training.STANDARD;
    return new SequenceLearnerConfig(
        Streams.config(1).model(),
        new SequenceLearnerConfig.Training(
            t.batchBaskets(),
            1,
            t.replayBaskets(),
            t.partialQueries(),
            t.partialItems(),
            t.historyDropout(),
            t.poolDropout(),
            t.dropout(),
            t.rate(),
            t.encoderRate(),
            priorHalfLife,
            t.objective(),
            t.objectiveWeight(),
            t.objectiveParameters(),
            t.views(),
            t.positives(),
            t.intents(),
            t.labels(),
            t.bankEntries(),
            t.bankKeys()),
        ranker,
        new SequenceLearnerConfig.Output(10, WINDOW, false),
        1);
  }

  private static List<Map<String, Double>> windows(RankerConfig ranker, double priorHalfLife) {
    List<Map<String, Double>> windows = new ArrayList<>();
    LearnerOutput output =
        new LearnerOutput() {
          @Override
          public void metrics(LearningMetrics metrics) {
            if (metrics.scope().equals("window")) {
              windows.add(metrics.figures());
            }
          }
        };
    List<Interaction> events = DriftingShop.interactions(7, EVENTS);
    try (SequenceLearner learner =
        new SequenceLearner(config(ranker, priorHalfLife), new CpuKernels(1))) {
      int from = 0;
      while (from < events.size()) {
        int to = from;
        long time = events.get(from).eventTime();
        while (to < events.size() && events.get(to).eventTime() == time) {
          to++;
        }
        learner.observe(new EventGroup<>(time, events.subList(from, to)), output);
        from = to;
      }
      learner.finish(output);
    }
    return windows;
  }

  /** Recall@20 over the windows that end after one number of events and by another. */
  private static double recall(
      List<Map<String, Double>> windows, String mode, double after, double by) {
    double hits = 0;
    double targets = 0;
    for (Map<String, Double> window : windows) {
      double end = window.get("events");
      if (end > after && end <= by) {
        double count = window.getOrDefault(mode + "/evaluated", 0.0);
        hits += count * window.getOrDefault(mode + "/model/recall_at_20", 0.0);
        targets += count;
      }
    }
    return hits / targets;
  }

  private static double before(List<Map<String, Double>> windows, String mode) {
    return recall(windows, mode, CHANGE - STRETCH, CHANGE);
  }

  private static double after(List<Map<String, Double>> windows, String mode) {
    return recall(windows, mode, CHANGE, CHANGE + STRETCH);
  }

  /**
   * Events after the change at the end of the first two windows in a row, of those that began after
   * it, whose recall together is at least this share of what it was before.
   */
  private static double recovery(List<Map<String, Double>> windows, String mode, double share) {
    double level = share * before(windows, mode);
    double start = Double.NaN;
    double middle = Double.NaN;
    for (Map<String, Double> window : windows) {
      double end = window.get("events");
      if (start >= CHANGE && recall(windows, mode, start, end) >= level) {
        return end - CHANGE;
      }
      start = middle;
      middle = end;
    }
    return Double.POSITIVE_INFINITY;
  }

  @Test
  void changeHurtsAndRecallComesBackWithinAStatedNumberOfEvents() {
    assertThat(recall(forgetting, "all", CHANGE, CHANGE + 600))
        .isLessThan(0.6 * before(forgetting, "all"));
    assertThat(recovery(forgetting, "all", 0.75)).isLessThanOrEqualTo(3_200);
    assertThat(recovery(forgetting, "new", 0.8)).isLessThanOrEqualTo(3_000);
  }

  @Test
  void learnerThatForgetsIsAheadAfterTheChangeAndNotBehindBeforeIt() {
    for (String mode : List.of("all", "new")) {
      assertThat(before(forgetting, mode)).isGreaterThan(0.97 * before(remembering, mode));
    }
    assertThat(after(forgetting, "all")).isGreaterThan(1.05 * after(remembering, "all"));
    assertThat(after(forgetting, "new")).isGreaterThan(1.4 * after(remembering, "new"));
    assertThat(recovery(remembering, "all", 0.75)).isGreaterThan(recovery(forgetting, "all", 0.75));
    assertThat(recovery(remembering, "new", 0.8)).isGreaterThan(4_000);
  }
}
