package dev.millrace.model.ranker;

import dev.millrace.model.kernel.ArrayIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The newest numbers put in, up to a bound; then the oldest makes room. */
final class RecentIds {

  private final int bound;
  private int[] ids = new int[4];
  private int size;
  private int oldest;

  RecentIds(int bound) {
    this.bound = bound;
  }

  int size() {
    return size;
  }

  /** A number by place; places have no meaning. */
  int get(int place) {
    return ids[place];
  }

  void add(int id) {
    if (size == bound) {
      ids[oldest] = id;
      oldest = (oldest + 1) % bound;
      return;
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, Math.min(bound, 2 * size));
    }
    ids[size++] = id;
  }

  long bytes() {
    return 4L * ids.length;
  }

  /** Writes the numbers, oldest first. */
  void writeTo(DataOutput out) throws IOException {
    int[] ordered = new int[size];
    for (int i = 0; i < size; i++) {
      ordered[i] = ids[(oldest + i) % size];
    }
    out.writeInt(size);
    ArrayIO.write(out, ordered, 0, size);
  }

  static RecentIds readFrom(DataInput in, int bound) throws IOException {
    RecentIds recent = new RecentIds(bound);
    recent.size = in.readInt();
    recent.ids = new int[Math.max(4, recent.size)];
    ArrayIO.read(in, recent.ids, 0, recent.size);
    return recent;
  }
}
