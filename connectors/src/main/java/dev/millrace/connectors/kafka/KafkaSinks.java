package dev.millrace.connectors.kafka;

import static dev.millrace.connectors.kafka.KafkaSinkOptions.COMPRESSION;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.DEAD_LETTERS_TOPIC;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.DELIVERY_GUARANTEE;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.IMAGE_EMBEDDINGS_TOPIC;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.ITEM_EMBEDDINGS_TOPIC;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.LEARNING_METRICS_TOPIC;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.LINGER;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.PROTOTYPES_TOPIC;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.RECOMMENDATIONS_TOPIC;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.TRANSACTIONAL_ID_PREFIX;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.TRANSACTION_TIMEOUT;
import static dev.millrace.connectors.kafka.KafkaSinkOptions.USER_EMBEDDINGS_TOPIC;

import dev.millrace.connectors.codec.DeadLetterJsonCodec;
import dev.millrace.connectors.codec.EmbeddingJsonCodec;
import dev.millrace.connectors.codec.ImageEmbeddingJsonCodec;
import dev.millrace.connectors.codec.LearningMetricsJsonCodec;
import dev.millrace.connectors.codec.PrototypeJsonCodec;
import dev.millrace.connectors.codec.RecommendationsJsonCodec;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.Recommendations;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.record.CompressionType;

/**
 * The sinks of a job, as the {@link KafkaSinkOptions} say. A record's key is its id in UTF-8, its
 * Kafka timestamp is its event time. Every sink throws {@link IllegalArgumentException} if an
 * option's value cannot be used; the message names the option.
 */
public final class KafkaSinks {

  private KafkaSinks() {}

  /** Embeddings of users and of items, each into their own topic; a tombstone has no value. */
  public static KafkaSink<Embedding> embeddings(ReadableConfig config) {
    String users = OptionChecks.topic(config, USER_EMBEDDINGS_TOPIC);
    String items = OptionChecks.topic(config, ITEM_EMBEDDINGS_TOPIC);
    return sink(
        config,
        "embeddings",
        new RecordSerializer<>(
            embedding -> embedding.kind() == Embedding.Kind.USER ? users : items,
            embedding -> RecordSerializer.utf8(embedding.id()),
            EmbeddingJsonCodec::encode,
            Embedding::eventTime));
  }

  /** Recommendations, by user. */
  public static KafkaSink<Recommendations> recommendations(ReadableConfig config) {
    String topic = OptionChecks.topic(config, RECOMMENDATIONS_TOPIC);
    return sink(
        config,
        "recommendations",
        new RecordSerializer<>(
            recommendations -> topic,
            recommendations -> RecordSerializer.utf8(recommendations.user()),
            RecommendationsJsonCodec::encode,
            Recommendations::eventTime));
  }

  /** Embeddings of images, by id. */
  public static KafkaSink<ImageEmbedding> imageEmbeddings(ReadableConfig config) {
    String topic = OptionChecks.topic(config, IMAGE_EMBEDDINGS_TOPIC);
    return sink(
        config,
        "image-embeddings",
        new RecordSerializer<>(
            embedding -> topic,
            embedding -> RecordSerializer.utf8(embedding.id()),
            ImageEmbeddingJsonCodec::encode,
            ImageEmbedding::eventTime));
  }

  /** Prototypes, by index. */
  public static KafkaSink<Prototype> prototypes(ReadableConfig config) {
    String topic = OptionChecks.topic(config, PROTOTYPES_TOPIC);
    return sink(
        config,
        "prototypes",
        new RecordSerializer<>(
            prototype -> topic,
            prototype -> RecordSerializer.utf8(Integer.toString(prototype.index())),
            PrototypeJsonCodec::encode,
            Prototype::eventTime));
  }

  /** Learning metrics, by scope. */
  public static KafkaSink<LearningMetrics> learningMetrics(ReadableConfig config) {
    String topic = OptionChecks.topic(config, LEARNING_METRICS_TOPIC);
    return sink(
        config,
        "learning-metrics",
        new RecordSerializer<>(
            metrics -> topic,
            metrics -> RecordSerializer.utf8(metrics.scope()),
            LearningMetricsJsonCodec::encode,
            LearningMetrics::eventTime));
  }

  /** Dead letters, by the original key and with the original Kafka timestamp. */
  public static KafkaSink<DeadLetter> deadLetters(ReadableConfig config) {
    String topic = OptionChecks.topic(config, DEAD_LETTERS_TOPIC);
    return sink(
        config,
        "dead-letters",
        new RecordSerializer<>(
            letter -> topic, DeadLetter::key, DeadLetterJsonCodec::encode, DeadLetter::time));
  }

  private static <T> KafkaSink<T> sink(
      ReadableConfig config, String name, RecordSerializer<T> serializer) {
    KafkaSinkBuilder<T> builder =
        KafkaSink.<T>builder()
            .setKafkaProducerConfig(producerProperties(config))
            .setBootstrapServers(OptionChecks.bootstrapServers(config))
            .setDeliveryGuarantee(config.get(DELIVERY_GUARANTEE))
            .setRecordSerializer(serializer);
    if (config.get(DELIVERY_GUARANTEE) == DeliveryGuarantee.EXACTLY_ONCE) {
      // Two sinks of one job must not fence each other.
      builder.setTransactionalIdPrefix(
          OptionChecks.notBlank(config, TRANSACTIONAL_ID_PREFIX) + "-" + name);
    }
    return builder.build();
  }

  static Properties producerProperties(ReadableConfig config) {
    Duration timeout = config.get(TRANSACTION_TIMEOUT);
    if (timeout.toMillis() <= 0 || timeout.toMillis() > Integer.MAX_VALUE) {
      throw OptionChecks.invalid(TRANSACTION_TIMEOUT, timeout, "a duration such as 15 min");
    }
    String compression = config.get(COMPRESSION);
    try {
      CompressionType.forName(compression);
    } catch (IllegalArgumentException e) {
      throw OptionChecks.invalid(COMPRESSION, compression, "none, gzip, snappy, lz4 or zstd");
    }
    Properties properties = new Properties();
    properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
    properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression);
    properties.setProperty(
        ProducerConfig.LINGER_MS_CONFIG,
        Long.toString(OptionChecks.notNegative(config, LINGER).toMillis()));
    properties.setProperty(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(timeout.toMillis()));
    // A dead letter with the largest image that a topic takes must not end the job.
    int largest = RecordSizes.largestDeadLetter(config);
    properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(largest));
    properties.setProperty(
        ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(Math.max(32L << 20, 2L * largest)));
    properties.putAll(config.get(KafkaSourceOptions.PROPERTIES));
    return properties;
  }
}
