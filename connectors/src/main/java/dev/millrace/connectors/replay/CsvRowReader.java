package dev.millrace.connectors.replay;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Rows of a CSV file in UTF-8 (RFC 4180, commas) whose first line names the columns. */
final class CsvRowReader implements RowReader {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          // A stray quote spoils its own row, not the rest of the file.
          .setTrailingData(true)
          .setLenientEof(true)
          .get();

  private final InputFile file;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;

  private CsvRowReader(InputFile file, CSVParser parser) {
    this.file = file;
    this.parser = parser;
    this.records = parser.iterator();
  }

  static CsvRowReader open(Path path) throws IOException {
    InputFile file = InputFile.open(path);
    try {
      InputStreamReader text = new InputStreamReader(file.content(), StandardCharsets.UTF_8);
      return new CsvRowReader(file, CSVParser.builder().setReader(text).setFormat(FORMAT).get());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Read next() throws IOException {
    // The parser has read past the row when it hands it out: the line comes first.
    long line = parser.getCurrentLineNumber() + 1;
    if (!records.hasNext()) {
      return new Read.End();
    }
    CSVRecord cells = records.next();
    if (!cells.isConsistent()) {
      return new Read.Unreadable(line);
    }
    return new Read.Found(new CsvRow(cells, line));
  }

  @Override
  public Optional<Collection<String>> header() {
    return Optional.of(seenColumns());
  }

  @Override
  public Collection<String> seenColumns() {
    return List.copyOf(parser.getHeaderNames());
  }

  @Override
  public double fraction() {
    return file.fraction();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  private record CsvRow(CSVRecord cells, long line) implements Row {
    @Override
    public String cell(String column) {
      return cells.get(column).strip();
    }
  }
}
