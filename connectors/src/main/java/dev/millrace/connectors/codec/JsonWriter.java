package dev.millrace.connectors.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Writes one JSON object. The same calls give the same bytes on every Java version: real numbers
 * are the shortest decimals that read back as the same number (Schubfach, not the JDK's algorithm
 * of the day). Numbers that JSON lacks are the texts "NaN", "Infinity" and "-Infinity".
 */
final class JsonWriter {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  private final ByteArrayOutputStream bytes;
  private final JsonGenerator generator;

  JsonWriter(int expectedBytes) {
    bytes = new ByteArrayOutputStream(expectedBytes);
    try {
      generator = JSON.createGenerator(bytes);
      generator.writeStartObject();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  void text(String name, String value) {
    write(
        () -> {
          generator.writeFieldName(name);
          generator.writeString(value);
        });
  }

  void integer(String name, long value) {
    write(() -> generator.writeNumberField(name, value));
  }

  void real(String name, float value) {
    write(() -> generator.writeNumberField(name, value));
  }

  void real(String name, double value) {
    write(() -> generator.writeNumberField(name, value));
  }

  /** A field whose value is what {@code body} writes with this writer's generator. */
  void field(String name, Body body) {
    write(
        () -> {
          generator.writeFieldName(name);
          body.writeTo(generator);
        });
  }

  /** Ends the object and gives its bytes; nothing can be written afterwards. */
  byte[] bytes() {
    write(
        () -> {
          generator.writeEndObject();
          generator.close();
        });
    return bytes.toByteArray();
  }

  /** Something that writes one JSON value. */
  interface Body {
    void writeTo(JsonGenerator generator) throws IOException;
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void write(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static IllegalArgumentException unwritable(IOException e) {
    return new IllegalArgumentException("cannot be written as JSON: " + e.getMessage(), e);
  }
}
