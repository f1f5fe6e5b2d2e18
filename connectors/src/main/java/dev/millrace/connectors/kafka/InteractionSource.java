package dev.millrace.connectors.kafka;

import static dev.millrace.connectors.kafka.KafkaSourceOptions.BOUNDED;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.CATEGORY_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.EARLIEST_TIME;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.GROUP_ID;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.INTERACTIONS_TOPIC;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.ITEM_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.LATEST_TIME;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.MAX_VALUE_BYTES;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.PARTITION_DISCOVERY;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.PROPERTIES;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.STARTING_OFFSETS;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.STARTING_TIMESTAMP;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.TIME_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.TYPE_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.USER_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.WEIGHT_FIELD;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.codec.InteractionFields;
import dev.millrace.connectors.codec.InteractionJsonCodec;
import dev.millrace.connectors.codec.InteractionLimits;
import dev.millrace.model.data.Interaction;
import java.util.Properties;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** The source of the interactions' topic. */
public final class InteractionSource {

  private InteractionSource() {}

  /**
   * A source as the {@link KafkaSourceOptions} say. It reads only committed records, so that an
   * aborted transaction of a producer teaches nothing.
   *
   * @throws IllegalArgumentException if an option's value cannot be used; the message names it
   */
  public static KafkaSource<Decoded<Interaction>> from(ReadableConfig config) {
    Properties properties = new Properties();
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.putAll(config.get(PROPERTIES));
    boolean bounded = config.get(BOUNDED);
    KafkaSourceBuilder<Decoded<Interaction>> builder =
        KafkaSource.<Decoded<Interaction>>builder()
            .setProperties(properties)
            .setProperty("partition.discovery.interval.ms", discoveryMillis(config, bounded))
            .setBootstrapServers(OptionChecks.bootstrapServers(config))
            .setTopics(OptionChecks.topic(config, INTERACTIONS_TOPIC))
            .setGroupId(OptionChecks.notBlank(config, GROUP_ID))
            .setStartingOffsets(startingOffsets(config))
            .setDeserializer(new InteractionDeserializer(codec(config)));
    if (bounded) {
      builder.setBounded(OffsetsInitializer.latest());
    }
    return builder.build();
  }

  /** The codec that the options describe; a replay that feeds the topic writes with the same. */
  public static InteractionJsonCodec codec(ReadableConfig config) {
    InteractionFields fields =
        new InteractionFields(
            OptionChecks.notBlank(config, USER_FIELD),
            OptionChecks.notBlank(config, ITEM_FIELD),
            OptionChecks.notBlank(config, TYPE_FIELD),
            OptionChecks.notBlank(config, TIME_FIELD),
            OptionChecks.notBlank(config, WEIGHT_FIELD),
            OptionChecks.notBlank(config, CATEGORY_FIELD));
    long maxBytes = config.get(MAX_VALUE_BYTES).getBytes();
    if (maxBytes <= 0 || maxBytes > Integer.MAX_VALUE) {
      throw OptionChecks.invalid(
          MAX_VALUE_BYTES, config.get(MAX_VALUE_BYTES), "a size from 1 b to 2047 mb");
    }
    long earliest = OptionChecks.instant(config, EARLIEST_TIME);
    long latest = OptionChecks.instant(config, LATEST_TIME);
    if (earliest > latest) {
      throw OptionChecks.invalid(
          EARLIEST_TIME, config.get(EARLIEST_TIME), "a time before " + LATEST_TIME.key());
    }
    return new InteractionJsonCodec(
        fields, new InteractionLimits((int) maxBytes, earliest, latest));
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
