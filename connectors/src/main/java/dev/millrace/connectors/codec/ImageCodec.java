package dev.millrace.connectors.codec;

import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Records of the images' topic.
 *
 * <p>{@link ImageFormat#RAW}: the key is the image's id in UTF-8, the value is the image file, the
 * header {@value #EVENT_TIME_HEADER} is the event time in decimal milliseconds since the epoch or
 * as an ISO-8601 text with a zone, {@value #ITEM_HEADER} the item that it shows, {@value
 * #LABEL_HEADER} its class, all in UTF-8. Without the header the event time is the record's Kafka
 * timestamp.
 *
 * <p>{@link ImageFormat#JSON}: an object with the fields id, time, image (Base64), item and label;
 * id, time and image must be there, key and headers do not count.
 */
public final class ImageCodec implements Serializable {

  private static final long serialVersionUID = 1L;

  public static final String EVENT_TIME_HEADER = "event-time";
  public static final String ITEM_HEADER = "item";
  public static final String LABEL_HEADER = "label";

  private final ImageFormat format;
  private final PictureReader pictures;
  private final ImageRecordLimits limits;

  public ImageCodec(ImageFormat format, PictureReader pictures, ImageRecordLimits limits) {
    this.format = format;
    this.pictures = pictures;
    this.limits = limits;
  }

  /**
   * The image in a record.
   *
   * @param key the record's key; null if it has none
   * @param value the record's value; null for a tombstone, which is a fault
   * @param headers gives the last header of a name, or null
   * @param timestamp the record's Kafka timestamp
   * @param position where the record stands
   * @param arrivalTime when it was read, in milliseconds since the epoch
   * @throws DecodeException if it is no image; no bytes cause another exception
   */
  public ImageEvent decode(
      byte[] key,
      byte[] value,
      Function<String, byte[]> headers,
      long timestamp,
      SourcePosition position,
      long arrivalTime)
      throws DecodeException {
    if (format == ImageFormat.JSON) {
      return decodeJson(value, position, arrivalTime);
    }
    requireBytes(value);
    if (key == null || key.length == 0) {
      throw new DecodeException(
          DecodeFault.MISSING_FIELD,
          "the record has no key; the image's id in UTF-8 is expected there");
    }
    String id = text(key, "the key");
    long time = time(headers.apply(EVENT_TIME_HEADER), timestamp);
    String item = optional(headers, ITEM_HEADER);
    String label = optional(headers, LABEL_HEADER);
    return new ImageEvent(id, pictures.read(value), time, item, label, position, arrivalTime);
  }

  /** The JSON envelope of an image; an empty item or label is left out. */
  public static byte[] encodeJson(String id, byte[] image, long time, String item, String label) {
    JsonWriter writer = new JsonWriter(128 + 4 * image.length / 3);
    writer.text("id", id);
    writer.integer("time", time);
    if (!item.isEmpty()) {
      writer.text("item", item);
    }
    if (!label.isEmpty()) {
      writer.text("label", label);
    }
    writer.field("image", generator -> generator.writeBinary(image));
    return writer.bytes();
  }

  private ImageEvent decodeJson(byte[] value, SourcePosition position, long arrivalTime)
      throws DecodeException {
    JsonReader reader = JsonReader.open(value, limits.maxEnvelopeBytes());
    try {
      return readJson(reader, position, arrivalTime);
    } catch (DecodeException e) {
      throw reader.syntaxFaultOr(e);
    }
  }

  private ImageEvent readJson(JsonReader reader, SourcePosition position, long arrivalTime)
      throws DecodeException {
    String id = null;
    byte[] image = null;
    Long time = null;
    String item = "";
    String label = "";
    for (String field = reader.nextField(); field != null; field = reader.nextField()) {
      if (reader.isNull()) {
        continue;
      }
      switch (field) {
        case "id" -> id = reader.text();
        case "image" -> image = RecordFields.base64(reader);
        case "time" -> time = JsonTime.read(reader, limits.earliestTime(), limits.latestTime());
        case "item" -> item = reader.text();
        case "label" -> label = reader.text();
        default -> reader.skip();
      }
    }
    reader.end();
    RecordFields.requiredText(id, "id");
    RecordFields.required(time, "time");
    requireBytes(RecordFields.required(image, "image"));
    Picture picture = pictures.read(image);
    return new ImageEvent(id, picture, time, item, label, position, arrivalTime);
  }

  private void requireBytes(byte[] image) throws DecodeException {
    if (image == null) {
      throw new DecodeException(
          DecodeFault.TOMBSTONE, "the record has no value; a JPEG or PNG file is expected");
    }
    if (image.length == 0) {
      throw new DecodeException(
          DecodeFault.EMPTY_VALUE, "the image has no bytes; a JPEG or PNG file is expected");
    }
    if (image.length > limits.maxImageBytes()) {
      throw new DecodeException(
          DecodeFault.VALUE_TOO_LARGE,
          "the image has "
              + image.length
              + " bytes; at most "
              + limits.maxImageBytes()
              + " are allowed");
    }
  }

  private long time(byte[] header, long timestamp) throws DecodeException {
    if (header == null) {
      return within(timestamp, "the record's timestamp", Long.toString(timestamp));
    }
    String where = "header " + JsonReader.quoted(EVENT_TIME_HEADER);
    String text = text(header, where);
    if (!text.matches("-?[0-9]+")) {
      return within(JsonTime.parse(text, where), where, text);
    }
    try {
      return within(Long.parseLong(text), where, text);
    } catch (NumberFormatException e) {
      // More digits than a long has: as far out of range as can be.
      return within(Long.MAX_VALUE, where, text);
    }
  }

  private long within(long time, String where, String raw) throws DecodeException {
    return JsonTime.within(time, limits.earliestTime(), limits.latestTime(), where, raw);
  }

  private static String optional(Function<String, byte[]> headers, String name)
      throws DecodeException {
    byte[] header = headers.apply(name);
    return header == null ? "" : text(header, "header " + JsonReader.quoted(name));
  }

  private static String text(byte[] bytes, String where) throws DecodeException {
    int malformed = Utf8.firstMalformed(bytes);
    if (malformed >= 0) {
      throw new DecodeException(
          DecodeFault.INVALID_UTF8,
          "byte 0x%02X at index %d of %s is not UTF-8"
              .formatted(bytes[malformed] & 0xFF, malformed, where));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
