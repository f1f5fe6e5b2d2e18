package dev.millrace.model.memory;

import dev.millrace.model.kernel.CanonicalState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Ids to dense row numbers and back, without collisions.
 *
 * <p>Open addressing with linear probing on a 64-bit hash; a hit is confirmed by comparing the
 * whole id. A removed id frees its number, and the number freed last is given out first. Numbers
 * are a function of the operations alone; where an entry lies in the hash table is never visible.
 */
public final class IdIndex implements CanonicalState {

  /** Answer of a look-up for an id that is not here. */
  public static final int ABSENT = -1;

  private static final int VERSION_1 = 1;
  private static final int EMPTY = 0;
  private static final int OBJECT_BYTES = 24;

  private final int first;
  private int size;
  private int bound;
  private byte[][] ids;
  private long[] hashes;
  private int[] free = new int[8];
  private int freeCount;

  /** Number + 1 of the id in each slot. */
  private int[] slots;

  private long idBytes;

  /**
   * An empty index.
   *
   * @param first first number given out; those below it are left to the caller, such as 0 for
   *     padding
   */
  public IdIndex(int first) {
    if (first < 0) {
      throw new IllegalArgumentException("the first number must not be negative, was " + first);
    }
    this.first = first;
    this.bound = first;
    this.ids = new byte[Math.max(16, first)][];
    this.hashes = new long[ids.length];
    this.slots = new int[32];
  }

  /** Number of the id, or {@link #ABSENT}. */
  public int indexOf(String id) {
    byte[] bytes = IdBytes.of(id);
    return slots[slotOf(bytes, IdBytes.hash(bytes))] - 1;
  }

  /** Number of the id, which is given one if it has none. */
  public int add(String id) {
    byte[] bytes = IdBytes.of(id);
    long hash = IdBytes.hash(bytes);
    int slot = slotOf(bytes, hash);
    if (slots[slot] != EMPTY) {
      return slots[slot] - 1;
    }
    int index = freeCount > 0 ? free[--freeCount] : bound++;
    place(index, bytes, hash);
    if (2 * size > slots.length) {
      rebuildSlots(slots.length * 2);
    } else {
      slots[slot] = index + 1;
    }
    return index;
  }

  /** Removes an id; the number that it had, or {@link #ABSENT}. */
  public int remove(String id) {
    byte[] bytes = IdBytes.of(id);
    int slot = slotOf(bytes, IdBytes.hash(bytes));
    int index = slots[slot] - 1;
    if (index == ABSENT) {
      return ABSENT;
    }
    closeGap(slot);
    idBytes -= ids[index].length;
    ids[index] = null;
    hashes[index] = 0;
    size--;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, free.length * 2);
    }
    free[freeCount++] = index;
    return index;
  }

  public boolean contains(int index) {
    return index >= first && index < bound && ids[index] != null;
  }

  /**
   * The id with a number.
   *
   * @throws IllegalArgumentException if no id has it
   */
  public String idAt(int index) {
    if (!contains(index)) {
      throw new IllegalArgumentException("no id has the number " + index);
    }
    return IdBytes.text(ids[index]);
  }

  /** 64-bit hash of an id, a function of its text alone. */
  public static long hashOf(String id) {
    return IdBytes.hash(IdBytes.of(id));
  }

  public int size() {
    return size;
  }

  /** One more than the greatest number ever given out; numbers in use are below it. */
  public int bound() {
    return bound;
  }

  /** The next number in use at or after {@code from}, or {@link #ABSENT}: ascending iteration. */
  public int next(int from) {
    for (int index = Math.max(from, first); index < bound; index++) {
      if (ids[index] != null) {
        return index;
      }
    }
    return ABSENT;
  }

  /** Bytes held, ids estimated with their array headers. */
  public long memoryBytes() {
    return idBytes
        + (long) size * OBJECT_BYTES
        + (long) ids.length * Integer.BYTES
        + (long) hashes.length * Long.BYTES
        + (long) (slots.length + free.length) * Integer.BYTES;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(first);
    out.writeInt(bound);
    for (int index = first; index < bound; index++) {
      if (ids[index] == null) {
        out.writeInt(-1);
      } else {
        out.writeInt(ids[index].length);
        out.write(ids[index]);
      }
    }
    for (int i = 0; i < freeCount; i++) {
      out.writeInt(free[i]);
    }
  }

  /** Reads what {@link #writeTo} wrote: the same numbers, the same numbers to come. */
  public static IdIndex readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("an id index of version " + version + "; this build reads 1");
    }
    IdIndex index = new IdIndex(in.readInt());
    int bound = in.readInt();
    for (int i = index.first; i < bound; i++) {
      int length = in.readInt();
      index.bound = i + 1;
      if (length < 0) {
        index.ensureCapacity(i);
        index.freeCount++;
      } else {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        index.place(i, bytes, IdBytes.hash(bytes));
      }
    }
    index.free = new int[Math.max(8, index.freeCount)];
    for (int i = 0; i < index.freeCount; i++) {
      index.free[i] = Objects.checkIndex(in.readInt(), bound);
    }
    int length = 32;
    while (2 * index.size > length) {
      length *= 2;
    }
    index.rebuildSlots(length);
    return index;
  }

  private void place(int index, byte[] bytes, long hash) {
    ensureCapacity(index);
    ids[index] = bytes;
    hashes[index] = hash;
    idBytes += bytes.length;
    size++;
  }

  private void ensureCapacity(int index) {
    if (index >= ids.length) {
      int capacity = Math.max(index + 1, ids.length * 2);
      ids = Arrays.copyOf(ids, capacity);
      hashes = Arrays.copyOf(hashes, capacity);
    }
  }

  /** The slot that holds the id, or the empty one where it would go. */
  private int slotOf(byte[] bytes, long hash) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != EMPTY) {
      int index = slots[slot] - 1;
      if (hashes[index] == hash && Arrays.equals(ids[index], bytes)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Backward-shift deletion: no markers, so look-ups never slow down with removals. */
  private void closeGap(int gap) {
    int mask = slots.length - 1;
    int slot = (gap + 1) & mask;
    while (slots[slot] != EMPTY) {
      int home = (int) hashes[slots[slot] - 1] & mask;
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        slots[gap] = slots[slot];
        gap = slot;
      }
      slot = (slot + 1) & mask;
    }
    slots[gap] = EMPTY;
  }

  private void rebuildSlots(int length) {
    slots = new int[length];
    int mask = length - 1;
    for (int index = next(first); index != ABSENT; index = next(index + 1)) {
      int slot = (int) hashes[index] & mask;
      while (slots[slot] != EMPTY) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = index + 1;
    }
  }
}
