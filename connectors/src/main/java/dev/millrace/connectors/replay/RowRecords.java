package dev.millrace.connectors.replay;

import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The usable rows of a file as records whose timestamp is the event time. */
final class RowRecords implements RecordSource {

  private final InteractionFile file;
  private final RecordEncoder encoder;
  private final String topic;
  private final int partitions;

  RowRecords(ReplaySource.Rows rows, String topic, int partitions) throws IOException {
    this.file =
        InteractionFile.open(rows.path(), rows.mapping(), rows.filters(), rows.timeFormat());
    this.encoder = rows.encoder();
    this.topic = topic;
    this.partitions = partitions;
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> next() throws IOException {
    return file.next()
        .map(
            interaction -> {
              byte[] key = encoder.key(interaction);
              return new ProducerRecord<>(
                  topic,
                  Partitions.ofKey(key, partitions),
                  interaction.eventTime(),
                  key,
                  encoder.value(interaction));
            });
  }

  @Override
  public long read() {
    return file.rows();
  }

  @Override
  public double fraction() {
    return file.fraction();
  }

  @Override
  public SkippedRows skipped() {
    return file.skipped();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
