package dev.millrace.job.config;

import static dev.millrace.job.config.LearnOptions.*;

import dev.millrace.connectors.kafka.KafkaSinkOptions;
import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.job.function.LearnDevice;
import dev.millrace.job.function.LearnSettings;
import dev.millrace.job.function.ModelDirectory;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.CudaDevice;
import dev.millrace.model.kernel.Nd4jKernels;
import dev.millrace.model.learner.ImageLearnerConfig;
import dev.millrace.model.learner.ImageLearnerFactory;
import dev.millrace.model.learner.ImageReplicaFactory;
import dev.millrace.model.learner.LaneLayout;
import dev.millrace.model.learner.LaneReplicaFactory;
import dev.millrace.model.learner.LanedLearnerFactory;
import dev.millrace.model.learner.LearnerFactory;
import dev.millrace.model.learner.SequenceLearnerConfig;
import dev.millrace.model.learner.SequenceLearnerFactory;
import dev.millrace.model.learner.SequenceReplica;
import dev.millrace.model.learner.SequenceReplicaFactory;
import dev.millrace.model.memory.EmbeddingTableConfig;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.ranker.RankerConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointingMode;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a job runs with, checked as a whole before anything starts.
 *
 * @param options the effective options, for sources and sinks
 * @param flink what is handed to Flink
 * @param learner configuration of the learner of interactions
 * @param imageLearner configuration of the learner of images
 * @param threads threads of the kernels, 0 for one a processor
 */
