package dev.millrace.model.memory;

import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Embeddings by id in bounded memory: no two ids share a row, no id has two.
 *
 * <p>An id gets a row after {@link EmbeddingTableConfig#admitAfter} sightings, loses it when it was
 * not used for {@link EmbeddingTableConfig#expireAfter}, or when the table is full and it is the
 * least recently used by event time (of equal times the smallest number goes). Its first vector is
 * {@code N(0, deviation^2)} from a hash of the id and the seed alone, so it starts the same after a
 * removal, in another lane and in any order of arrival. Row 0 is padding.
 *
 * <p>A row number holds until the next admission or expiry. So a batch first shows the table all
 * its ids by {@link #sighted} and then asks {@link #indexOf} for each: an id may be gone again when
 * the table is smaller than the batch, or when a late event's id made room for another.
 */
public final class EmbeddingTable implements CanonicalState {

  /** Row that stands for padding. */
  public static final int PADDING = 0;

  /** Answer for an id without a row. */
  public static final int ABSENT = IdIndex.ABSENT;

  private static final int VERSION_1 = 1;

  // configuration
  private final EmbeddingTableConfig config;
  private final RemovalListener listener;

  // runtime
  private IdIndex ids = new IdIndex(1);
  private final RecencyQueue recency = new RecencyQueue();
  private final SightingCounter candidates;
  private final ParameterRows vectors;
  private final ParameterRows biases;
  private long admissions;
  private long evictions;
  private long expiries;

  public EmbeddingTable(EmbeddingTableConfig config, Kernels kernels, RemovalListener listener) {
    this.config = config;
    this.listener = listener;
    this.candidates = new SightingCounter(config.maximumCandidates());
    int rows = config.maximumRows() + 1;
    this.vectors = new ParameterRows(kernels, config.width(), rows, config.trainablePadding());
    this.biases =
        config.biases() ? new ParameterRows(kernels, 1, rows, config.trainablePadding()) : null;
  }

  public EmbeddingTableConfig config() {
    return config;
  }

  /** Row of an id or {@link #ABSENT}; changes nothing. */
  public int indexOf(String id) {
    return ids.indexOf(id);
  }

  /** Id of a row in use. */
  public String idAt(int index) {
    return ids.idAt(index);
  }

  /** Notes that an id was used if it has a row; the row or {@link #ABSENT}. */
  public int touch(String id, long eventTime) {
    int index = ids.indexOf(id);
    if (index != ABSENT) {
      recency.touch(index, eventTime);
    }
    return index;
  }

  /** One event with this id: notes the use, or counts towards admission; its row if it has one. */
  public int sighted(String id, long eventTime) {
    int index = touch(id, eventTime);
    if (index != ABSENT) {
      return index;
    }
    if (config.admitAfter() > 1) {
      if (candidates.count(id, eventTime) < config.admitAfter()) {
        return ABSENT;
      }
      candidates.remove(id);
    }
    return insert(id, eventTime);
  }

  /**
   * Removes every row whose last use lies {@link EmbeddingTableConfig#expireAfter} or longer before
   * {@code eventTime}, oldest first; how many.
   */
  public int expire(long eventTime) {
    if (config.expireAfter() == EmbeddingTableConfig.NEVER
        || eventTime < Long.MIN_VALUE + config.expireAfter()) {
      return 0;
    }
    long limit = eventTime - config.expireAfter();
    candidates.expire(limit);
    int removed = 0;
    while (recency.size() > 0 && recency.lastUse(recency.oldest()) <= limit) {
      remove(recency.oldest(), RemovalListener.Reason.EXPIRED);
      removed++;
    }
    expiries += removed;
    return removed;
  }

  /** The vector that an id starts with, of {@link EmbeddingTableConfig#width} elements. */
  public double[] initialVector(String id) {
    long seed = SeededRandom.mix(IdIndex.hashOf(id) ^ SeededRandom.mix(config.seed() + 1));
    SeededRandom random = new SeededRandom(seed);
    double[] vector = new double[config.width()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = config.deviation() * random.nextGaussian();
    }
    return vector;
  }

  /** Vectors and their moments, by row. */
  public ParameterRows vectors() {
    return vectors;
  }

  /**
   * Scalars and their moments, by row.
   *
   * @throws IllegalStateException if the table was configured without
   */
  public ParameterRows biases() {
    if (biases == null) {
      throw new IllegalStateException("this table has no biases; configure it withBiases(true)");
    }
    return biases;
  }

  /** Number of ids with a row. */
  public int size() {
    return ids.size();
  }

  /** One more than the greatest row in use so far: the rows of {@link ParameterRows#value}. */
  public int bound() {
    return ids.bound();
  }

  /** Rows below {@link #bound} without an id, padding included, ascending: what a ranking masks. */
  public int[] vacantRows() {
    int[] rows = new int[bound() - size()];
    int count = 0;
    for (int index = 0; index < bound(); index++) {
      if (!ids.contains(index)) {
        rows[count++] = index;
      }
    }
    return rows;
  }

  /** The next row in use at or after {@code from}, or {@link #ABSENT}. */
  public int next(int from) {
    return ids.next(from);
  }

  /** Event time of the last use of a row in use. */
  public long lastUse(int index) {
    if (!ids.contains(index)) {
      throw new IllegalArgumentException("row " + index + " is not in use");
    }
    return recency.lastUse(index);
  }

  public TableStatistics statistics() {
    long bytes =
        ids.memoryBytes()
            + recency.memoryBytes()
            + candidates.memoryBytes()
            + vectors.memoryBytes()
            + (biases == null ? 0 : biases.memoryBytes());
    return new TableStatistics(
        size(), candidates.size(), admissions, evictions, expiries, candidates.forgotten(), bytes);
  }

  /**
   * Makes room for the Adam moments of so many learners that train the same rows in turn. A row
   * that is admitted starts without moments for each of them.
   */
  public void reserveMoments(int learners) {
    vectors.reserveMoments(learners);
    if (biases != null) {
      biases.reserveMoments(learners);
    }
  }

  /** Lets a learner, from 0, have its turn. */
  public void selectMoments(int learner) {
    vectors.selectMoments(learner);
    if (biases != null) {
      biases.selectMoments(learner);
    }
  }

  /** Writes the moments of the learner whose turn it is. */
  public void writeMomentsTo(DataOutput out) throws IOException {
    vectors.writeMoments(out);
    if (biases != null) {
      biases.writeMoments(out);
    }
  }

  /** Reads what {@link #writeMomentsTo} wrote when the table had the same rows. */
  public void readMomentsInPlace(DataInput in) throws IOException {
    vectors.restoreMoments(in);
    if (biases != null) {
      biases.restoreMoments(in);
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    writeTo(out, true);
  }

  /** Writes what all learners have in common: everything but moments. */
  public void writeSharedTo(DataOutput out) throws IOException {
    writeTo(out, false);
  }

  private void writeTo(DataOutput out, boolean moments) throws IOException {
    out.writeInt(VERSION_1);
    config.writeTo(out);
    out.writeLong(admissions);
    out.writeLong(evictions);
    out.writeLong(expiries);
    ids.writeTo(out);
    long[] lastUses = new long[size()];
    int i = 0;
    for (int index = ids.next(0); index != ABSENT; index = ids.next(index + 1)) {
      lastUses[i++] = recency.lastUse(index);
    }
    ArrayIO.write(out, lastUses, 0, lastUses.length);
    candidates.writeTo(out);
    vectors.writeValues(out);
    if (moments) {
      vectors.writeMoments(out);
    }
    if (biases != null) {
      biases.writeValues(out);
      if (moments) {
        biases.writeMoments(out);
      }
    }
  }

  /** Reads what {@link #writeTo} wrote, its configuration included. */
  public static EmbeddingTable readFrom(DataInput in, Kernels kernels, RemovalListener listener)
      throws IOException {
    return readFrom(in, kernels, listener, true);
  }

  /** Reads what {@link #writeSharedTo} wrote. */
  public static EmbeddingTable readSharedFrom(
      DataInput in, Kernels kernels, RemovalListener listener) throws IOException {
    return readFrom(in, kernels, listener, false);
  }

  private static EmbeddingTable readFrom(
      DataInput in, Kernels kernels, RemovalListener listener, boolean moments) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("an embedding table of version " + version + "; this build reads 1");
    }
    EmbeddingTable table = new EmbeddingTable(EmbeddingTableConfig.readFrom(in), kernels, listener);
    table.restore(in, moments);
    return table;
  }

  private void restore(DataInput in, boolean moments) throws IOException {
    admissions = in.readLong();
    evictions = in.readLong();
    expiries = in.readLong();
    ids = IdIndex.readFrom(in);
    long[] lastUses = new long[size()];
    ArrayIO.read(in, lastUses, 0, lastUses.length);
    int i = 0;
    for (int index = ids.next(0); index != ABSENT; index = ids.next(index + 1)) {
      recency.add(index, lastUses[i++]);
    }
    candidates.restore(in);
    vectors.restoreValues(in, bound());
    if (moments) {
      vectors.restoreMoments(in);
    }
    if (biases != null) {
      biases.restoreValues(in, bound());
      if (moments) {
        biases.restoreMoments(in);
      }
    }
  }

  private int insert(String id, long eventTime) {
    if (size() == config.maximumRows()) {
      remove(recency.oldest(), RemovalListener.Reason.EVICTED);
      evictions++;
    }
    int index = ids.add(id);
    recency.add(index, eventTime);
    vectors.ensure(index);
    vectors.set(index, initialVector(id));
    if (biases != null) {
      biases.ensure(index);
    }
    admissions++;
    return index;
  }

  private void remove(int index, RemovalListener.Reason reason) {
    String id = ids.idAt(index);
    ids.remove(id);
    recency.remove(index);
    vectors.clear(index);
    if (biases != null) {
      biases.clear(index);
    }
    listener.removed(id, index, reason);
  }
}
