package dev.millrace.connectors.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.millrace.model.data.SourcePosition;
import java.io.IOException;

/** A position in Kafka as a JSON object: topic, partition, offset. */
final class SourceJson {

  private SourceJson() {}

  static void write(JsonGenerator generator, SourcePosition position) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("topic", position.topic());
    generator.writeNumberField("partition", position.partition());
    generator.writeNumberField("offset", position.offset());
    generator.writeEndObject();
  }

  static SourcePosition read(JsonReader reader) throws DecodeException {
    reader.beginObject();
    String topic = null;
    long partition = -1;
    long offset = -1;
    for (String field = reader.nextField(); field != null; field = reader.nextField()) {
      switch (field) {
        case "topic" -> topic = reader.text();
        case "partition" -> partition = reader.integer(DecodeFault.INVALID_VALUE);
        case "offset" -> offset = reader.integer(DecodeFault.INVALID_VALUE);
        default -> reader.skip();
      }
    }
    if (topic == null || partition < 0 || partition > Integer.MAX_VALUE || offset < 0) {
      throw new DecodeException(
          DecodeFault.INVALID_VALUE,
          "a source with a topic, a partition and an offset is expected, was "
              + (topic == null ? "no topic" : JsonReader.quoted(topic))
              + ", "
              + partition
              + ", "
              + offset);
    }
    return new SourcePosition(topic, (int) partition, offset);
  }
}
