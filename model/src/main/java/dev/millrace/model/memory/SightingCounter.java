package dev.millrace.model.memory;

import dev.millrace.model.kernel.ArrayIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How often ids were seen that have no row yet: exact counts of a bounded number of candidates.
 *
 * <p>When a new candidate finds the counter full, the one seen longest ago is forgotten, and starts
 * at 1 if it comes back. So a count is never too great, and an id is admitted late rather than
 * wrongly; the bound should be a few times the number of new ids between two sightings of one.
 */
final class SightingCounter {

  private static final int VERSION_1 = 1;

  // configuration
  private final int maximum;

  // runtime
  private IdIndex ids = new IdIndex(0);
  private final RecencyQueue recency = new RecencyQueue();
  private int[] counts = new int[16];
  private long forgotten;

  SightingCounter(int maximum) {
    this.maximum = maximum;
  }

  /** Counts one sighting; how many there are now. */
  int count(String id, long eventTime) {
    int index = ids.indexOf(id);
    if (index != IdIndex.ABSENT) {
      recency.touch(index, eventTime);
      return ++counts[index];
    }
    if (ids.size() == maximum) {
      forget(recency.oldest());
    }
    index = ids.add(id);
    if (index >= counts.length) {
      counts = Arrays.copyOf(counts, counts.length * 2);
    }
    counts[index] = 1;
    recency.add(index, eventTime);
    return 1;
  }

  /** Takes an id out because it has a row now. */
  void remove(String id) {
    int index = ids.remove(id);
    if (index != IdIndex.ABSENT) {
      recency.remove(index);
    }
  }

  /** Forgets every candidate that was seen last at {@code limit} or before. */
  void expire(long limit) {
    while (recency.size() > 0 && recency.lastUse(recency.oldest()) <= limit) {
      forget(recency.oldest());
    }
  }

  int size() {
    return ids.size();
  }

  /** Candidates dropped without a row, by the bound or by time. */
  long forgotten() {
    return forgotten;
  }

  long memoryBytes() {
    return ids.memoryBytes() + recency.memoryBytes() + (long) counts.length * Integer.BYTES;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeLong(forgotten);
    ids.writeTo(out);
    int size = ids.size();
    int[] liveCounts = new int[size];
    long[] lastUses = new long[size];
    int i = 0;
    for (int index = ids.next(0); index != IdIndex.ABSENT; index = ids.next(index + 1), i++) {
      liveCounts[i] = counts[index];
      lastUses[i] = recency.lastUse(index);
    }
    ArrayIO.write(out, liveCounts, 0, size);
    ArrayIO.write(out, lastUses, 0, size);
  }

  void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("sighting counts of version " + version + "; this build reads 1");
    }
    forgotten = in.readLong();
    ids = IdIndex.readFrom(in);
    int[] liveCounts = new int[ids.size()];
    long[] lastUses = new long[ids.size()];
    ArrayIO.read(in, liveCounts, 0, liveCounts.length);
    ArrayIO.read(in, lastUses, 0, lastUses.length);
    int length = counts.length;
    while (length < ids.bound()) {
      length *= 2;
    }
    counts = new int[length];
    int i = 0;
    for (int index = ids.next(0); index != IdIndex.ABSENT; index = ids.next(index + 1), i++) {
      counts[index] = liveCounts[i];
      recency.add(index, lastUses[i]);
    }
  }

  private void forget(int index) {
    ids.remove(ids.idAt(index));
    recency.remove(index);
    forgotten++;
  }
}
