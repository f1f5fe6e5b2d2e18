package dev.millrace.connectors.replay;

import java.time.Duration;
import java.util.Objects;

/**
 * What is replayed where.
 *
 * @param source a file or a topic
 * @param bootstrapServers brokers of the topic to write
 * @param topic topic to write
 * @param createPartitions number of partitions with which the topic is made when it does not exist;
 *     0: it must exist
 * @param limit number of records after which the replay ends
 * @param pace how fast
 * @param timeout how long brokers may take to answer, and a record to be acknowledged
 */
public record ReplayOptions(
    ReplaySource source,
    String bootstrapServers,
    String topic,
    int createPartitions,
    long limit,
    Pace pace,
    Duration timeout) {

  public ReplayOptions {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(bootstrapServers, "bootstrapServers");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(pace, "pace");
    Objects.requireNonNull(timeout, "timeout");
    if (createPartitions < 0) {
      throw new IllegalArgumentException(
          "createPartitions must not be negative, was " + createPartitions);
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout must be positive, was " + timeout);
    }
    if (source instanceof ReplaySource.Topic from
        && from.topic().equals(topic)
        && from.bootstrapServers().equals(bootstrapServers)) {
      throw new IllegalArgumentException(
          "topic '" + topic + "' cannot be replayed into itself: name another topic to write");
    }
  }

  /** Everything, as fast as possible, into a topic that exists; half a minute of patience. */
  public static ReplayOptions of(ReplaySource source, String bootstrapServers, String topic) {
    return new ReplayOptions(
        source,
        bootstrapServers,
        topic,
        0,
        Long.MAX_VALUE,
        new Pace.Unlimited(),
        Duration.ofSeconds(30));
  }

  /** The same, making the topic when it does not exist. */
  public ReplayOptions withCreatePartitions(int partitions) {
    return new ReplayOptions(source, bootstrapServers, topic, partitions, limit, pace, timeout);
  }

  /** The same, ending after so many records. */
  public ReplayOptions withLimit(long records) {
    return new ReplayOptions(
        source, bootstrapServers, topic, createPartitions, records, pace, timeout);
  }

  /** The same at another pace. */
  public ReplayOptions withPace(Pace other) {
    return new ReplayOptions(
        source, bootstrapServers, topic, createPartitions, limit, other, timeout);
  }

  /** The same with other patience. */
  public ReplayOptions withTimeout(Duration patience) {
    return new ReplayOptions(
        source, bootstrapServers, topic, createPartitions, limit, pace, patience);
  }
}
