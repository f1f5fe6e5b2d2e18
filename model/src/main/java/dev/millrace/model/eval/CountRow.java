package dev.millrace.model.eval;

import java.io.IOException;

/**
 * One row of a sparse table of counts: item index to count. It is a hash table with linear probing
 * while the row is sparse and a plain array while that is smaller, whichever the row's content
 * makes cheaper at the moment it has to grow.
 *
 * <p>Counts are whole numbers held as float, exact up to 2^24; there a count stops.
 */
final class CountRow {
  private static final int FIRST_CAPACITY = 4;

  // Sparse: keys[slot] is the item + 1, 0 for a free slot, and values[slot] its count.
  // Dense: keys is null and values[item] is the count.
  private int[] keys;
  private float[] values;
  private int size;

  CountRow() {
    keys = new int[FIRST_CAPACITY];
    values = new float[FIRST_CAPACITY];
  }

  /** Adds 1 to the count of an item. */
  void increment(int item) {
    if (keys == null && item < values.length) {
      if (values[item] == 0) {
        size++;
      }
      values[item]++;
    } else {
      incrementSparse(item);
    }
  }

  /** The count of an item; 0 when it has none. */
  float get(int item) {
    if (keys == null) {
      return item < values.length ? values[item] : 0;
    }
    int slot = slotOf(item);
    return keys[slot] == 0 ? 0 : values[slot];
  }

  /** How many items have a count. */
  int size() {
    return size;
  }

  /** The largest count; 0 for an empty row. */
  float max() {
    float max = 0;
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  /** Adds count / divisor to the entry of each item of this row. */
  void addQuotientsInPlace(float[] sums, float divisor) {
    if (keys == null) {
      // A dense row may have room for more items than there are.
      int length = Math.min(values.length, sums.length);
      for (int item = 0; item < length; item++) {
        sums[item] += values[item] / divisor;
      }
      return;
    }
    for (int slot = 0; slot < keys.length; slot++) {
      if (keys[slot] != 0) {
        sums[keys[slot] - 1] += values[slot] / divisor;
      }
    }
  }

  /** Adds each item of this row to a set. */
  void addItemsTo(ItemMask mask) {
    for (int slot = 0; slot < values.length; slot++) {
      if (values[slot] != 0) {
        mask.add(keys == null ? slot : keys[slot] - 1);
      }
    }
  }

  /** Bytes of the arrays of this row. */
  long bytes() {
    return 4L * values.length + (keys == null ? 0 : 4L * keys.length);
  }

  /** Packs the layout as it is, free slots included, so that {@link #read} continues with it. */
  void write(PackedBytes out) {
    out.put(keys == null ? 1 : 0);
    out.put(values.length);
    out.put(size);
    int written = 0;
    for (int slot = 0; slot < values.length && written < size; slot++) {
      if (keys == null) {
        out.put((int) values[slot]);
        written += values[slot] == 0 ? 0 : 1;
      } else {
        out.put(keys[slot]);
        if (keys[slot] != 0) {
          out.put((int) values[slot]);
          written++;
        }
      }
    }
  }

  /** Reads what {@link #write} packed. */
  static CountRow read(PackedBytes in) throws IOException {
    CountRow row = new CountRow();
    boolean dense = in.get() == 1;
    row.values = new float[in.get()];
    row.keys = dense ? null : new int[row.values.length];
    row.size = in.get();
    int read = 0;
    for (int slot = 0; slot < row.values.length && read < row.size; slot++) {
      if (dense) {
        row.values[slot] = in.get();
        read += row.values[slot] == 0 ? 0 : 1;
      } else {
        row.keys[slot] = in.get();
        if (row.keys[slot] != 0) {
          row.values[slot] = in.get();
          read++;
        }
      }
    }
    return row;
  }

  private void incrementSparse(int item) {
    int slot = keys == null ? -1 : slotOf(item);
    if (slot >= 0 && keys[slot] != 0) {
      values[slot]++;
    } else if (slot >= 0 && 4L * (size + 1) <= 3L * keys.length) {
      keys[slot] = item + 1;
      values[slot] = 1;
      size++;
    } else {
      rebuildFor(item);
      increment(item);
    }
  }

  /** Finds the item's slot, or the free slot where it belongs. */
  private int slotOf(int item) {
    int mask = keys.length - 1;
    // Fibonacci hashing: neighbouring indices, often bought together, are spread apart.
    int slot = (int) ((item * 0x9E3779B9L) >>> 15) & mask;
    while (keys[slot] != 0 && keys[slot] != item + 1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Chooses the cheaper layout that has room for one more item, and moves there. */
  private void rebuildFor(int newItem) {
    int length = newItem + 1;
    for (int slot = 0; slot < values.length; slot++) {
      if (values[slot] != 0) {
        length = Math.max(length, keys == null ? slot + 1 : keys[slot]);
      }
    }
    length += length >> 4;
    int capacity = FIRST_CAPACITY;
    while (4L * (size + 1) > 3L * capacity) {
      capacity *= 2;
    }
    int[] oldKeys = keys;
    float[] oldValues = values;
    boolean dense = length <= 2L * capacity;
    keys = dense ? null : new int[capacity];
    values = new float[dense ? length : capacity];
    for (int old = 0; old < oldValues.length; old++) {
      if (oldValues[old] != 0) {
        int item = oldKeys == null ? old : oldKeys[old] - 1;
        int slot = dense ? item : slotOf(item);
        values[slot] = oldValues[old];
        if (!dense) {
          keys[slot] = item + 1;
        }
      }
    }
  }
}
