package dev.millrace.connectors.codec;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import java.io.Serializable;

/**
 * Interactions as JSON objects. Read are ids that are strings or integers, and times that are
 * milliseconds since the epoch or ISO-8601 texts with a zone; fields of other names are passed
 * over. Written is one form only: fields in the order user, item, type, time, weight, category, ids
 * as strings, the time in milliseconds, a weight of 1 and an empty type or category left out.
 */
public final class InteractionJsonCodec implements Serializable {

  private static final long serialVersionUID = 1L;

  private final InteractionFields fields;
  private final InteractionLimits limits;

  public InteractionJsonCodec(InteractionFields fields) {
    this(fields, InteractionLimits.DEFAULT);
  }

  public InteractionJsonCodec(InteractionFields fields, InteractionLimits limits) {
    this.fields = fields;
    this.limits = limits;
  }

  /**
   * The interaction in a record's value.
   *
   * @param value the record's value; null for a tombstone, which is a fault
   * @param position where the record stands
   * @param arrivalTime when it was read, in milliseconds since the epoch
   * @throws DecodeException if the bytes are no interaction; no bytes cause another exception
   */
  public Interaction decode(byte[] value, SourcePosition position, long arrivalTime)
      throws DecodeException {
    JsonReader reader = JsonReader.open(value, limits.maxValueBytes());
    try {
      return read(reader, position, arrivalTime);
    } catch (DecodeException e) {
      throw reader.syntaxFaultOr(e);
    }
  }

  private Interaction read(JsonReader reader, SourcePosition position, long arrivalTime)
      throws DecodeException {
    String user = null;
    String item = null;
    String type = "";
    String category = "";
    float weight = 1;
    long time = 0;
    boolean timed = false;
    for (String field = reader.nextField(); field != null; field = reader.nextField()) {
      if (reader.isNull()) {
        continue;
      }
      if (field.equals(fields.user())) {
        user = id(reader);
      } else if (field.equals(fields.item())) {
        item = id(reader);
      } else if (field.equals(fields.type())) {
        type = reader.text();
      } else if (field.equals(fields.time())) {
        time = JsonTime.read(reader, limits.earliestTime(), limits.latestTime());
        timed = true;
      } else if (field.equals(fields.weight())) {
        weight = weight(reader);
      } else if (field.equals(fields.category())) {
        category = id(reader);
      } else {
        reader.skip();
      }
    }
    reader.end();
    requirePresent(user, fields.user());
    requirePresent(item, fields.item());
    if (!timed) {
      throw missing(fields.time(), "is absent");
    }
    return new Interaction(user, item, type, time, weight, category, position, arrivalTime);
  }

  /**
   * The canonical bytes of an interaction; its position and its arrival time are not among them.
   *
   * @throws IllegalArgumentException if a text has half a surrogate pair
   */
  public byte[] encode(Interaction interaction) {
    JsonWriter writer = new JsonWriter(128);
    writer.text(fields.user(), interaction.user());
    writer.text(fields.item(), interaction.item());
    if (!interaction.type().isEmpty()) {
      writer.text(fields.type(), interaction.type());
    }
    writer.integer(fields.time(), interaction.eventTime());
    if (interaction.weight() != 1) {
      writer.real(fields.weight(), interaction.weight());
    }
    if (!interaction.category().isEmpty()) {
      writer.text(fields.category(), interaction.category());
    }
    return writer.bytes();
  }

  private static String id(JsonReader reader) throws DecodeException {
    if (reader.isInteger()) {
      return reader.raw();
    }
    if (!reader.isText()) {
      throw reader.wrongType("a string or an integer");
    }
    return reader.text();
  }

  private static float weight(JsonReader reader) throws DecodeException {
    if (!reader.isNumber()) {
      throw reader.wrongType("a number");
    }
    float weight = Float.parseFloat(reader.raw());
    if (!(weight > 0) || Float.isInfinite(weight)) {
      throw new DecodeException(
          DecodeFault.INVALID_WEIGHT,
          reader.where()
              + " is "
              + JsonReader.shown(reader.raw())
              + "; a finite positive number is expected");
    }
    return weight;
  }

  private static void requirePresent(String id, String field) throws DecodeException {
    if (id == null) {
      throw missing(field, "is absent");
    }
    if (id.isEmpty()) {
      throw missing(field, "is empty");
    }
  }

  private static DecodeException missing(String field, String what) {
    return new DecodeException(
        DecodeFault.MISSING_FIELD,
        "field " + JsonReader.quoted(field) + " " + what + "; every interaction needs one");
  }
}
