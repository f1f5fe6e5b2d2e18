package dev.millrace.connectors.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.data.Recommendations.ScoredItem;
import dev.millrace.model.data.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Recommendations as JSON: user, items (each with item and score, best first), version, time,
 * source.
 */
public final class RecommendationsJsonCodec {

  private RecommendationsJsonCodec() {}

  /** The bytes of a user's recommendations. */
  public static byte[] encode(Recommendations recommendations) {
    JsonWriter writer = new JsonWriter(128 + 40 * recommendations.items().size());
    writer.text("user", recommendations.user());
    writer.field("items", generator -> writeItems(generator, recommendations.items()));
    writer.integer("version", recommendations.modelVersion());
    writer.integer("time", recommendations.eventTime());
    writer.field("source", generator -> SourceJson.write(generator, recommendations.cause()));
    return writer.bytes();
  }

  /** The recommendations in a record's value. */
  public static Recommendations decode(byte[] value) throws DecodeException {
    JsonReader reader = JsonReader.open(value, RecordFields.NO_LIMIT);
    String user = null;
    List<ScoredItem> items = null;
    Long version = null;
    Long time = null;
    SourcePosition source = null;
    for (String field = reader.nextField(); field != null; field = reader.nextField()) {
      switch (field) {
        case "user" -> user = reader.text();
        case "items" -> items = readItems(reader);
        case "version" -> version = reader.integer(DecodeFault.INVALID_VALUE);
        case "time" -> time = reader.integer(DecodeFault.TIME_OUT_OF_RANGE);
        case "source" -> source = SourceJson.read(reader);
        default -> reader.skip();
      }
    }
    reader.end();
    return new Recommendations(
        RecordFields.requiredText(user, "user"),
        RecordFields.required(items, "items"),
        RecordFields.required(version, "version"),
        RecordFields.required(time, "time"),
        RecordFields.required(source, "source"));
  }

  private static void writeItems(JsonGenerator generator, List<ScoredItem> items)
      throws IOException {
    generator.writeStartArray();
    for (ScoredItem scored : items) {
      generator.writeStartObject();
      generator.writeStringField("item", scored.item());
      generator.writeNumberField("score", scored.score());
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }

  private static List<ScoredItem> readItems(JsonReader reader) throws DecodeException {
    reader.beginArray();
    List<ScoredItem> items = new ArrayList<>();
    while (reader.nextElement()) {
      reader.beginObject();
      String item = null;
      Float score = null;
      for (String field = reader.nextField(); field != null; field = reader.nextField()) {
        switch (field) {
          case "item" -> item = reader.text();
          case "score" -> score = reader.float32();
          default -> reader.skip();
        }
      }
      items.add(
          new ScoredItem(
              RecordFields.requiredText(item, "item"), RecordFields.required(score, "score")));
    }
    return items;
  }
}
