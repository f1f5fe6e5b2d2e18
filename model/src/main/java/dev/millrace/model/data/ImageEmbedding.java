package dev.millrace.model.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * A published image vector with its place among the prototypes.
 *
 * @param id image id, not empty
 * @param vector float32 elements; owned by the record, not to be changed
 * @param norm Euclidean norm of the vector
 * @param clusters indices of the nearest prototypes, the nearest first: its cluster is the first;
 *     empty when the learner has no prototypes
 * @param assignment softmax over the prototypes at these indices, descending
 * @param modelVersion mini-batches learned when it was made
 * @param eventTime event time of the event that caused it, in milliseconds since the epoch
 * @param cause where that event stands in Kafka
 */
public record ImageEmbedding(
    String id,
    float[] vector,
    double norm,
    int[] clusters,
    float[] assignment,
    long modelVersion,
    long eventTime,
    SourcePosition cause) {

  public ImageEmbedding {
    Objects.requireNonNull(vector, "vector");
    Objects.requireNonNull(cause, "cause");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("id must not be empty");
    }
    if (clusters.length != assignment.length) {
      throw new IllegalArgumentException(
          clusters.length + " clusters cannot have " + assignment.length + " assignments");
    }
  }

  /** The cluster, -1 when there are no prototypes. */
  public int cluster() {
    return clusters.length == 0 ? -1 : clusters[0];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImageEmbedding that
        && id.equals(that.id)
        && Arrays.equals(vector, that.vector)
        && norm == that.norm
        && Arrays.equals(clusters, that.clusters)
        && Arrays.equals(assignment, that.assignment)
        && modelVersion == that.modelVersion
        && eventTime == that.eventTime
        && cause.equals(that.cause);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, Arrays.hashCode(vector), modelVersion, eventTime, cause);
  }

  @Override
  public String toString() {
    return "IMAGE " + id + " cluster " + cluster() + " version " + modelVersion;
  }
}
