package dev.millrace.model.memory;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Vectors of earlier steps by key, in bounded memory: a ring per key, the least recently used keys
 * evicted.
 *
 * <p>A key is whatever shall be contrasted within: a category, a cluster, a label, or one word for
 * everything. {@link #enqueueInPlace} and {@link #negativesInPlace} use a key; look-ups do not. A
 * learner enqueues after it has computed the loss: a vector is never its own negative.
 *
 * <p>He et al., Momentum Contrast for Unsupervised Visual Representation Learning, CVPR 2020 (the
 * queue); Dwibedi et al., With a Little Help from My Friends, ICCV 2021 (nearest neighbours).
 */
public final class MemoryBank implements CanonicalState {

  private static final int VERSION_1 = 1;

  // configuration
  private final MemoryBankConfig config;
  private final Kernels kernels;

  // runtime
  private final BankArena arena;
  private final NeighbourSearch search;
  private final BoundedRows answer;

  /** Rings by key, the least recently used first. */
  private final Map<String, SlotRing> rings = new LinkedHashMap<>(16, 0.75f, true);

  private long enqueued;
  private long evictedKeys;
  private long stepSum;

  public MemoryBank(MemoryBankConfig config, Kernels kernels) {
    this.config = config;
    this.kernels = kernels;
    this.arena = new BankArena(kernels, config);
    this.search = new NeighbourSearch(kernels, arena, config);
    this.answer = new BoundedRows(kernels, config.width(), config.entriesPerKey());
  }

  public MemoryBankConfig config() {
    return config;
  }

  /**
   * Adds the rows of a batch in order, each under its key.
   *
   * @param keys key of each row
   * @param vectors {@code B x width}, copied
   * @param entries what is known of each row
   */
  public void enqueueInPlace(List<String> keys, Matrix vectors, List<BankEntry> entries) {
    if (keys.size() != vectors.rows() || entries.size() != vectors.rows()) {
      throw new IllegalArgumentException(
          keys.size() + " keys and " + entries.size() + " entries for " + vectors.shape());
    }
    requireWidth(vectors);
    for (int i = 0; i < keys.size(); i++) {
      enqueue(keys.get(i), vectors.rows(i, i + 1), entries.get(i));
    }
  }

  /** The same with one key for all rows. */
  public void enqueueInPlace(String key, Matrix vectors, List<BankEntry> entries) {
    enqueueInPlace(Collections.nCopies(vectors.rows(), key), vectors, entries);
  }

  private void enqueue(String key, Matrix vector, BankEntry entry) {
    SlotRing ring = rings.get(key);
    if (ring == null) {
      IdBytes.of(key);
      while (rings.size() >= config.maximumKeys()) {
        evictOldestKey();
      }
      ring = new SlotRing(config.entriesPerKey());
      rings.put(key, ring);
    }
    if (ring.isFull()) {
      removeOldest(ring);
    }
    // The ring in use is the last of the map and, as it is not full, not all there is.
    while (arena.size() == config.maximumEntries()) {
      evictOldestKey();
    }
    ring.add(arena.add(vector, entry, enqueued++));
    stepSum += entry.step();
  }

  private void evictOldestKey() {
    var oldest = rings.entrySet().iterator();
    SlotRing ring = oldest.next().getValue();
    oldest.remove();
    while (ring.size() > 0) {
      removeOldest(ring);
    }
    evictedKeys++;
  }

  private void removeOldest(SlotRing ring) {
    int slot = ring.removeOldest();
    stepSum -= arena.entry(slot).step();
    arena.remove(slot);
  }

  /**
   * The entries of a key, oldest first, none for an unknown key. A use of the key. The vectors are
   * a copy whose memory the next call takes again.
   */
  public Negatives negativesInPlace(String key) {
    SlotRing ring = rings.get(key);
    if (ring == null) {
      return new Negatives(answer.head(0), List.of());
    }
    int[] slots = ring.inOrder();
    Matrix vectors = answer.head(slots.length);
    arena.gather(slots, vectors);
    List<BankEntry> entries = new ArrayList<>(slots.length);
    for (int slot : slots) {
      entries.add(arena.entry(slot));
    }
    return new Negatives(vectors, entries);
  }

  /**
   * The entries of all keys that are most similar to each query by cosine. The vectors are a copy
   * whose memory the next call takes again.
   *
   * @param queries {@code Q x width}, of any length
   * @param k neighbours per query, at least 1
   */
  public Neighbours nearest(Matrix queries, int k) {
    requireWidth(queries);
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, was " + k);
    }
    return search.nearest(queries, arena.slotsByAge(), k);
  }

  /** Entries under all keys. */
  public int size() {
    return arena.size();
  }

  /** Keys, the least recently used first. */
  public List<String> keys() {
    return List.copyOf(rings.keySet());
  }

  /** Keys that were evicted with their entries since the start. */
  public long evictedKeys() {
    return evictedKeys;
  }

  /** Mean number of steps since the entries were enqueued; 0 for an empty bank. */
  public double meanAge(long step) {
    return size() == 0 ? 0 : step - (double) stepSum / size();
  }

  /**
   * Bytes of native memory held. They grow with the entries and end at a bound: the entries once,
   * the longest ring once, and with {@link #nearest} the entries twice more, 64 similarities per
   * entry and the largest answer.
   */
  public long nativeBytes() {
    return arena.nativeBytes() + search.nativeBytes() + answer.bytes();
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    config.writeTo(out);
    out.writeLong(enqueued);
    out.writeLong(evictedKeys);
    out.writeInt(rings.size());
    for (Map.Entry<String, SlotRing> ring : rings.entrySet()) {
      BankEntry.writeId(out, ring.getKey());
      int[] slots = ring.getValue().inOrder();
      out.writeInt(slots.length);
      for (int slot : slots) {
        out.writeLong(arena.sequence(slot));
        arena.entry(slot).writeTo(out);
        MatrixIO.write(out, arena.vector(slot));
      }
    }
  }

  /** Reads what {@link #writeTo} wrote, its configuration included. */
  public static MemoryBank readFrom(DataInput in, Kernels kernels) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a memory bank of version " + version + "; this build reads 1");
    }
    MemoryBank bank = new MemoryBank(MemoryBankConfig.readFrom(in), kernels);
    bank.restore(in);
    return bank;
  }

  private void restore(DataInput in) throws IOException {
    enqueued = in.readLong();
    evictedKeys = in.readLong();
    Matrix vector = kernels.allocate(1, config.width());
    int keys = in.readInt();
    for (int i = 0; i < keys; i++) {
      SlotRing ring = new SlotRing(config.entriesPerKey());
      rings.put(BankEntry.readId(in), ring);
      int count = in.readInt();
      for (int j = 0; j < count; j++) {
        long sequence = in.readLong();
        BankEntry entry = BankEntry.readFrom(in);
        MatrixIO.readInto(in, vector);
        ring.add(arena.add(vector, entry, sequence));
        stepSum += entry.step();
      }
    }
  }

  private void requireWidth(Matrix vectors) {
    if (vectors.columns() != config.width()) {
      throw new IllegalArgumentException(
          "vectors of " + vectors.shape() + " in a bank of width " + config.width());
    }
  }
}
