package dev.millrace.model.data;

import java.util.Objects;

/**
 * Where a record stands in Kafka. The order by (partition, offset) breaks ties between events of
 * one event time, so that a replay meets them in the same order.
 *
 * @param topic topic name
 * @param partition partition, at least 0
 * @param offset offset in the partition, at least 0
 */
public record SourcePosition(String topic, int partition, long offset)
    implements Comparable<SourcePosition> {

  public SourcePosition {
    Objects.requireNonNull(topic, "topic");
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "partition and offset must not be negative: " + partition + ", " + offset);
    }
  }

  @Override
  public int compareTo(SourcePosition other) {
    int byPartition = Integer.compare(partition, other.partition);
    return byPartition != 0 ? byPartition : Long.compare(offset, other.offset);
  }
}
