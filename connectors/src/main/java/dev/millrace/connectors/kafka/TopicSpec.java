package dev.millrace.connectors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic that a job needs.
 *
 * @param name its name
 * @param partitions how many partitions it gets when it is made, positive
 * @param settings its Kafka settings when it is made, such as {@code cleanup.policy}
 */
public record TopicSpec(String name, int partitions, Map<String, String> settings) {

  private static final int MOST_UPDATE_PARTITIONS = 64;

  public TopicSpec {
    settings = Map.copyOf(settings);
    if (partitions <= 0) {
      throw new IllegalArgumentException("partitions must be positive, was " + partitions);
    }
  }

  /** A topic that keeps all its records. */
  public static TopicSpec kept(String name, int partitions) {
    return new TopicSpec(name, partitions, Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
  }

  /** A topic that keeps the newest record of each key, for ever. */
  public static TopicSpec compacted(String name, int partitions) {
    return new TopicSpec(
        name,
        partitions,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.RETENTION_MS_CONFIG,
            "-1"));
  }

  /** The same topic for records of up to so many bytes. */
  TopicSpec withMaxMessageBytes(int bytes) {
    Map<String, String> more = new HashMap<>(settings);
    more.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
    return new TopicSpec(name, partitions, more);
  }

  /**
   * The topics of the learning job. They keep their records whatever their timestamps are, because
   * a replay writes event times that lie years back.
   */
  public static List<TopicSpec> ofJob(ReadableConfig config, int partitions) {
    return List.of(
        kept(OptionChecks.topic(config, KafkaSourceOptions.INTERACTIONS_TOPIC), partitions),
        compacted(OptionChecks.topic(config, KafkaSinkOptions.USER_EMBEDDINGS_TOPIC), partitions),
        compacted(OptionChecks.topic(config, KafkaSinkOptions.ITEM_EMBEDDINGS_TOPIC), partitions),
        kept(OptionChecks.topic(config, KafkaSinkOptions.RECOMMENDATIONS_TOPIC), partitions),
        learningMetrics(config),
        deadLetters(config));
  }

  /**
   * The topic in which lanes tell each other what they learned: a week of it, which is what a
   * checkpoint may be old that a job resumes from.
   *
   * @param lanes number of lanes, each with a partition of its own up to a bound
   */
  public static TopicSpec modelUpdates(ReadableConfig config, int lanes) {
    return new TopicSpec(
        OptionChecks.topic(config, KafkaSinkOptions.MODEL_UPDATES_TOPIC),
        Math.min(lanes, MOST_UPDATE_PARTITIONS),
        Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(Duration.ofDays(7).toMillis())));
  }

  /** The topics of the learning job on images, kept likewise. */
  public static List<TopicSpec> ofImageJob(ReadableConfig config, int partitions) {
    return List.of(
        kept(OptionChecks.topic(config, KafkaSourceOptions.IMAGES_TOPIC), partitions)
            .withMaxMessageBytes(RecordSizes.largestImage(config)),
        compacted(OptionChecks.topic(config, KafkaSinkOptions.IMAGE_EMBEDDINGS_TOPIC), partitions),
        compacted(OptionChecks.topic(config, KafkaSinkOptions.PROTOTYPES_TOPIC), 1),
        learningMetrics(config),
        deadLetters(config));
  }

  private static TopicSpec learningMetrics(ReadableConfig config) {
    return kept(OptionChecks.topic(config, KafkaSinkOptions.LEARNING_METRICS_TOPIC), 1);
  }

  private static TopicSpec deadLetters(ReadableConfig config) {
    return kept(OptionChecks.topic(config, KafkaSinkOptions.DEAD_LETTERS_TOPIC), 1)
        .withMaxMessageBytes(RecordSizes.largestDeadLetter(config));
  }
}
