package dev.millrace.connectors.replay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * What is recorded where.
 *
 * @param bootstrapServers brokers of the topic
 * @param topic topic to record
 * @param file file to write, packed when its name ends in {@code .gz}; replaced when it exists
 * @param limit number of records after which the recording ends
 * @param follow how long to go on behind the end that the topic has at the start; zero: not at all
 * @param timeout how long brokers may take to answer
 */
public record RecorderOptions(
    String bootstrapServers,
    String topic,
    Path file,
    long limit,
    Duration follow,
    Duration timeout) {

  public RecorderOptions {
    Objects.requireNonNull(bootstrapServers, "bootstrapServers");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(follow, "follow");
    Objects.requireNonNull(timeout, "timeout");
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
    if (follow.isNegative()) {
      throw new IllegalArgumentException("follow must not be negative, was " + follow);
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout must be positive, was " + timeout);
    }
  }

  /** Everything that is there now; half a minute of patience. */
  public static RecorderOptions of(String bootstrapServers, String topic, Path file) {
    return new RecorderOptions(
        bootstrapServers, topic, file, Long.MAX_VALUE, Duration.ZERO, Duration.ofSeconds(30));
  }

  /** The same, ending after so many records. */
  public RecorderOptions withLimit(long records) {
    return new RecorderOptions(bootstrapServers, topic, file, records, follow, timeout);
  }

  /** The same, going on for a while. */
  public RecorderOptions withFollow(Duration time) {
    return new RecorderOptions(bootstrapServers, topic, file, limit, time, timeout);
  }
}
