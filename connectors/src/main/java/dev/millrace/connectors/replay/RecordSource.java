package dev.millrace.connectors.replay;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records to be sent, one after another. */
interface RecordSource extends Closeable {

  /** The next record, addressed to the topic that is written; empty at the end. */
  Optional<ProducerRecord<byte[], byte[]>> next() throws IOException;

  /** Rows or records read so far. */
  long read();

  /** Share that was read, from 0 to 1. */
  double fraction();

  /** What was left out so far. */
  SkippedRows skipped();

  /**
   * Opens the source of a replay.
   *
   * @param partitions number of partitions of the topic that is written
   */
  static RecordSource open(ReplayOptions options, int partitions) throws IOException {
    ReplaySource source = options.source();
    if (source instanceof ReplaySource.Rows rows) {
      return new RowRecords(rows, options.topic(), partitions);
    }
    if (source instanceof ReplaySource.Recording recording) {
      return new RecordingRecords(recording.path(), options.topic(), partitions);
    }
    if (source instanceof ReplaySource.Images images) {
      return ImageRecords.open(images, options.topic(), partitions);
    }
    return new TopicRecords(
        (ReplaySource.Topic) source, options.topic(), partitions, options.timeout());
  }
}
