package dev.millrace.connectors.codec;

import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.SourcePosition;
import java.util.Locale;

/**
 * Embeddings as JSON: kind, id, vector, norm, version, time, source. Each element of the vector is
 * the shortest decimal that reads back as the same float32. A tombstone has no JSON: it is a record
 * without a value.
 */
public final class EmbeddingJsonCodec {

  private EmbeddingJsonCodec() {}

  /**
   * The bytes of an embedding; null for a tombstone.
   *
   * @throws IllegalArgumentException if an element of the vector is not finite
   */
  public static byte[] encode(Embedding embedding) {
    if (embedding.isTombstone()) {
      return null;
    }
    JsonWriter writer = new JsonWriter(160 + 12 * embedding.vector().length);
    writer.text("kind", embedding.kind().name().toLowerCase(Locale.ROOT));
    writer.text("id", embedding.id());
    writer.field(
        "vector",
        generator ->
            VectorJson.write(
                generator, embedding.vector(), embedding.kind() + " " + embedding.id()));
    writer.real("norm", embedding.norm());
    writer.integer("version", embedding.modelVersion());
    writer.integer("time", embedding.eventTime());
    writer.field("source", generator -> SourceJson.write(generator, embedding.cause()));
    return writer.bytes();
  }

  /** The embedding in a record's value; null, a tombstone, is a fault. */
  public static Embedding decode(byte[] value) throws DecodeException {
    JsonReader reader = JsonReader.open(value, RecordFields.NO_LIMIT);
    Embedding.Kind kind = null;
    String id = null;
    float[] vector = null;
    Double norm = null;
    Long version = null;
    Long time = null;
    SourcePosition source = null;
    for (String field = reader.nextField(); field != null; field = reader.nextField()) {
      switch (field) {
        case "kind" -> kind = kind(reader.text());
        case "id" -> id = reader.text();
        case "vector" -> vector = VectorJson.read(reader);
        case "norm" -> norm = reader.real();
        case "version" -> version = reader.integer(DecodeFault.INVALID_VALUE);
        case "time" -> time = reader.integer(DecodeFault.TIME_OUT_OF_RANGE);
        case "source" -> source = SourceJson.read(reader);
        default -> reader.skip();
      }
    }
    reader.end();
    return new Embedding(
        RecordFields.required(kind, "kind"),
        RecordFields.requiredText(id, "id"),
        RecordFields.required(vector, "vector"),
        RecordFields.required(norm, "norm"),
        RecordFields.required(version, "version"),
        RecordFields.required(time, "time"),
        RecordFields.required(source, "source"));
  }

  private static Embedding.Kind kind(String name) throws DecodeException {
    return switch (name) {
      case "user" -> Embedding.Kind.USER;
      case "item" -> Embedding.Kind.ITEM;
      default ->
          throw new DecodeException(
              DecodeFault.INVALID_VALUE,
              "kind is " + JsonReader.quoted(name) + "; user or item is expected");
    };
  }
}
