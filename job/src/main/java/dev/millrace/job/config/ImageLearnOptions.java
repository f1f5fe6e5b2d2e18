package dev.millrace.job.config;

import static dev.millrace.job.config.ImageSetting.choice;
import static dev.millrace.job.config.ImageSetting.integer;
import static dev.millrace.job.config.ImageSetting.real;
import static dev.millrace.job.config.ImageSetting.whole;

import dev.millrace.model.learner.ImageLearnerConfig;
import dev.millrace.model.objective.Objectives;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * Options of the image learner; their defaults are those of {@link ImageLearnerConfig}, for the
 * objective that is chosen: {@code swav} has some of its own.
 */
public final class ImageLearnOptions {

  private static final ImageLearnerConfig STANDARD = ImageLearnerConfig.standard(1);

  public static final ConfigOption<String> OBJECTIVE =
      ImageSetting.key("objective")
          .stringType()
          .defaultValue(STANDARD.training().objective())
          .withDescription(
              "Objective, see millrace objectives; swav brings defaults of its own for batch,"
                  + " rate and prototypes.");

  public static final ConfigOption<Map<String, String>> OBJECTIVE_PARAMETERS =
      ImageSetting.key("objective-parameters")
          .mapType()
          .defaultValue(STANDARD.training().objectiveParameters())
          .withDescription(
              "Parameters of the objective, such as tau:0.2; the default is that of the default"
                  + " objective, another one has its own.");

  static final ImageSetting<ImageLearnerConfig.Labels> LABELS =
      choice(
          "labels",
          ImageLearnerConfig.Labels.class,
          "What objectives guided by labels take for one: none, label, that of the event, or"
              + " cluster, the nearest prototype.",
          c -> c.training().labels());

  static final ImageSetting<Integer> BATCH =
      integer("batch", "New images that make a mini-batch.", c -> c.training().batchImages());

  static final ImageSetting<Integer> REPLAY_STEPS =
      integer(
          "replay-steps",
          "Steps on images drawn from the ring and the mini-batch after each mini-batch.",
          c -> c.training().replaySteps());

  static final ImageSetting<Integer> RING =
      integer("ring", "Recent images kept for that.", c -> c.training().ringImages());

  static final ImageSetting<ImageLearnerConfig.Method> OPTIMIZER =
      choice(
          "optimizer",
          ImageLearnerConfig.Method.class,
          "adam, lars or sgd.",
          c -> c.training().method());

  static final ImageSetting<Double> RATE =
      real("rate", "Highest learning rate.", c -> c.training().rate());

  static final ImageSetting<Double> WEIGHT_DECAY =
      real("weight-decay", "Weight decay.", c -> c.training().weightDecay());

  static final ImageSetting<ImageLearnerConfig.Schedule> SCHEDULE =
      choice(
          "schedule",
          ImageLearnerConfig.Schedule.class,
          "Learning rate over the steps: constant, inverse_root or cosine, which needs"
              + " learn.images.expected-images.",
          c -> c.training().schedule());

  static final ImageSetting<Integer> WARM_UP =
      integer(
          "warm-up-steps",
          "Steps of the straight line up to the highest rate.",
          c -> c.training().warmUpSteps());

  static final ImageSetting<Long> EXPECTED =
      whole(
          "expected-images",
          "Images of the whole stream, for the schedule cosine; 0 where it has no end.",
          c -> c.training().expectedImages());

  static final ImageSetting<Integer> BANK_ENTRIES =
      integer(
          "bank.entries",
          "Negatives kept for each cluster, for objectives that take a bank.",
          c -> c.training().bankEntries());

  static final ImageSetting<Integer> BANK_ENOUGH =
      integer(
          "bank.enough",
          "Negatives of its own cluster with which an image needs no others.",
          c -> c.training().bankEnough());

  static final ImageSetting<Integer> GOOD_STEPS =
      integer(
          "good-steps",
          "Healthy steps after which the model is kept as the one to go back to.",
          c -> c.training().goodSteps());

