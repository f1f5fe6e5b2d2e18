package dev.millrace.model.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * A published vector, or its tombstone when the id has expired.
 *
 * @param kind what the id names
 * @param id user or item id, not empty
 * @param vector float32 elements; null for a tombstone; owned by the record, not to be changed
 * @param norm Euclidean norm of the vector, 0 for a tombstone
 * @param modelVersion mini-batches learned when it was made
 * @param eventTime event time of the event that caused it, in milliseconds since the epoch
 * @param cause where that event stands in Kafka
 */
public record Embedding(
    Kind kind,
    String id,
    float[] vector,
    double norm,
    long modelVersion,
    long eventTime,
    SourcePosition cause) {

  /** What an embedding's id names. */
  public enum Kind {
    USER,
    ITEM
  }

  public Embedding {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(cause, "cause");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("id must not be empty");
    }
  }

  /** An embedding with its norm computed, accumulated in double precision. */
  public static Embedding of(
      Kind kind, String id, float[] vector, long version, long eventTime, SourcePosition cause) {
    double squares = 0;
    for (float element : vector) {
      squares += (double) element * element;
    }
    return new Embedding(kind, id, vector, Math.sqrt(squares), version, eventTime, cause);
  }

  /** The message that an id has expired. */
  public static Embedding tombstone(
      Kind kind, String id, long version, long eventTime, SourcePosition cause) {
    return new Embedding(kind, id, null, 0, version, eventTime, cause);
  }

  public boolean isTombstone() {
    return vector == null;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding that
        && kind == that.kind
        && id.equals(that.id)
        && Arrays.equals(vector, that.vector)
        && norm == that.norm
        && modelVersion == that.modelVersion
        && eventTime == that.eventTime
        && cause.equals(that.cause);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, id, Arrays.hashCode(vector), modelVersion, eventTime, cause);
  }

  @Override
  public String toString() {
    return kind + " " + id + " version " + modelVersion + " " + Arrays.toString(vector);
  }
}
