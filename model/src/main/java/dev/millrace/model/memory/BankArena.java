package dev.millrace.model.memory;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * The entries of all keys in one block of memory. An entry has a slot while it lives; which one is
 * never visible outside, and the number of its enqueueing orders it among all.
 */
final class BankArena {

  private static final int INITIAL_SLOTS = 16;

  private final Kernels kernels;
  private final BoundedRows vectors;
  private BankEntry[] entries = new BankEntry[INITIAL_SLOTS];
  private long[] sequences = new long[INITIAL_SLOTS];
  private int[] free = new int[INITIAL_SLOTS];
  private int freeCount;
  private int bound;

  BankArena(Kernels kernels, MemoryBankConfig config) {
    this.kernels = kernels;
    this.vectors = new BoundedRows(kernels, config.width(), config.maximumEntries());
  }

  /** Copies {@code vector: 1 x width} to a free slot. */
  int add(Matrix vector, BankEntry entry, long sequence) {
    int slot = freeCount > 0 ? free[--freeCount] : bound++;
    if (slot >= entries.length) {
      entries = Arrays.copyOf(entries, 2 * slot);
      sequences = Arrays.copyOf(sequences, 2 * slot);
      free = Arrays.copyOf(free, 2 * slot);
    }
    vectors.reserve(slot + 1);
    kernels.copy(vector, vectors.row(slot));
    entries[slot] = entry;
    sequences[slot] = sequence;
    return slot;
  }

  void remove(int slot) {
    entries[slot] = null;
    free[freeCount++] = slot;
  }

  int size() {
    return bound - freeCount;
  }

  BankEntry entry(int slot) {
    return entries[slot];
  }

  long sequence(int slot) {
    return sequences[slot];
  }

  Matrix vector(int slot) {
    return vectors.row(slot);
  }

  /** Slots in use, oldest entry first. */
  int[] slotsByAge() {
    long[] order = new long[size()];
    int[] slots = new int[size()];
    int count = 0;
    for (int slot = 0; slot < bound; slot++) {
      if (entries[slot] != null) {
        slots[count] = slot;
        order[count++] = sequences[slot];
      }
    }
    // Sequence numbers are distinct: sorting the pairs is sorting the numbers.
    Integer[] places = new Integer[count];
    Arrays.setAll(places, i -> i);
    Arrays.sort(places, (a, b) -> Long.compare(order[a], order[b]));
    int[] sorted = new int[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = slots[places[i]];
    }
    return sorted;
  }

  /** {@code out[i, :]} is the vector in slot {@code slots[i]}. */
  void gather(int[] slots, Matrix out) {
    kernels.gatherRows(vectors.head(bound), slots, slots.length, out);
  }

  long nativeBytes() {
    return vectors.bytes();
  }
}
