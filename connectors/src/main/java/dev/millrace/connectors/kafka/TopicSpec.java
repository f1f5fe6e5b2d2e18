package dev.millrace.connectors.kafka;

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
        kept(OptionChecks.topic(config, KafkaSinkOptions.LEARNING_METRICS_TOPIC), 1),
        kept(OptionChecks.topic(config, KafkaSinkOptions.DEAD_LETTERS_TOPIC), 1));
  }
}
