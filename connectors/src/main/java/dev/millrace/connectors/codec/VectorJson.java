package dev.millrace.connectors.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;

/** Vectors as JSON arrays; each element is the shortest decimal that reads back as its float32. */
final class VectorJson {

  private VectorJson() {}

  /**
   * Writes the array.
   *
   * @param owner whose vector it is, for the message
   * @throws IllegalArgumentException if an element is not finite
   */
  static void write(JsonGenerator generator, float[] vector, String owner) throws IOException {
    generator.writeStartArray();
    for (float element : vector) {
      if (!Float.isFinite(element)) {
        throw new IllegalArgumentException("the vector of " + owner + " holds " + element);
      }
      generator.writeNumber(element);
    }
    generator.writeEndArray();
  }

  /** The vector that is the reader's value; an element that is not finite is a fault. */
  static float[] read(JsonReader reader) throws DecodeException {
    reader.beginArray();
    float[] vector = new float[64];
    int length = 0;
    while (reader.nextElement()) {
      if (length == vector.length) {
        vector = Arrays.copyOf(vector, 2 * length);
      }
      float element = reader.float32();
      if (!Float.isFinite(element)) {
        throw new DecodeException(
            DecodeFault.INVALID_VALUE, "the vector holds " + element + " at index " + length);
      }
      vector[length++] = element;
    }
    return Arrays.copyOf(vector, length);
  }
}
