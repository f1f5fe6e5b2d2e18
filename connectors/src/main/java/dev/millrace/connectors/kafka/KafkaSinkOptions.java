package dev.millrace.connectors.kafka;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;

/** Options of what is written to Kafka; the broker's are in {@link KafkaSourceOptions}. */
public final class KafkaSinkOptions {

  public static final ConfigOption<String> USER_EMBEDDINGS_TOPIC =
      topic("user-embeddings", "users' embeddings");

  public static final ConfigOption<String> ITEM_EMBEDDINGS_TOPIC =
      topic("item-embeddings", "items' embeddings");

  public static final ConfigOption<String> RECOMMENDATIONS_TOPIC =
      topic("recommendations", "recommendations");

  public static final ConfigOption<String> IMAGE_EMBEDDINGS_TOPIC =
      topic("image-embeddings", "images' embeddings");

  public static final ConfigOption<String> PROTOTYPES_TOPIC =
      topic("prototypes", "the prototypes of images' clusters");

  public static final ConfigOption<String> MODEL_UPDATES_TOPIC =
      topic("model-updates", "the changes of several lanes, round by round,");

  public static final ConfigOption<String> LEARNING_METRICS_TOPIC =
      topic("learning-metrics", "learning metrics");

  public static final ConfigOption<String> DEAD_LETTERS_TOPIC =
      topic("dead-letters", "records that could not be decoded");

  public static final ConfigOption<DeliveryGuarantee> DELIVERY_GUARANTEE =
      ConfigOptions.key("sink.delivery-guarantee")
          .enumType(DeliveryGuarantee.class)
          .defaultValue(DeliveryGuarantee.AT_LEAST_ONCE)
          .withDescription(
              "at-least-once writes at once and may repeat after a failure; exactly-once writes"
                  + " with each checkpoint; none may lose records.");

  public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX =
      ConfigOptions.key("sink.transactional-id-prefix")
          .stringType()
          .defaultValue("millrace")
          .withDescription(
              "Start of the Kafka transactional ids under exactly-once; two jobs on one broker need"
                  + " two prefixes.");

  public static final ConfigOption<Duration> TRANSACTION_TIMEOUT =
      ConfigOptions.key("sink.transaction-timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(15))
          .withDescription(
              "How long a transaction may stay open, at least a checkpoint interval plus a recovery"
                  + " and at most the broker's transaction.max.timeout.ms.");

  public static final ConfigOption<Duration> LINGER =
      ConfigOptions.key("sink.linger")
          .durationType()
          .defaultValue(Duration.ofMillis(5))
          .withDescription("How long a record may wait for others to share its request.");

  public static final ConfigOption<String> COMPRESSION =
      ConfigOptions.key("sink.compression")
          .stringType()
          .defaultValue("none")
          .withDescription(
              "Compression of what is written: none, gzip, or snappy, lz4 or zstd, which use native"
                  + " code.");

  private KafkaSinkOptions() {}

  /** All options, in the order of the README's table. */
  public static List<ConfigOption<?>> all() {
    return List.of(
        USER_EMBEDDINGS_TOPIC,
        ITEM_EMBEDDINGS_TOPIC,
        RECOMMENDATIONS_TOPIC,
        IMAGE_EMBEDDINGS_TOPIC,
        PROTOTYPES_TOPIC,
        MODEL_UPDATES_TOPIC,
        LEARNING_METRICS_TOPIC,
        DEAD_LETTERS_TOPIC,
        DELIVERY_GUARANTEE,
        TRANSACTIONAL_ID_PREFIX,
        TRANSACTION_TIMEOUT,
        LINGER,
        COMPRESSION);
  }

  private static ConfigOption<String> topic(String name, String content) {
    return ConfigOptions.key("sink." + name + ".topic")
        .stringType()
        .defaultValue(name)
        .withDescription("Topic that " + content + " are written to.");
  }
}
