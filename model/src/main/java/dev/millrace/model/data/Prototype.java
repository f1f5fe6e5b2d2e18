package dev.millrace.model.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * A published prototype: the centre of a cluster of images.
 *
 * @param index its number, from 0; the topic's key
 * @param vector unit vector of float32 elements; owned by the record, not to be changed
 * @param usage its share of recent assignments, in [0, 1]
 * @param modelVersion mini-batches learned when it was made
 * @param eventTime event time of the newest event behind it, in milliseconds since the epoch
 * @param cause where that event stands in Kafka
 */
public record Prototype(
    int index,
    float[] vector,
    double usage,
    long modelVersion,
    long eventTime,
    SourcePosition cause) {

  public Prototype {
    Objects.requireNonNull(vector, "vector");
    Objects.requireNonNull(cause, "cause");
    if (index < 0) {
      throw new IllegalArgumentException("the index of a prototype is at least 0, was " + index);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Prototype that
        && index == that.index
        && Arrays.equals(vector, that.vector)
        && usage == that.usage
        && modelVersion == that.modelVersion
        && eventTime == that.eventTime
        && cause.equals(that.cause);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, Arrays.hashCode(vector), modelVersion, eventTime, cause);
  }
}
