package dev.millrace.model.learner;

import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters;
import dev.millrace.model.ranker.RankerConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Small streams with a structure that can be learned, and what learners make of them. */
final class Streams {

  /** Small bounds, so that all of them are met. */
  static final RankerConfig RANKER =
      new RankerConfig(
          true, 60, 2_000, 4, 10, 0.75, 12, 8, 6, 5, 20, 3, 4, 4, 0.01, 4, 2, 20, 6, 8);

  private Streams() {}

  static SequenceLearnerConfig config(long seed) {
    return new SequenceLearnerConfig(
        new SequenceLearnerConfig.Model(16, 2, 8, 60, 20, 1, 2, 32, 10_000, 1, Long.MAX_VALUE),
        new SequenceLearnerConfig.Training(
            4,
            2,
            30,
            4,
            10,
            0.3,
            0.2,
            0.2,
            0.005,
            0.004,
            500,
            "softmax-ce",
            0.1,
            new java.util.TreeMap<>(),
            2,
            SequenceLearnerConfig.Positives.AUGMENTED,
            0,
            SequenceLearnerConfig.Labels.CATEGORY,
            50,
            4),
        RANKER,
        new SequenceLearnerConfig.Output(5, 100, true),
        seed);
  }

  static SequenceLearnerConfig withTable(
      SequenceLearnerConfig config, int rows, int admitAfter, long expiry) {
    SequenceLearnerConfig.Model m = config.model();
    return new SequenceLearnerConfig(
        new SequenceLearnerConfig.Model(
            m.width(),
            m.pools(),
            m.ages(),
            m.history(),
            m.window(),
            m.layers(),
            m.heads(),
            m.inner(),
            rows,
            admitAfter,
            expiry),
        config.training(),
        config.ranker(),
        config.output(),
        config.seed());
  }

  /** A contrast of so much weight between such views, reported every fifty targets. */
  static SequenceLearnerConfig contrasting(
      SequenceLearnerConfig config,
      double weight,
      SequenceLearnerConfig.Positives positives,
      int intents) {
    SequenceLearnerConfig.Training t = config.training();
    return new SequenceLearnerConfig(
        config.model(),
        new SequenceLearnerConfig.Training(
            t.batchBaskets(),
            t.replaySteps(),
            t.replayBaskets(),
            t.partialQueries(),
            t.partialItems(),
            t.historyDropout(),
            t.poolDropout(),
            t.dropout(),
            t.rate(),
            t.encoderRate(),
            t.priorHalfLife(),
            "nt-xent",
            weight,
            t.objectiveParameters(),
            t.views(),
            positives,
            intents,
            t.labels(),
            t.bankEntries(),
            t.bankKeys()),
        config.ranker(),
        new SequenceLearnerConfig.Output(5, 50, true),
        config.seed());
  }

  /** One window a basket, twenty recommendations, and weights that stay as they are. */
  static SequenceLearnerConfig neverTraining(SequenceLearnerConfig config) {
    SequenceLearnerConfig.Training t = config.training();
    return new SequenceLearnerConfig(
        config.model(),
        new SequenceLearnerConfig.Training(
            1_000_000,
            t.replaySteps(),
            t.replayBaskets(),
            t.partialQueries(),
            t.partialItems(),
            t.historyDropout(),
            t.poolDropout(),
            t.dropout(),
            t.rate(),
            t.encoderRate(),
            t.priorHalfLife(),
            t.objective(),
            t.objectiveWeight(),
            t.objectiveParameters(),
            t.views(),
            t.positives(),
            t.intents(),
            t.labels(),
            t.bankEntries(),
            t.bankKeys()),
        config.ranker(),
        new SequenceLearnerConfig.Output(20, 1, true),
        config.seed());
  }

  /** Baskets of users who each like one of five groups of ten items. */
  static List<EventGroup<Interaction>> groups(int count, long seed) {
    SeededRandom random = new SeededRandom(seed);
    List<EventGroup<Interaction>> groups = new ArrayList<>();
    long offset = 0;
    for (int g = 0; g < count; g++) {
      long time = 60_000L * (g + 1);
      List<Interaction> events = new ArrayList<>();
      for (int basket = 0; basket < 1 + random.nextInt(2); basket++) {
        int user = random.nextInt(20);
        int lines = 2 + random.nextInt(4);
        for (int i = 0; i < lines; i++) {
          int group = random.nextInt(10) < 8 ? user % 5 : random.nextInt(5);
          events.add(event("u" + user, "i" + (group * 10 + random.nextInt(10)), time, offset++));
        }
      }
      groups.add(new EventGroup<>(time, events));
    }
    return groups;
  }

  /** Differs where a weight does. */
  static int weightsOf(SequenceLearner learner) {
    int hash = 0;
    for (Parameters parameters : learner.weights()) {
      double[] values = new double[Math.toIntExact(parameters.values().size())];
      parameters.values().copyTo(values, 0);
      hash = 31 * hash + Arrays.hashCode(values);
    }
    return hash;
  }

  static Interaction event(String user, String item, long time, long offset) {
    String category = "c" + (item.charAt(item.length() - 1) % 3);
    return new Interaction(
        user, item, "", time, 1, category, new SourcePosition("t", 0, offset), time);
  }

  /** Keeps everything. */
  static final class Recorder implements LearnerOutput {
    final List<Embedding> embeddings = new ArrayList<>();
    final List<Recommendations> recommendations = new ArrayList<>();
    final List<LearningMetrics> metrics = new ArrayList<>();

    @Override
    public void embedding(Embedding embedding, long arrivalTime) {
      embeddings.add(embedding);
    }

    @Override
    public void recommendations(Recommendations made, long arrivalTime) {
      recommendations.add(made);
    }

    @Override
    public void metrics(LearningMetrics made) {
      metrics.add(made);
    }

    double total(String figure) {
      return metrics.get(metrics.size() - 1).figures().get(figure);
    }
  }
}
