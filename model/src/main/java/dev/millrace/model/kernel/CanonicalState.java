package dev.millrace.model.kernel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * State with one byte form: equal states write equal bytes, whatever history led to them, and what
 * is read back continues bit for bit. The first int is a version.
 */
@FunctionalInterface
public interface CanonicalState {

  void writeTo(DataOutput out) throws IOException;

  /** Takes over what a state wrote. */
  @FunctionalInterface
  interface Reading {
    void readInPlace(DataInput in) throws IOException;
  }

  /** The bytes of a state, in memory. */
  static byte[] bytesOf(CanonicalState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try {
      state.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("memory has no faults of a device", e);
    }
    return bytes.toByteArray();
  }

  /** Takes over what {@link #bytesOf} gave. */
  static void read(byte[] bytes, Reading reading) {
    try {
      reading.readInPlace(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("memory has no faults of a device", e);
    }
  }
}
