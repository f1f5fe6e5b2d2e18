package dev.millrace.model.eval;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;

/** State to bytes and back, for tests. */
final class StateBytes {
  private StateBytes() {}

  /** Something that writes its state. */
  interface Writer {
    void write(DataOutput out) throws IOException;
  }

  static byte[] of(Writer writer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writer.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  static DataInput input(byte[] state) {
    return new DataInputStream(new ByteArrayInputStream(state));
  }
}
