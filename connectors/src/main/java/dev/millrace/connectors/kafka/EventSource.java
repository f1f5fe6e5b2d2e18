package dev.millrace.connectors.kafka;

import static dev.millrace.connectors.kafka.KafkaSourceOptions.BOUNDED;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.GROUP_ID;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.PARTITION_DISCOVERY;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.PROPERTIES;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.STARTING_OFFSETS;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.STARTING_TIMESTAMP;

import dev.millrace.connectors.codec.Decoded;
import java.util.Properties;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** What the sources of all events have in common. */
final class EventSource {

  private EventSource() {}

  /**
   * A source as the {@link KafkaSourceOptions} say. It reads only committed records, so that an
   * aborted transaction of a producer teaches nothing.
   *
   * @throws IllegalArgumentException if an option's value cannot be used; the message names it
   */
  static <T> KafkaSource<Decoded<T>> of(
      ReadableConfig config, ConfigOption<String> topic, DecodingDeserializer<T> deserializer) {
    Properties properties = new Properties();
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.putAll(config.get(PROPERTIES));
    boolean bounded = config.get(BOUNDED);
    KafkaSourceBuilder<Decoded<T>> builder =
        KafkaSource.<Decoded<T>>builder()
            .setProperties(properties)
            .setProperty("partition.discovery.interval.ms", discoveryMillis(config, bounded))
            .setBootstrapServers(OptionChecks.bootstrapServers(config))
            .setTopics(OptionChecks.topic(config, topic))
            .setGroupId(OptionChecks.notBlank(config, GROUP_ID))
            .setStartingOffsets(startingOffsets(config))
            .setDeserializer(deserializer);
    if (bounded) {
      builder.setBounded(OffsetsInitializer.latest());
    }
    return builder.build();
  }

  @SuppressWarnings("deprecation") // the connector asks for Kafka's old enum
  private static OffsetsInitializer startingOffsets(ReadableConfig config) {
    return switch (config.get(STARTING_OFFSETS)) {
      case EARLIEST -> OffsetsInitializer.earliest();
      case LATEST -> OffsetsInitializer.latest();
      case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
      case TIMESTAMP ->
          OffsetsInitializer.timestamp(OptionChecks.instant(config, STARTING_TIMESTAMP));
    };
  }

  private static String discoveryMillis(ReadableConfig config, boolean bounded) {
    long millis = OptionChecks.notNegative(config, PARTITION_DISCOVERY).toMillis();
    // The connector's own sign for "never" is a negative interval.
    return Long.toString(bounded || millis == 0 ? -1 : millis);
  }
}
