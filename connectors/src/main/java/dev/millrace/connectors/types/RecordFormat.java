package dev.millrace.connectors.types;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * The binary form of one kind of immutable record. A format writes its newest version and reads
 * every version that it ever had.
 */
abstract class RecordFormat<T> {

  private final String name;
  private final int version;
  private final Class<T> recordClass;

  /**
   * A format.
   *
   * @param name name in savepoints; never changes
   * @param version version that {@link #write} writes, from 1
   * @param recordClass class of the records
   */
  RecordFormat(String name, int version, Class<T> recordClass) {
    this.name = name;
    this.version = version;
    this.recordClass = recordClass;
  }

  final String name() {
    return name;
  }

  final int version() {
    return version;
  }

  final Class<T> recordClass() {
    return recordClass;
  }

  abstract void write(T value, DataOutputView out) throws IOException;

  /** Reads what {@link #write} of the given version wrote. */
  abstract T read(DataInputView in, int version) throws IOException;

  // A text may be longer than the 65,535 bytes that writeUTF allows.
  static void writeText(String text, DataOutputView out) throws IOException {
    StringValue.writeString(text, out);
  }

  static String readText(DataInputView in) throws IOException {
    return StringValue.readString(in);
  }

  /** Writes bytes that may be null. */
  static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
    if (bytes == null) {
      out.writeInt(-1);
    } else {
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  static byte[] readBytes(DataInputView in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** Writes elements that may be null. */
  static void writeFloats(float[] elements, DataOutputView out) throws IOException {
    if (elements == null) {
      out.writeInt(-1);
      return;
    }
    out.writeInt(elements.length);
    for (float element : elements) {
      out.writeFloat(element);
    }
  }

  static float[] readFloats(DataInputView in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    float[] elements = new float[length];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = in.readFloat();
    }
    return elements;
  }
}