  static final ImageSetting<Integer> TOP_CLUSTERS =
      integer("top-clusters", "Clusters named beside an image.", c -> c.output().topClusters());

  static final ImageSetting<Integer> PROTOTYPE_BATCHES =
      integer(
          "prototypes.publish-batches",
          "Mini-batches between two publications of the prototypes.",
          c -> c.output().prototypeBatches());

  static final ImageSetting<Integer> WINDOW =
      integer(
          "evaluation.window",
          "Images after which a window of the metrics closes.",
          c -> c.output().windowImages());

  static final ImageSetting<Integer> NEIGHBOURS =
      integer(
          "evaluation.neighbours",
          "Latest labelled images by which the next ones are classified.",
          c -> c.output().neighbours());

  private static final List<ImageSetting<?>> OWN =
      List.of(
          LABELS,
          BATCH,
          REPLAY_STEPS,
          RING,
          OPTIMIZER,
          RATE,
          WEIGHT_DECAY,
          SCHEDULE,
          WARM_UP,
          EXPECTED,
          BANK_ENTRIES,
          BANK_ENOUGH,
          GOOD_STEPS,
          TOP_CLUSTERS,
          PROTOTYPE_BATCHES,
          WINDOW,
          NEIGHBOURS);

  private ImageLearnOptions() {}

  private static Stream<ImageSetting<?>> settings() {
    return Stream.of(
            OWN, ImageModelOptions.all(), ImageViewOptions.all(), ImageClusterOptions.all())
        .flatMap(List::stream);
  }

  /** All options, in the order of the README's table. */
  public static List<ConfigOption<?>> all() {
    List<ConfigOption<?>> all = new ArrayList<>(List.of(OBJECTIVE, OBJECTIVE_PARAMETERS));
    settings().forEach(setting -> all.add(setting.option()));
    return all;
  }

  /** What is not given becomes the default of the objective that is. */
  static void settleInPlace(Configuration options) {
    String objective = options.get(OBJECTIVE);
    ImageLearnerConfig base =
        objective.equals(Objectives.SWAV.key())
            ? ImageLearnerConfig.standard(objective, 1)
            : STANDARD;
    settings().forEach(setting -> setting.settleInPlace(options, base));
    if (options.getOptional(OBJECTIVE_PARAMETERS).isEmpty()
        && !objective.equals(STANDARD.training().objective())) {
      options.set(OBJECTIVE_PARAMETERS, Map.of());
    }
  }

  /**
   * The learner's configuration.
   *
   * @throws IllegalArgumentException if a stream of images cannot feed the objective, or values do
   *     not fit together
   */
  static ImageLearnerConfig of(Configuration c, long seed) {
    Objectives.of(c.get(OBJECTIVE));
    return new ImageLearnerConfig(
        ImageModelOptions.of(c),
        training(c),
        ImageViewOptions.of(c),
        ImageClusterOptions.clusters(c),
        ImageClusterOptions.guard(c),
        new ImageLearnerConfig.Output(
            TOP_CLUSTERS.in(c), PROTOTYPE_BATCHES.in(c), WINDOW.in(c), NEIGHBOURS.in(c)),
        seed);
  }

  private static ImageLearnerConfig.Training training(Configuration c) {
    return new ImageLearnerConfig.Training(
        BATCH.in(c),
        REPLAY_STEPS.in(c),
        RING.in(c),
        OPTIMIZER.in(c),
        RATE.in(c),
        WEIGHT_DECAY.in(c),
        SCHEDULE.in(c),
        WARM_UP.in(c),
        EXPECTED.in(c),
        c.get(OBJECTIVE),
        new TreeMap<>(c.get(OBJECTIVE_PARAMETERS)),
        LABELS.in(c),
        BANK_ENTRIES.in(c),
        BANK_ENOUGH.in(c),
        GOOD_STEPS.in(c));
  }
}
