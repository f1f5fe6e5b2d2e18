package dev.millrace.connectors.kafka;

import dev.millrace.connectors.codec.ImageFormat;
import dev.millrace.connectors.codec.ImageRecordLimits;
import dev.millrace.connectors.codec.InteractionFields;
import dev.millrace.connectors.codec.InteractionLimits;
import dev.millrace.connectors.image.PixelLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** Options of what is read from Kafka, and of the broker that sources and sinks share. */
public final class KafkaSourceOptions {

  public static final ConfigOption<String> BOOTSTRAP_SERVERS =
      ConfigOptions.key("kafka.bootstrap-servers")
          .stringType()
          .defaultValue("localhost:9092")
          .withDescription("Addresses of one or more brokers, as host:port separated by commas.");

  public static final ConfigOption<Map<String, String>> PROPERTIES =
      ConfigOptions.key("kafka.properties")
          .mapType()
          .defaultValue(Map.of())
          .withDescription("Further properties of every Kafka client, such as security.protocol.");

  public static final ConfigOption<String> INTERACTIONS_TOPIC =
      ConfigOptions.key("source.interactions.topic")
          .stringType()
          .defaultValue("interactions")
          .withDescription("Topic that interactions are read from.");

  public static final ConfigOption<String> GROUP_ID =
      ConfigOptions.key("source.group-id")
          .stringType()
          .defaultValue("millrace")
          .withDescription("Consumer group under which the job shows its progress to Kafka.");

  public static final ConfigOption<StartingOffsets> STARTING_OFFSETS =
      ConfigOptions.key("source.starting-offsets")
          .enumType(StartingOffsets.class)
          .defaultValue(StartingOffsets.EARLIEST)
          .withDescription(
              "Where a job without a checkpoint starts: earliest, latest, committed or timestamp.");

