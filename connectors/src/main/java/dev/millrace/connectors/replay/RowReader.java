package dev.millrace.connectors.replay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Reads the rows of a file, one after another. */
interface RowReader extends Closeable {

  /** What {@link #next()} found. */
  sealed interface Read {
    /** A row. */
    record Found(Row row) implements Read {}

    /** Something that is no row, on the line that starts there. */
    record Unreadable(long line) implements Read {}

    /** The end of the file. */
    record End() implements Read {}
  }

  Read next() throws IOException;

  /** The columns of every row, when the format names them before its first one. */
  Optional<Collection<String>> header();

  /** The columns that were met so far. */
  Collection<String> seenColumns();

  /** Share of the file that was read, from 0 to 1. */
  double fraction();

  /**
   * Opens a file by the end of its name: {@code .csv}, or {@code .jsonl}, {@code .ndjson}, {@code
   * .json} for one JSON object a line, each with or without {@code .gz}.
   *
   * @throws IllegalArgumentException when the name ends in none of them
   */
  static RowReader open(Path path) throws IOException {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    if (plain.endsWith(".csv")) {
      return CsvRowReader.open(path);
    }
    if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson") || plain.endsWith(".json")) {
      return JsonRowReader.open(path);
    }
    throw new IllegalArgumentException(
        path + ": the name must end in .csv, .jsonl, .ndjson or .json, with or without .gz");
  }
}
