package dev.millrace.connectors.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What an embedded broker is started with.
 *
 * @param directory where it keeps its logs; absent: a temporary directory. Either way the broker
 *     makes a directory of its own below it, and deletes that one on close
 * @param maxMessageBytes largest record batch it accepts, in bytes
 * @param startTimeout how long it may take to answer
 * @param heapMegabytes heap of a forked broker, in MiB; a broker in this JVM ignores it
 */
public record EmbeddedBrokerOptions(
    Optional<Path> directory, int maxMessageBytes, Duration startTimeout, int heapMegabytes) {

  public EmbeddedBrokerOptions {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(startTimeout, "startTimeout");
    if (maxMessageBytes < 1024) {
      throw new IllegalArgumentException(
          "maxMessageBytes must be at least 1024, was " + maxMessageBytes);
    }
    if (startTimeout.isNegative() || startTimeout.isZero()) {
      throw new IllegalArgumentException("startTimeout must be positive, was " + startTimeout);
    }
    if (heapMegabytes < 128) {
      throw new IllegalArgumentException(
          "heapMegabytes must be at least 128, was " + heapMegabytes);
    }
  }

  /** A temporary directory, records of up to 16 MiB, a minute to start, 320 MiB of heap. */
  public static EmbeddedBrokerOptions defaults() {
    return new EmbeddedBrokerOptions(Optional.empty(), 16 << 20, Duration.ofMinutes(1), 320);
  }

  /** The same below another directory, which need not exist. */
  public EmbeddedBrokerOptions withDirectory(Path parent) {
    return new EmbeddedBrokerOptions(
        Optional.of(parent), maxMessageBytes, startTimeout, heapMegabytes);
  }

  /** The same with another limit on the size of a record batch. */
  public EmbeddedBrokerOptions withMaxMessageBytes(int bytes) {
    return new EmbeddedBrokerOptions(directory, bytes, startTimeout, heapMegabytes);
  }

  /** The same with another limit on the time to start. */
  public EmbeddedBrokerOptions withStartTimeout(Duration timeout) {
    return new EmbeddedBrokerOptions(directory, maxMessageBytes, timeout, heapMegabytes);
  }
}
