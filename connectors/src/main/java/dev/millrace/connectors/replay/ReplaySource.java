package dev.millrace.connectors.replay;

import java.nio.file.Path;
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
