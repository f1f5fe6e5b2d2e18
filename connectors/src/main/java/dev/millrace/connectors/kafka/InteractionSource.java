package dev.millrace.connectors.kafka;

import static dev.millrace.connectors.kafka.KafkaSourceOptions.CATEGORY_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.EARLIEST_TIME;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.INTERACTIONS_TOPIC;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.ITEM_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.LATEST_TIME;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.MAX_VALUE_BYTES;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.TIME_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.TYPE_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.USER_FIELD;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.WEIGHT_FIELD;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.codec.InteractionFields;
import dev.millrace.connectors.codec.InteractionJsonCodec;
import dev.millrace.connectors.codec.InteractionLimits;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.model.data.Interaction;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.kafka.source.KafkaSource;

/** The source of the interactions' topic. */
public final class InteractionSource {

  private InteractionSource() {}

  /**
   * A source as the {@link KafkaSourceOptions} say.
   *
   * @throws IllegalArgumentException if an option's value cannot be used; the message names it
   */
  public static KafkaSource<Decoded<Interaction>> from(ReadableConfig config) {
    return EventSource.of(config, INTERACTIONS_TOPIC, deserializer(config));
  }

  static DecodingDeserializer<Interaction> deserializer(ReadableConfig config) {
    InteractionJsonCodec codec = codec(config);
    return new DecodingDeserializer<>(
        (record, position, arrivalTime) -> codec.decode(record.value(), position, arrivalTime),
        RecordTypes.DECODED_INTERACTION);
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
    int maxBytes = OptionChecks.bytes(config, MAX_VALUE_BYTES);
    OptionChecks.requireOrder(config, EARLIEST_TIME, LATEST_TIME);
    return new InteractionJsonCodec(
        fields,
        new InteractionLimits(
            maxBytes,
            OptionChecks.instant(config, EARLIEST_TIME),
            OptionChecks.instant(config, LATEST_TIME)));
  }
}
