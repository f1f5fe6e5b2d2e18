package dev.millrace.model.eval;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** Counts by item over the last lines of the stream, whoever they came from. */
final class RecentLines {
  /** Length of the window, in lines. */
  static final int WINDOW = 2000;

  private final int[] ring = new int[WINDOW];
  private int next;
  private int size;
  private float[] counts = new float[0];

  /** Adds a line; the oldest one leaves when the window is full. */
  void add(int item) {
    if (item >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(item + 1, counts.length + (counts.length >> 1)));
    }
    counts[item]++;
    if (size == WINDOW) {
      counts[ring[next]]--;
    } else {
      size++;
    }
    ring[next] = item;
    next = (next + 1) % WINDOW;
  }

  /** Lines of an item within the window. */
  float count(int item) {
    return item < counts.length ? counts[item] : 0;
  }

  /** Bytes of the arrays. */
  long bytes() {
    return 4L * WINDOW + 4L * counts.length;
  }

  /** Writes the lines of the window, oldest first: the counts follow from them. */
  void write(DataOutput out) throws IOException {
    out.writeInt(size);
    for (int age = size; age > 0; age--) {
      out.writeInt(ring[Math.floorMod(next - age, WINDOW)]);
    }
  }

  static RecentLines read(DataInput in) throws IOException {
    RecentLines recent = new RecentLines();
    int size = in.readInt();
    for (int line = 0; line < size; line++) {
      recent.add(in.readInt());
    }
    return recent;
  }
}
