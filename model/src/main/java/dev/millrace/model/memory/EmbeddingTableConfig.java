package dev.millrace.model.memory;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How an {@link EmbeddingTable} grows and forgets.
 *
 * @param width columns of a row, at least 1
 * @param maximumRows most ids with a row at one time; one more evicts the least recently used
 * @param admitAfter sightings after which an id gets a row, 1 for the first
 * @param expireAfter milliseconds of event time without use after which a row is removed, {@link
 *     #NEVER} for no expiry
 * @param maximumCandidates most ids whose sightings are counted before they have a row
 * @param deviation standard deviation of an initial vector's elements, 0 or more
 * @param seed seed of the initial vectors
 * @param trainablePadding whether row 0, which stands for padding, is trained; otherwise it stays
 *     zeros
 * @param biases whether each row has a trainable scalar beside its vector
 */
public record EmbeddingTableConfig(
    int width,
    int maximumRows,
    int admitAfter,
    long expireAfter,
    int maximumCandidates,
    double deviation,
    long seed,
    boolean trainablePadding,
    boolean biases) {

  /** No expiry. */
  public static final long NEVER = Long.MAX_VALUE;

  public EmbeddingTableConfig {
    requirePositive(width, "width");
    requirePositive(maximumRows, "maximumRows");
    requirePositive(admitAfter, "admitAfter");
    requirePositive(expireAfter, "expireAfter");
    requirePositive(maximumCandidates, "maximumCandidates");
    if (maximumRows == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("maximumRows must leave room for the padding row");
    }
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException("deviation must be finite and >= 0, was " + deviation);
    }
  }

  /**
   * Admission at the first sighting, no expiry, deviation 0.02, padding stays zero, no biases, as
   * many candidates as rows.
   */
  public static EmbeddingTableConfig of(int width, int maximumRows, long seed) {
    return new EmbeddingTableConfig(
        width, maximumRows, 1, NEVER, maximumRows, 0.02, seed, false, false);
  }

  public EmbeddingTableConfig withAdmitAfter(int sightings, int candidates) {
    return new EmbeddingTableConfig(
        width,
        maximumRows,
        sightings,
        expireAfter,
        candidates,
        deviation,
        seed,
        trainablePadding,
        biases);
  }

  public EmbeddingTableConfig withExpireAfter(long milliseconds) {
    return new EmbeddingTableConfig(
        width,
        maximumRows,
        admitAfter,
        milliseconds,
        maximumCandidates,
        deviation,
        seed,
        trainablePadding,
        biases);
  }

  public EmbeddingTableConfig withDeviation(double newDeviation) {
    return new EmbeddingTableConfig(
        width,
        maximumRows,
        admitAfter,
        expireAfter,
        maximumCandidates,
        newDeviation,
        seed,
        trainablePadding,
        biases);
  }

  public EmbeddingTableConfig withTrainablePadding(boolean trainable) {
    return new EmbeddingTableConfig(
        width,
        maximumRows,
        admitAfter,
        expireAfter,
        maximumCandidates,
        deviation,
        seed,
        trainable,
        biases);
  }

  public EmbeddingTableConfig withBiases(boolean withBiases) {
    return new EmbeddingTableConfig(
        width,
        maximumRows,
        admitAfter,
        expireAfter,
        maximumCandidates,
        deviation,
        seed,
        trainablePadding,
        withBiases);
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(width);
    out.writeInt(maximumRows);
    out.writeInt(admitAfter);
    out.writeLong(expireAfter);
    out.writeInt(maximumCandidates);
    out.writeDouble(deviation);
    out.writeLong(seed);
    out.writeBoolean(trainablePadding);
    out.writeBoolean(biases);
  }

  static EmbeddingTableConfig readFrom(DataInput in) throws IOException {
    return new EmbeddingTableConfig(
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readLong(),
        in.readInt(),
        in.readDouble(),
        in.readLong(),
        in.readBoolean(),
        in.readBoolean());
  }

  private static void requirePositive(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }
}
