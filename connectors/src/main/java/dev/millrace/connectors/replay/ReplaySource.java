package dev.millrace.connectors.replay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What is replayed. */
public sealed interface ReplaySource {

  /**
   * The usable rows of a CSV or JSONL file, plain or gzip.
   *
   * @param path the file
   * @param mapping which column holds which field
   * @param filters conditions that a row must meet, in order
   * @param timeFormat how the time is written
   * @param encoder makes records of interactions
   */
  record Rows(
      Path path,
      ColumnMapping mapping,
      List<RowFilter> filters,
      TimeFormat timeFormat,
      RecordEncoder encoder)
      implements ReplaySource {
    public Rows {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(mapping, "mapping");
      filters = List.copyOf(filters);
      Objects.requireNonNull(timeFormat, "timeFormat");
      Objects.requireNonNull(encoder, "encoder");
    }
  }

  /**
   * A file that a {@link Recorder} wrote, byte for byte.
   *
   * @param path the file
   */
  record Recording(Path path) implements ReplaySource {
    public Recording {
      Objects.requireNonNull(path, "path");
    }
  }

  /**
   * The images of a folder or of a tar file, plain, gzip or xz: files whose names end in .jpg,
   * .jpeg or .png. An image's path is its id, the folder it lies in its label.
   *
   * @param path the folder or file
   * @param prefix start of the paths that are taken, such as {@code train/}; empty for all. Folders
   *     of the prefix are no labels
   * @param order in which order
   * @param seed of the order
   * @param start event time of the first image, in milliseconds since the epoch, not negative
   * @param spacing event time between an image and the next, not negative
   */
  record Images(Path path, String prefix, ImageOrder order, long seed, long start, Duration spacing)
      implements ReplaySource {

    /** 2026-01-01T00:00:00Z. */
    public static final long DEFAULT_START = 1_767_225_600_000L;

    /** Ten images a second of event time. */
    public static final Duration DEFAULT_SPACING = Duration.ofMillis(100);

    public Images {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(prefix, "prefix");
      Objects.requireNonNull(order, "order");
      if (start < 0) {
        throw new IllegalArgumentException("Kafka has no time before 1970, start was " + start);
      }
      if (spacing.isNegative()) {
        throw new IllegalArgumentException("spacing must not be negative, was " + spacing);
      }
    }

    /** All images, shuffled. */
    public static Images of(Path path) {
      return new Images(path, "", ImageOrder.SHUFFLED, 1, DEFAULT_START, DEFAULT_SPACING);
    }

    /** The images whose paths start so. */
    public Images withPrefix(String other) {
      return new Images(path, other, order, seed, start, spacing);
    }

    /** The images in another order. */
    public Images withOrder(ImageOrder other, long otherSeed) {
      return new Images(path, prefix, other, otherSeed, start, spacing);
    }

    /** The images at other times. */
    public Images withTimes(long otherStart, Duration otherSpacing) {
      return new Images(path, prefix, order, seed, otherStart, otherSpacing);
    }
  }

  /**
   * Another topic, up to the end it has when the replay starts, in the order of (timestamp,
   * partition, offset) as far as the order within its partitions allows.
   *
   * @param bootstrapServers its brokers
   * @param topic its name
   */
  record Topic(String bootstrapServers, String topic) implements ReplaySource {
    public Topic {
      Objects.requireNonNull(bootstrapServers, "bootstrapServers");
      Objects.requireNonNull(topic, "topic");
    }
  }
}