  public static final ConfigOption<String> STARTING_TIMESTAMP =
      ConfigOptions.key("source.starting-timestamp")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Kafka timestamp to start at, such as 2010-12-01T00:00:00Z, when"
                  + " source.starting-offsets is timestamp.");

  public static final ConfigOption<Boolean> BOUNDED =
      ConfigOptions.key("source.bounded")
          .booleanType()
          .defaultValue(false)
          .withDescription("Whether the job ends where the topic ended when the job started.");

  public static final ConfigOption<Duration> PARTITION_DISCOVERY =
      ConfigOptions.key("source.partition-discovery-interval")
          .durationType()
          .defaultValue(Duration.ofMinutes(1))
          .withDescription(
              "How often new partitions are looked for; 0 turns it off, and it is off for bounded"
                  + " reading.");

  public static final ConfigOption<Duration> MAX_OUT_OF_ORDERNESS =
      ConfigOptions.key("source.max-out-of-orderness")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "How far an event's time may lie behind the newest time of its partition.");

  public static final ConfigOption<Duration> IDLE_TIMEOUT =
      ConfigOptions.key("source.idle-timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(1))
          .withDescription(
              "How long a partition may be silent before it no longer holds event time back; 0"
                  + " turns it off.");

  public static final ConfigOption<MemorySize> MAX_VALUE_BYTES =
      ConfigOptions.key("source.interactions.max-value-size")
          .memoryType()
          .defaultValue(new MemorySize(InteractionLimits.DEFAULT.maxValueBytes()))
          .withDescription("Largest record value that is read; a larger one is a dead letter.");

  public static final ConfigOption<String> EARLIEST_TIME =
      ConfigOptions.key("source.interactions.earliest-time")
          .stringType()
          .defaultValue(Instant.ofEpochMilli(InteractionLimits.DEFAULT.earliestTime()).toString())
          .withDescription(
              "Event times before this one are absurd; such a record is a dead letter.");

  public static final ConfigOption<String> LATEST_TIME =
      ConfigOptions.key("source.interactions.latest-time")
          .stringType()
          .defaultValue(Instant.ofEpochMilli(InteractionLimits.DEFAULT.latestTime()).toString())
          .withDescription(
              "Event times after this one are absurd; such a record is a dead letter.");

  public static final ConfigOption<String> USER_FIELD =
      field("user", InteractionFields.DEFAULT.user(), "the user id");

  public static final ConfigOption<String> ITEM_FIELD =
      field("item", InteractionFields.DEFAULT.item(), "the item id");

  public static final ConfigOption<String> TYPE_FIELD =
      field("type", InteractionFields.DEFAULT.type(), "the event type");

  public static final ConfigOption<String> TIME_FIELD =
      field("time", InteractionFields.DEFAULT.time(), "the event time");

  public static final ConfigOption<String> WEIGHT_FIELD =
      field("weight", InteractionFields.DEFAULT.weight(), "the weight");

  public static final ConfigOption<String> CATEGORY_FIELD =
      field("category", InteractionFields.DEFAULT.category(), "the item's category");

  public static final ConfigOption<String> IMAGES_TOPIC =
      ConfigOptions.key("source.images.topic")
          .stringType()
          .defaultValue("images")
          .withDescription("Topic that images are read from.");

  public static final ConfigOption<ImageFormat> IMAGES_FORMAT =
      ConfigOptions.key("source.images.format")
          .enumType(ImageFormat.class)
          .defaultValue(ImageFormat.RAW)
          .withDescription(
              "raw: the value is a JPEG or PNG file, the key its id, the headers event-time, item"
                  + " and label say the rest; json: an object with id, time, image (Base64), item"
                  + " and label.");

  public static final ConfigOption<MemorySize> IMAGES_MAX_BYTES =
      ConfigOptions.key("source.images.max-image-size")
          .memoryType()
          .defaultValue(new MemorySize(ImageRecordLimits.DEFAULT.maxImageBytes()))
          .withDescription("Largest image file that is read; a larger one is a dead letter.");

  public static final ConfigOption<Long> IMAGES_MAX_PIXELS =
      ConfigOptions.key("source.images.max-pixels")
          .longType()
          .defaultValue(PixelLimits.DEFAULT.maxPixels())
          .withDescription(
              "Most pixels that an image's header may promise; one with more is a dead letter and is"
                  + " not decoded.");

  public static final ConfigOption<Integer> IMAGES_LONGEST_SIDE =
      ConfigOptions.key("source.images.longest-side")
          .intType()
          .defaultValue(PixelLimits.DEFAULT.longestSide())
          .withDescription(
              "Pixels of the longer side above which an image is averaged down to it, so that what is"
                  + " kept of it stays small.");

  public static final ConfigOption<String> IMAGES_EARLIEST_TIME =
      ConfigOptions.key("source.images.earliest-time")
          .stringType()
          .defaultValue(EARLIEST_TIME.defaultValue())
          .withDescription(
              "Event times before this one are absurd; such an image is a dead letter.");

  public static final ConfigOption<String> IMAGES_LATEST_TIME =
      ConfigOptions.key("source.images.latest-time")
          .stringType()
          .defaultValue(LATEST_TIME.defaultValue())
          .withDescription(
              "Event times after this one are absurd; such an image is a dead letter.");

  /** A side that squared, in colours, still fits into an array. */
  static final int MOST_SIDE = 16_384;

  private KafkaSourceOptions() {}

  /** All options, in the order of the README's table. */
  public static List<ConfigOption<?>> all() {
    return List.of(
        BOOTSTRAP_SERVERS,
        PROPERTIES,
        INTERACTIONS_TOPIC,
        GROUP_ID,
        STARTING_OFFSETS,
        STARTING_TIMESTAMP,
        BOUNDED,
        PARTITION_DISCOVERY,
        MAX_OUT_OF_ORDERNESS,
        IDLE_TIMEOUT,
        MAX_VALUE_BYTES,
        EARLIEST_TIME,
        LATEST_TIME,
        USER_FIELD,
        ITEM_FIELD,
        TYPE_FIELD,
        TIME_FIELD,
        WEIGHT_FIELD,
        CATEGORY_FIELD,
        IMAGES_TOPIC,
        IMAGES_FORMAT,
        IMAGES_MAX_BYTES,
        IMAGES_MAX_PIXELS,
        IMAGES_LONGEST_SIDE,
        IMAGES_EARLIEST_TIME,
        IMAGES_LATEST_TIME);
  }

  private static ConfigOption<String> field(String name, String defaultName, String meaning) {
    return ConfigOptions.key("source.interactions.field." + name)
        .stringType()
        .defaultValue(defaultName)
        .withDescription("Name of the JSON field that holds " + meaning + ".");
  }
}
