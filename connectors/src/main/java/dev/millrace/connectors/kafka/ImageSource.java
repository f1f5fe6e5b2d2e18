package dev.millrace.connectors.kafka;

import static dev.millrace.connectors.kafka.KafkaSourceOptions.IMAGES_EARLIEST_TIME;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.IMAGES_FORMAT;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.IMAGES_LATEST_TIME;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.IMAGES_LONGEST_SIDE;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.IMAGES_MAX_BYTES;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.IMAGES_MAX_PIXELS;
import static dev.millrace.connectors.kafka.KafkaSourceOptions.IMAGES_TOPIC;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.codec.ImageCodec;
import dev.millrace.connectors.codec.ImageRecordLimits;
import dev.millrace.connectors.image.ImageDecoder;
import dev.millrace.connectors.image.PixelLimits;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.model.data.ImageEvent;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The source of the images' topic. */
public final class ImageSource {

  private ImageSource() {}

  /**
   * A source as the {@link KafkaSourceOptions} say.
   *
   * @throws IllegalArgumentException if an option's value cannot be used; the message names it
   */
  public static KafkaSource<Decoded<ImageEvent>> from(ReadableConfig config) {
    return EventSource.of(config, IMAGES_TOPIC, deserializer(config));
  }

  static DecodingDeserializer<ImageEvent> deserializer(ReadableConfig config) {
    ImageCodec codec = codec(config);
    return new DecodingDeserializer<>(
        (record, position, arrivalTime) ->
            codec.decode(
                record.key(),
                record.value(),
                name -> last(record.headers(), name),
                record.timestamp(),
                position,
                arrivalTime),
        RecordTypes.DECODED_IMAGE);
  }

  /** The codec that the options describe. */
  public static ImageCodec codec(ReadableConfig config) {
    int maxBytes = OptionChecks.bytes(config, IMAGES_MAX_BYTES);
    OptionChecks.requireOrder(config, IMAGES_EARLIEST_TIME, IMAGES_LATEST_TIME);
    return new ImageCodec(
        config.get(IMAGES_FORMAT),
        decoder(config),
        new ImageRecordLimits(
            maxBytes,
            OptionChecks.instant(config, IMAGES_EARLIEST_TIME),
            OptionChecks.instant(config, IMAGES_LATEST_TIME)));
  }

  /** The decoder that the options describe, for images that come another way than by Kafka. */
  public static ImageDecoder decoder(ReadableConfig config) {
    long maxPixels = config.get(IMAGES_MAX_PIXELS);
    int longestSide = config.get(IMAGES_LONGEST_SIDE);
    if (maxPixels < 1) {
      throw OptionChecks.invalid(IMAGES_MAX_PIXELS, maxPixels, "a positive number of pixels");
    }
    if (longestSide < 1 || longestSide > KafkaSourceOptions.MOST_SIDE) {
      throw OptionChecks.invalid(
          IMAGES_LONGEST_SIDE, longestSide, "1 to " + KafkaSourceOptions.MOST_SIDE + " pixels");
    }
    return new ImageDecoder(new PixelLimits(maxPixels, longestSide));
  }

  private static byte[] last(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? null : header.value();
  }
}
