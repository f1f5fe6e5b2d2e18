package dev.millrace.model.kernel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Texts of any length as UTF-8 behind their number of bytes; {@link DataOutput#writeUTF} ends at
 * 65,535 bytes.
 */
public final class Texts {

  private Texts() {}

  public static void write(DataOutput out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if the length is negative
   */
  public static String read(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      throw new IOException("a text of " + length + " bytes: the state is damaged");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
