package dev.millrace.model.ranker;

import dev.millrace.model.kernel.ArrayIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A sparse row of numbers by index, one or several to an entry, in arrays without gaps beside a
 * hash index. Its entries have no order that anything depends on.
 */
final class SparseRow {

  private static final int FIRST_CAPACITY = 4;
  private static final long MASK = 0xffffffffL;

  private final float[][] channels;
  private int[] keys = new int[FIRST_CAPACITY];
  private int size;

  /** Place + 1 of an entry by hash; 0 is free. Twice the capacity. */
  private int[] index = new int[2 * FIRST_CAPACITY];

  SparseRow(int channels) {
    this.channels = new float[channels][FIRST_CAPACITY];
  }

  /** A row of its own with the same entries. */
  SparseRow copy() {
    SparseRow copy = new SparseRow(channels.length);
    for (int e = 0; e < size; e++) {
      int place = copy.place(keys[e]);
      for (int c = 0; c < channels.length; c++) {
        copy.channels[c][place] = channels[c][e];
      }
    }
    return copy;
  }

  int size() {
    return size;
  }

  /** Keys of the entries, {@link #size} of them, to be read only. */
  int[] keys() {
    return keys;
  }

  /** One number of each entry, to be changed at will. */
  float[] channel(int channel) {
    return channels[channel];
  }

  /** Place of a key, -1 if it has none. */
  int find(int key) {
    int at = index[slotOf(key)];
    return at - 1;
  }

  /** The number of a key, 0 if it has no entry. */
  float get(int channel, int key) {
    int place = find(key);
    return place < 0 ? 0 : channels[channel][place];
  }

  /** Place of a key, which is given one if it has none, with zeros. */
  int place(int key) {
    int slot = slotOf(key);
    if (index[slot] != 0) {
      return index[slot] - 1;
    }
    if (size == keys.length) {
      grow();
      slot = slotOf(key);
    }
    keys[size] = key;
    for (float[] channel : channels) {
      channel[size] = 0;
    }
    index[slot] = ++size;
    return size - 1;
  }

  void scale(int channel, float factor) {
    for (int i = 0; i < size; i++) {
      channels[channel][i] *= factor;
    }
  }

  /** Keeps the entries with the largest numbers of a channel; of equal ones those of low keys. */
  void keepLargest(int count, int channel) {
    if (size <= count) {
      return;
    }
    long[] order = new long[size];
    for (int i = 0; i < size; i++) {
      // Numbers are not negative, so that their bits order them.
      order[i] = ((long) Float.floatToRawIntBits(channels[channel][i]) << 32) | (~keys[i] & MASK);
    }
    long[] sorted = order.clone();
    Arrays.sort(sorted);
    long threshold = sorted[size - count];
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (order[i] >= threshold) {
        keys[kept] = keys[i];
        for (float[] numbers : channels) {
          numbers[kept] = numbers[i];
        }
        kept++;
      }
    }
    size = kept;
    reindex(index.length);
  }

  private int slotOf(int key) {
    int mask = index.length - 1;
    int slot = (key * 0x9e3779b9 >>> 8) & mask;
    while (index[slot] != 0 && keys[index[slot] - 1] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    keys = Arrays.copyOf(keys, 2 * size);
    for (int c = 0; c < channels.length; c++) {
      channels[c] = Arrays.copyOf(channels[c], 2 * size);
    }
    reindex(4 * size);
  }

  private void reindex(int length) {
    index = new int[length];
    for (int i = 0; i < size; i++) {
      index[slotOf(keys[i])] = i + 1;
    }
  }

  long bytes() {
    return 4L * (keys.length * (1 + channels.length) + index.length);
  }

  /** Writes the entries by ascending key. */
  void writeTo(DataOutput out) throws IOException {
    long[] order = new long[size];
    for (int i = 0; i < size; i++) {
      order[i] = ((long) keys[i] << 32) | i;
    }
    Arrays.sort(order);
    int[] sorted = new int[size];
    for (int i = 0; i < size; i++) {
      sorted[i] = (int) (order[i] >> 32);
    }
    out.writeInt(size);
    ArrayIO.write(out, sorted, 0, size);
    float[] numbers = new float[size];
    for (float[] channel : channels) {
      for (int i = 0; i < size; i++) {
        numbers[i] = channel[(int) order[i]];
      }
      ArrayIO.write(out, numbers, 0, size);
    }
  }

  static SparseRow readFrom(DataInput in, int channels) throws IOException {
    SparseRow row = new SparseRow(channels);
    int size = in.readInt();
    int capacity = FIRST_CAPACITY;
    while (capacity < size) {
      capacity *= 2;
    }
    row.keys = new int[capacity];
    ArrayIO.read(in, row.keys, 0, size);
    for (int c = 0; c < channels; c++) {
      row.channels[c] = new float[capacity];
      ArrayIO.read(in, row.channels[c], 0, size);
    }
    row.size = size;
    row.reindex(2 * capacity);
    return row;
  }
}
