package dev.millrace.job.config;

import dev.millrace.job.function.LatePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Options of the job as a whole. */
public final class JobOptions {

  public static final ConfigOption<String> STREAMS =
      ConfigOptions.key("job.streams")
          .stringType()
          .defaultValue(LearnedStream.INTERACTIONS.key())
          .withDescription(
              "Streams that the job learns from: interactions, images or interactions,images.");

  public static final ConfigOption<Integer> PARALLELISM =
      ConfigOptions.key("job.parallelism")
          .intType()
          .defaultValue(1)
          .withDescription("Subtasks of the source and the sinks; a lane learns in one subtask.");

  public static final ConfigOption<Integer> LANES =
      ConfigOptions.key("job.lanes")
          .intType()
          .defaultValue(1)
          .withDescription(
              "Lanes that users, or images, are divided into, which learn one model side by side:"
                  + " part of the result, as the parallelism, anything up to it, is not.");

  public static final ConfigOption<Duration> ROUND =
      ConfigOptions.key("job.round")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription(
              "Event time after which several lanes merge what they learned; part of the result. A"
                  + " short round is close to one lane, a long one waits less.");

  public static final ConfigOption<Double> MERGE_POWER =
      ConfigOptions.key("job.merge-power")
          .doubleType()
          .defaultValue(0.5)
          .withDescription(
              "Power of the number of lanes that trained in a round by which the sum of their"
                  + " changes is divided: 0 adds them, 1 takes their mean; part of the result.");

  public static final ConfigOption<LatePolicy> LATE_EVENTS =
      ConfigOptions.key("job.late-events")
          .enumType(LatePolicy.class)
          .defaultValue(LatePolicy.LEARN)
          .withDescription(
              "What becomes of an event whose time was closed before it came: learn or drop. Both"
                  + " are counted.");

  public static final ConfigOption<Duration> CHECKPOINT_INTERVAL =
      ConfigOptions.key("job.checkpoint-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription("Time from one checkpoint to the next.");

  public static final ConfigOption<String> CHECKPOINT_DIRECTORY =
      ConfigOptions.key("job.checkpoint-directory")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Where checkpoints are written, as a path or a URI; without it a checkpoint dies with"
                  + " the cluster.");

  public static final ConfigOption<String> MODEL_DIRECTORY =
      ConfigOptions.key("job.model-directory")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Where the model is written when the stream ends, as lane-0.model or, of several"
                  + " lanes, shared.model, beside model.yaml, the options that restore it; a path or"
                  + " a URI. A job of both streams writes into a folder for each, named interactions"
                  + " and images.");

  public static final ConfigOption<Duration> PROGRESS_INTERVAL =
      ConfigOptions.key("job.progress-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription("Wall time between two progress records in the metrics' topic.");

  public static final ConfigOption<Duration> WARM_UP =
      ConfigOptions.key("job.warm-up")
          .durationType()
          .defaultValue(Duration.ofSeconds(8))
          .withDescription(
              "How long a fresh process exercises the learner before its first event, so that no"
                  + " event waits for code to be loaded and compiled; 0 turns it off.");

  public static final ConfigOption<String> ID =
      ConfigOptions.key("job.id")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Name that a cluster runs at most one job of: a second one is refused, while the first"
                  + " runs, and after it has ended until the job manager forgets it.");

  private JobOptions() {}

  /** A path as a URI; a URI stays as it is. */
  public static String uri(String directory) {
    return directory.contains("://")
        ? directory
        : Path.of(directory).toAbsolutePath().toUri().toString();
  }

  /** All options, in the order of the README's table. */
  public static List<ConfigOption<?>> all() {
    return List.of(
        STREAMS,
        PARALLELISM,
        LANES,
        ROUND,
        MERGE_POWER,
        LATE_EVENTS,
        CHECKPOINT_INTERVAL,
        CHECKPOINT_DIRECTORY,
        MODEL_DIRECTORY,
        PROGRESS_INTERVAL,
        WARM_UP,
        ID);
  }
}
