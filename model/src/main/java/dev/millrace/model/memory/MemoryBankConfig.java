package dev.millrace.model.memory;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Bounds of a {@link MemoryBank}.
 *
 * @param width columns of a vector, at least 1
 * @param entriesPerKey most entries under one key; one more replaces the key's oldest
 * @param maximumKeys most keys at one time; one more evicts the least recently used with its
 *     entries
 * @param maximumEntries most entries under all keys; one more evicts least recently used keys. At
 *     least {@code entriesPerKey}, so that the key in use never has to go
 */
public record MemoryBankConfig(int width, int entriesPerKey, int maximumKeys, int maximumEntries) {

  public MemoryBankConfig {
    requirePositive(width, "width");
    requirePositive(entriesPerKey, "entriesPerKey");
    requirePositive(maximumKeys, "maximumKeys");
    requirePositive(maximumEntries, "maximumEntries");
    if (maximumEntries < entriesPerKey) {
      throw new IllegalArgumentException(
          "maximumEntries ("
              + maximumEntries
              + ") must be at least entriesPerKey ("
              + entriesPerKey
              + "); raise it or shorten the rings");
    }
  }

  /** One ring for everything. */
  public static MemoryBankConfig ofOneKey(int width, int entries) {
    return new MemoryBankConfig(width, entries, 1, entries);
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(width);
    out.writeInt(entriesPerKey);
    out.writeInt(maximumKeys);
    out.writeInt(maximumEntries);
  }

  static MemoryBankConfig readFrom(DataInput in) throws IOException {
    return new MemoryBankConfig(in.readInt(), in.readInt(), in.readInt(), in.readInt());
  }

  private static void requirePositive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }
}
