package dev.millrace.model.memory;

import java.util.Arrays;

/**
 * Entries by time of last use; the first to go is the one with the smallest (time, number).
 *
 * <p>Times may come out of order: the last use of an entry is the greatest time at which it was
 * used. {@link #touch} is O(1): it only notes the time. A binary heap holds the times as they were
 * when an entry was last placed in it; they are never too great, so refreshing the top until it is
 * up to date yields the true minimum, and each touch is paid for at most once in O(log n). A linked
 * list in order of use would be wrong for late events and slow for many equal times.
 */
final class RecencyQueue {

  private static final int OUTSIDE = -1;

  private int size;

  /** Numbers in heap order. */
  private int[] heap = new int[16];

  /** Place of each number in the heap. */
  private int[] places = new int[0];

  private long[] placedTimes = new long[0];
  private long[] lastUses = new long[0];

  int size() {
    return size;
  }

  /** Adds a number that is not in the queue. */
  void add(int index, long time) {
    if (index >= places.length) {
      int before = places.length;
      int capacity = Math.max(Math.max(16, index + 1), before * 2);
      places = Arrays.copyOf(places, capacity);
      Arrays.fill(places, before, capacity, OUTSIDE);
      placedTimes = Arrays.copyOf(placedTimes, capacity);
      lastUses = Arrays.copyOf(lastUses, capacity);
    }
    if (places[index] != OUTSIDE) {
      throw new IllegalStateException("number " + index + " is in the queue already");
    }
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    placedTimes[index] = time;
    lastUses[index] = time;
    heap[size] = index;
    places[index] = size;
    siftUp(size++);
  }

  /** Notes a use; the last use never goes back. */
  void touch(int index, long time) {
    if (time > lastUses[index]) {
      lastUses[index] = time;
    }
  }

  long lastUse(int index) {
    return lastUses[index];
  }

  /** The number whose (last use, number) is smallest; the queue must not be empty. */
  int oldest() {
    if (size == 0) {
      throw new IllegalStateException("the queue is empty");
    }
    while (true) {
      int top = heap[0];
      if (placedTimes[top] == lastUses[top]) {
        return top;
      }
      placedTimes[top] = lastUses[top];
      siftDown(0);
    }
  }

  void remove(int index) {
    int place = places[index];
    places[index] = OUTSIDE;
    int last = heap[--size];
    if (place < size) {
      heap[place] = last;
      places[last] = place;
      siftDown(place);
      siftUp(places[last]);
    }
  }

  long memoryBytes() {
    return (long) (heap.length + places.length) * Integer.BYTES
        + (long) (placedTimes.length + lastUses.length) * Long.BYTES;
  }

  private boolean before(int a, int b) {
    return placedTimes[a] != placedTimes[b] ? placedTimes[a] < placedTimes[b] : a < b;
  }

  private void siftUp(int place) {
    int index = heap[place];
    while (place > 0) {
      int parent = (place - 1) >>> 1;
      if (!before(index, heap[parent])) {
        break;
      }
      heap[place] = heap[parent];
      places[heap[place]] = place;
      place = parent;
    }
    heap[place] = index;
    places[index] = place;
  }

  private void siftDown(int place) {
    int index = heap[place];
    while (true) {
      int child = 2 * place + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], index)) {
        break;
      }
      heap[place] = heap[child];
      places[heap[place]] = place;
      place = child;
    }
    heap[place] = index;
    places[index] = place;
  }
}
