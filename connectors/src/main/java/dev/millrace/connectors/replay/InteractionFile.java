package dev.millrace.connectors.replay;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The interactions of a file: its rows, filtered and mapped. A row that is left out is counted
 * under the first filter that it does not meet, or under what it lacks.
 */
public final class InteractionFile implements Closeable {

  static final String UNREADABLE = "unreadable";
  static final String NO_USER = "no user";
  static final String NO_ITEM = "no item";
  static final String NO_TIME = "no time";
  static final String BAD_TIME = "unreadable time";
  static final String BAD_WEIGHT = "weight not a positive number";

  private final Path path;
  private final RowReader reader;
  private final ColumnMapping mapping;
  private final List<RowFilter> filters;
  private final TimeFormat timeFormat;
  private final SkippedRows skipped = new SkippedRows();
  private long rows;
  private long usable;

  private InteractionFile(
      Path path,
      RowReader reader,
      ColumnMapping mapping,
      List<RowFilter> filters,
      TimeFormat timeFormat) {
    this.path = path;
    this.reader = reader;
    this.mapping = mapping;
    this.filters = List.copyOf(filters);
    this.timeFormat = timeFormat;
  }

  /**
   * Opens a CSV or JSONL file, plain or gzip.
   *
   * @throws IllegalArgumentException when it is of another kind, or lacks a column of the mapping
   *     or of a filter
   */
  public static InteractionFile open(
      Path path, ColumnMapping mapping, List<RowFilter> filters, TimeFormat timeFormat)
      throws IOException {
    RowReader reader = RowReader.open(path);
    try {
      List<String> wanted = new ArrayList<>(mapping.columns());
      filters.forEach(filter -> wanted.add(filter.column()));
      reader
          .header()
          .ifPresent(header -> ColumnMapping.requireColumns(wanted, header, path.toString()));
      return new InteractionFile(path, reader, mapping, filters, timeFormat);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /**
   * The next usable interaction, whose position is the file's name, 0 and the row, from 0.
   *
   * @return empty at the end of the file
   * @throws IllegalArgumentException at the end of a file none of whose rows had a required column
   */
  public Optional<Interaction> next() throws IOException {
    while (true) {
      RowReader.Read read = readRow();
      if (read instanceof RowReader.Read.End) {
        if (rows > skipped.counts().getOrDefault(UNREADABLE, 0L)) {
          ColumnMapping.requireColumns(mapping.required(), reader.seenColumns(), path.toString());
        }
        return Optional.empty();
      }
      rows++;
      if (read instanceof RowReader.Read.Unreadable unreadable) {
        skipped.add(UNREADABLE, unreadable.line());
      } else if (read instanceof RowReader.Read.Found found) {
        Optional<Interaction> interaction = map(found.row());
        if (interaction.isPresent()) {
          usable++;
          return interaction;
        }
      }
    }
  }

  /** Rows read so far, usable or not. */
  public long rows() {
    return rows;
  }

  /** Usable rows read so far. */
  public long usable() {
    return usable;
  }

  /** The rows left out so far. */
  public SkippedRows skipped() {
    return skipped;
  }

  /** Share of the file that was read, from 0 to 1. */
  public double fraction() {
    return reader.fraction();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private RowReader.Read readRow() throws IOException {
    try {
      return reader.next();
    } catch (IOException | UncheckedIOException e) {
      throw new IOException(
          "%s cannot be read past row %d: %s".formatted(path, rows, e.getMessage()), e);
    }
  }

  private Optional<Interaction> map(Row row) {
    for (RowFilter filter : filters) {
      if (!filter.accepts(row)) {
        return skip(filter.name(), row);
      }
    }
    String user = row.cell(mapping.user());
    if (user.isEmpty()) {
      return skip(NO_USER, row);
    }
    String item = row.cell(mapping.item());
    if (item.isEmpty()) {
      return skip(NO_ITEM, row);
    }
    String time = row.cell(mapping.time());
    if (time.isEmpty()) {
      return skip(NO_TIME, row);
    }
    long eventTime;
    try {
      eventTime = timeFormat.parse(time);
    } catch (DateTimeException | ArithmeticException e) {
      return skip(BAD_TIME, row);
    }
    // Kafka has no records from before 1970.
    if (eventTime < 0) {
      return skip(BAD_TIME, row);
    }
    float weight = mapping.weight().map(column -> weight(row.cell(column))).orElse(1f);
    if (!(weight > 0) || Float.isInfinite(weight)) {
      return skip(BAD_WEIGHT, row);
    }
    return Optional.of(
        new Interaction(
            user,
            item,
            mapping.type().map(row::cell).orElse(""),
            eventTime,
            weight,
            mapping.category().map(row::cell).orElse(""),
            new SourcePosition(path.getFileName().toString(), 0, rows - 1),
            eventTime));
  }

  private static float weight(String cell) {
    try {
      return Float.parseFloat(cell);
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }

  private Optional<Interaction> skip(String reason, Row row) {
    skipped.add(reason, row.line());
    return Optional.empty();
  }
}
