package dev.millrace.connectors.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records of a recording, byte for byte. A damaged line ends the replay: nothing may be missing.
 */
final class RecordingRecords implements RecordSource {

  private final Path path;
  private final String topic;
  private final int partitions;
  private final InputFile file;
  private final BufferedReader lines;
  private final RecordingFormat.Head head;
  private final SkippedRows nothing = new SkippedRows();
  private long read;

  RecordingRecords(Path path, String topic, int partitions) throws IOException {
    this.path = path;
    this.topic = topic;
    this.partitions = partitions;
    this.file = InputFile.open(path);
    this.lines = new BufferedReader(new InputStreamReader(file.content(), StandardCharsets.UTF_8));
    try {
      this.head = RecordingFormat.parseHead(lines.readLine());
    } catch (IOException e) {
      lines.close();
      throw new IOException(path + " is no recording: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> next() throws IOException {
    try {
      String line = lines.readLine();
      if (line == null) {
        return Optional.empty();
      }
      RecordingFormat.Recorded record = RecordingFormat.parse(line);
      read++;
      return Optional.of(
          new ProducerRecord<>(
              topic,
              Partitions.kept(record.partition(), head.partitions(), record.key(), partitions),
              record.timestamp(),
              record.key(),
              record.value(),
              record.headers()));
    } catch (IOException e) {
      throw new IOException(
          "%s is damaged at line %d: %s".formatted(path, read + 2, e.getMessage()), e);
    }
  }

  @Override
  public long read() {
    return read;
  }

  @Override
  public double fraction() {
    return file.fraction();
  }

  @Override
  public SkippedRows skipped() {
    return nothing;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
