package dev.millrace.model.eval;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A growing block of variable-length integers, 7 bits a byte, low bits first. Counts are mostly
 * small, so a table of them takes a fifth of its size in memory; and one bulk write for each block
 * costs much less than a {@link DataOutput} call for each value.
 */
final class PackedBytes {
  private byte[] bytes = new byte[256];
  private int length;
  private int position;

  void clear() {
    length = 0;
    position = 0;
  }

  boolean isEmpty() {
    return length == 0;
  }

  void put(int value) {
    if (length + 5 > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  int get() throws IOException {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (position >= length) {
        throw new IOException("the state ends within a packed block");
      }
      byte part = bytes[position++];
      value |= (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new IOException("the state holds a packed number of more than 5 bytes");
  }

  void writeBlock(DataOutput out) throws IOException {
    out.writeInt(length);
    out.write(bytes, 0, length);
  }

  void readBlock(DataInput in) throws IOException {
    clear();
    length = in.readInt();
    if (length < 0) {
      throw new IOException("the state holds a packed block of length " + length);
    }
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    in.readFully(bytes, 0, length);
  }
}