public record JobConfig(
    Configuration options,
    Configuration flink,
    SequenceLearnerConfig learner,
    ImageLearnerConfig imageLearner,
    int threads) {

  private static final String FLINK_PREFIX = "flink.";

  /**
   * Checks and converts.
   *
   * @param values option keys to texts; keys that begin with {@code flink.} go to Flink as they
   *     are, without that beginning
   * @throws IllegalArgumentException if a key is unknown (the message names the nearest known one)
   *     or a value does not fit
   */
  public static JobConfig of(Map<String, String> values) {
    Configuration options = new Configuration();
    Configuration flink = new Configuration();
    Map<String, ConfigOption<?>> known = byKey();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      String key = entry.getKey();
      if (key.startsWith(FLINK_PREFIX)) {
        flink.setString(key.substring(FLINK_PREFIX.length()), entry.getValue());
      } else if (known.containsKey(key) || isEntry(key)) {
        options.setString(key, entry.getValue());
      } else {
        throw new IllegalArgumentException(
            "unknown option '"
                + key
                + "'; did you mean '"
                + NearestKey.of(key, known.keySet())
                + "'? (millrace options lists all)");
      }
    }
    known.values().forEach(option -> read(options, option));
    if (options.get(JobOptions.PARALLELISM) < 1) {
      throw new IllegalArgumentException(JobOptions.PARALLELISM.key() + " is at least 1");
    }
    LearnedStream.parse(options.get(JobOptions.STREAMS));
    ImageLearnOptions.settleInPlace(options);
    JobConfig config =
        new JobConfig(
            options,
            flink,
            learner(options),
            ImageLearnOptions.of(options, options.get(SEED)),
            options.get(THREADS));
    config.requireFeasibleLanes();
    return config;
  }

  /** All options of Millrace, group after group. */
  public static List<ConfigOption<?>> allOptions() {
    return Stream.of(
            JobOptions.all(),
            LearnOptions.all(),
            ImageLearnOptions.all(),
            PlacementOptions.all(),
            KafkaSourceOptions.all(),
            KafkaSinkOptions.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Whether a key is an entry of an option that holds a map, {@code learn.objective-...tau}. */
  private static boolean isEntry(String key) {
    return Stream.of(
            KafkaSourceOptions.PROPERTIES,
            OBJECTIVE_PARAMETERS,
            ImageLearnOptions.OBJECTIVE_PARAMETERS)
        .anyMatch(option -> key.startsWith(option.key() + "."));
  }

  private static Map<String, ConfigOption<?>> byKey() {
    Map<String, ConfigOption<?>> known = new LinkedHashMap<>();
    allOptions().forEach(option -> known.put(option.key(), option));
    return known;
  }

  private static void read(Configuration options, ConfigOption<?> option) {
    try {
      options.getOptional(option);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "option '"
              + option.key()
              + "' cannot be '"
              + options.toMap().get(option.key())
              + "': "
              + e.getMessage(),
          e);
    }
  }

  private static SequenceLearnerConfig learner(Configuration c) {
    Objectives.of(c.get(OBJECTIVE));
    Duration expiry = c.get(EXPIRE_AFTER);
    return new SequenceLearnerConfig(
        new SequenceLearnerConfig.Model(
            c.get(WIDTH),
            c.get(POOLS),
            c.get(BASKET_AGES),
            c.get(HISTORY),
            c.get(WINDOW),
            c.get(LAYERS),
            c.get(HEADS),
            c.get(INNER_WIDTH),
            c.get(MAXIMUM_ITEMS),
            c.get(ADMIT_AFTER),
            expiry.isZero() ? EmbeddingTableConfig.NEVER : expiry.toMillis()),
        new SequenceLearnerConfig.Training(
            c.get(BATCH_BASKETS),
            c.get(REPLAY_STEPS),
            c.get(REPLAY_BASKETS),
            c.get(PARTIAL_QUERIES),
            c.get(PARTIAL_ITEMS),
            c.get(HISTORY_DROPOUT),
            c.get(POOL_DROPOUT),
            c.get(DROPOUT),
            c.get(RATE),
            c.get(ENCODER_RATE),
            c.get(PRIOR_HALF_LIFE),
            c.get(OBJECTIVE),
            c.get(OBJECTIVE_WEIGHT),
            new TreeMap<>(c.get(OBJECTIVE_PARAMETERS)),
            c.get(VIEWS),
            c.get(POSITIVES),
            c.get(INTENTS),
            c.get(LABELS),
            c.get(BANK_ENTRIES),
            c.get(BANK_KEYS)),
        ranker(c),
        new SequenceLearnerConfig.Output(
            c.get(RECOMMENDATIONS), c.get(EVALUATION_WINDOW), c.get(EVALUATION_BASELINES)),
        c.get(SEED));
  }

  private static RankerConfig ranker(Configuration c) {
    RankerConfig standard = RankerConfig.STANDARD;
    return new RankerConfig(
        c.get(RANKER),
        c.get(RANKER_HALF_LIFE),
        c.get(RANKER_RECENT_LINES),
        standard.historyBaskets(),
        standard.historyItems(),
        standard.basketDecay(),
        c.get(RANKER_PAIRS),
        c.get(RANKER_ITEMS_PER_USER),
        standard.usersPerItem(),
        standard.basketsPerItem(),
        c.get(RANKER_BASKETS),
        standard.neighbourUsers(),
        standard.neighbourBaskets(),
        c.get(RANKER_HIDDEN),
        c.get(RANKER_RATE),
        standard.batch(),
        standard.replaySteps(),
        c.get(RANKER_REPLAY_BASKETS),
        standard.bestCandidates(),
        standard.randomCandidates());
  }

  public int parallelism() {
    return options.get(JobOptions.PARALLELISM);
  }

  public int lanes() {
    return options.get(JobOptions.LANES);
  }

  /** Lanes, rounds and how they are merged. */
  public LaneLayout laneLayout() {
    return new LaneLayout(
        lanes(), options.get(JobOptions.ROUND).toMillis(), options.get(JobOptions.MERGE_POWER));
  }

  private void requireFeasibleLanes() {
    if (laneLayout().lanes() == 1) {
      return;
    }
    if (flink.get(CheckpointingOptions.ENABLE_UNALIGNED)
        || flink.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE)
            == CheckpointingMode.AT_LEAST_ONCE) {
      throw new IllegalArgumentException(
          "several lanes need aligned checkpoints, in which all their copies of the model are equal:"
              + " leave flink."
              + CheckpointingOptions.ENABLE_UNALIGNED.key()
              + " and flink."
              + CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE.key()
              + " at their defaults");
    }
    if (streams().contains(LearnedStream.INTERACTIONS)) {
      SequenceReplica.requireFeasible(learner);
    }
  }

  /** The streams that the job learns from. */
  public Set<LearnedStream> streams() {
    return LearnedStream.parse(options.get(JobOptions.STREAMS));
  }

  /** How the learn operator of a stream runs. */
  public LearnSettings learnSettings(LearnedStream stream) {
    return new LearnSettings(
        stream == LearnedStream.INTERACTIONS ? "" : stream.key() + "/",
        options.get(JobOptions.LATE_EVENTS),
        options.get(JobOptions.PROGRESS_INTERVAL).toMillis(),
        options.get(JobOptions.WARM_UP),
        options.get(PlacementOptions.DEVICE),
        options
            .getOptional(JobOptions.MODEL_DIRECTORY)
            .map(uri -> models(uri, stream))
            .orElse(null));
  }

  private ModelDirectory models(String directory, LearnedStream stream) {
    String uri = JobOptions.uri(directory);
    return new ModelDirectory(
        streams().size() == 1 ? uri : uri.replaceAll("/+$", "") + "/" + stream.key(),
        ConfigFile.text(ofModel()));
  }

  /** What a model's file is restored with: every option of job and learner, as texts. */
  private Map<String, String> ofModel() {
    Configuration all = new Configuration(options);
    for (ConfigOption<?> option : allOptions()) {
      setDefault(all, option);
    }
    Map<String, String> texts = new TreeMap<>(all.toMap());
    texts.keySet().removeIf(key -> !key.startsWith("job.") && !key.startsWith("learn."));
    texts.keySet().removeIf(key -> !concerns(key));
    return texts;
  }

  private static <T> void setDefault(Configuration all, ConfigOption<T> option) {
    if (option.hasDefaultValue() && all.getOptional(option).isEmpty()) {
      all.set(option, option.defaultValue());
    }
  }

  /** What makes the learner of images for the only lane. */
  public ImageLearnerFactory imageLearnerFactory() {
    return threads == 0
        ? new ImageLearnerFactory(imageLearner)
        : new ImageLearnerFactory(imageLearner, threads);
  }

  /** What makes the copies of one model for several lanes of images. */
  public ImageReplicaFactory imageReplicaFactory() {
    return threads == 0
        ? new ImageReplicaFactory(imageLearner, laneLayout())
        : new ImageReplicaFactory(imageLearner, laneLayout(), threads);
  }

  /** What makes the learner of interactions that has the whole stream. */
  public LearnerFactory<Interaction> learnerFactory() {
    return lanes() == 1
        ? new SequenceLearnerFactory(learner, kernels())
        : new LanedLearnerFactory<>(replicaFactory(), laneLayout());
  }

  /** What makes the copies of one model for several lanes of interactions. */
  public LaneReplicaFactory<Interaction> replicaFactory() {
    return new SequenceReplicaFactory(learner, laneLayout(), kernels());
  }

  private SequenceLearnerFactory.KernelsSupplier kernels() {
    int count = threads;
    boolean gpu = options.get(PlacementOptions.DEVICE) != LearnDevice.CPU;
    return () ->
        gpu && CudaDevice.isBackend()
            ? new Nd4jKernels(DataType.FLOAT)
            : count == 0 ? new CpuKernels() : new CpuKernels(count);
  }

  /** Whether an option has to do with what the job learns from. */
  private boolean concerns(String key) {
    if (key.startsWith("learn.images.") || key.startsWith("source.images.")) {
      return streams().contains(LearnedStream.IMAGES);
    }
    boolean shared = key.equals(SEED.key()) || key.equals(THREADS.key());
    return shared
        || !(key.startsWith("learn.") || key.startsWith("source.interactions."))
        || streams().contains(LearnedStream.INTERACTIONS);
  }

  /** Every option that matters with its effective value, sorted by key. */
  public Map<String, Object> effective() {
    Map<String, Object> effective = new TreeMap<>();
    for (ConfigOption<?> option : allOptions()) {
      if (!concerns(option.key())) {
        continue;
      }
      options
          .getOptional(option)
          .map(Object.class::cast)
          .or(() -> java.util.Optional.ofNullable(option.defaultValue()))
          .ifPresent(value -> effective.put(option.key(), plain(value)));
    }
    return effective;
  }

  private static Object plain(Object value) {
    return value instanceof Number || value instanceof Boolean ? value : value.toString();
  }
}
