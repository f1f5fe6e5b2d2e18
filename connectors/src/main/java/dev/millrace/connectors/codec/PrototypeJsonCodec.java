package dev.millrace.connectors.codec;

import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.SourcePosition;

/** Prototypes as JSON: index, vector, usage, version, time, source. */
public final class PrototypeJsonCodec {

  private PrototypeJsonCodec() {}

  /**
   * The bytes of a prototype.
   *
   * @throws IllegalArgumentException if an element of the vector is not finite
   */
  public static byte[] encode(Prototype prototype) {
    JsonWriter writer = new JsonWriter(160 + 12 * prototype.vector().length);
    writer.integer("index", prototype.index());
    writer.field(
        "vector",
        generator ->
            VectorJson.write(generator, prototype.vector(), "prototype " + prototype.index()));
    writer.real("usage", prototype.usage());
    writer.integer("version", prototype.modelVersion());
    writer.integer("time", prototype.eventTime());
    writer.field("source", generator -> SourceJson.write(generator, prototype.cause()));
    return writer.bytes();
  }

  /** The prototype in a record's value. */
  public static Prototype decode(byte[] value) throws DecodeException {
    JsonReader reader = JsonReader.open(value, RecordFields.NO_LIMIT);
    Integer index = null;
    float[] vector = null;
    Double usage = null;
    Long version = null;
    Long time = null;
    SourcePosition source = null;
    for (String field = reader.nextField(); field != null; field = reader.nextField()) {
      switch (field) {
        case "index" -> index = RecordFields.index(reader);
        case "vector" -> vector = VectorJson.read(reader);
        case "usage" -> usage = reader.real();
        case "version" -> version = reader.integer(DecodeFault.INVALID_VALUE);
        case "time" -> time = reader.integer(DecodeFault.TIME_OUT_OF_RANGE);
        case "source" -> source = SourceJson.read(reader);
        default -> reader.skip();
      }
    }
    reader.end();
    return new Prototype(
        RecordFields.required(index, "index"),
        RecordFields.required(vector, "vector"),
        RecordFields.required(usage, "usage"),
        RecordFields.required(version, "version"),
        RecordFields.required(time, "time"),
        RecordFields.required(source, "source"));
  }
}
