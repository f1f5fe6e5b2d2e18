package dev.millrace.model.memory;

import java.util.Arrays;

/** The slots of one key's entries, oldest first, in a ring that doubles up to its bound. */
final class SlotRing {

  private final int capacity;
  private int[] slots;
  private int first;
  private int size;

  SlotRing(int capacity) {
    this.capacity = capacity;
    this.slots = new int[Math.min(8, capacity)];
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == capacity;
  }

  /** Slot of the {@code i}-th oldest entry. */
  int at(int i) {
    return slots[(first + i) % slots.length];
  }

  void add(int slot) {
    if (size == slots.length) {
      int[] inOrder = Arrays.copyOf(inOrder(), (int) Math.min(capacity, 2L * size));
      slots = inOrder;
      first = 0;
    }
    slots[(first + size++) % slots.length] = slot;
  }

  /** Takes the oldest entry out; its slot. */
  int removeOldest() {
    int slot = slots[first];
    first = (first + 1) % slots.length;
    size--;
    return slot;
  }

  int[] inOrder() {
    int[] result = new int[size];
    for (int i = 0; i < size; i++) {
      result[i] = at(i);
    }
    return result;
  }
}
