package dev.millrace.connectors.replay;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes a topic to a file from which {@link Replay} makes the same records again: first what is
 * there at the start, partition after partition, then what comes while it follows.
 */
public final class Recorder {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int PROGRESS_RECORDS = 1000;

  // configuration
  private final RecorderOptions options;
  private final Consumer<ReplayProgress> progress;

  // runtime
  private long records;
  private long bytes;
  private long total;

  private Recorder(RecorderOptions options, Consumer<ReplayProgress> progress) {
    this.options = Objects.requireNonNull(options, "options");
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * Records until the end or the limit, then as long as the options say to follow.
   *
   * @param progress called every thousand records, while it follows also five times a second, and
   *     at the end
   * @throws IOException when the file cannot be written
   * @throws IllegalStateException when a broker does not answer or the topic does not exist
   */
  public static RecorderResult run(RecorderOptions options, Consumer<ReplayProgress> progress)
      throws IOException {
    return new Recorder(options, progress).run();
  }

  private RecorderResult run() throws IOException {
    int partitions =
        KafkaAccess.partitions(options.bootstrapServers(), options.topic(), 0, options.timeout());
    try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer =
            KafkaAccess.consumer(options.bootstrapServers());
        Writer writer = open(options.file())) {
      writer.write(
          RecordingFormat.head(new RecordingFormat.Head(options.topic(), partitions)) + "\n");
      Map<TopicPartition, Long> ends =
          KafkaAccess.ends(consumer, options.topic(), partitions, options.timeout());
      total = KafkaAccess.records(consumer, ends, options.timeout());
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        TopicReader reader =
            new TopicReader(consumer, Map.of(end.getKey(), end.getValue()), options.timeout());
        for (Optional<ConsumerRecord<byte[], byte[]>> next = next(reader);
            next.isPresent();
            next = next(reader)) {
          write(writer, next.get());
        }
      }
      follow(consumer, ends, writer);
    } catch (org.apache.kafka.common.errors.TimeoutException e) {
      throw KafkaAccess.unreachable(options.bootstrapServers(), options.timeout(), e);
    }
    report();
    return new RecorderResult(records, bytes);
  }

  private Optional<ConsumerRecord<byte[], byte[]>> next(TopicReader reader) {
    return records < options.limit() ? reader.next() : Optional.empty();
  }

  private void follow(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Writer writer)
      throws IOException {
    if (options.follow().isZero()) {
      return;
    }
    report();
    consumer.assign(ends.keySet());
    ends.forEach(consumer::seek);
    long until = System.nanoTime() + options.follow().toNanos();
    while (records < options.limit() && System.nanoTime() < until) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (records < options.limit()) {
          write(writer, record);
        }
      }
      report();
    }
  }

  private void write(Writer writer, ConsumerRecord<byte[], byte[]> record) throws IOException {
    writer.write(RecordingFormat.line(record));
    writer.write('\n');
    records++;
    bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    if (records % PROGRESS_RECORDS == 0) {
      report();
    }
  }

  private void report() {
    double fraction = total == 0 ? 1 : (double) records / Math.min(total, options.limit());
    progress.accept(new ReplayProgress(records, records, 0, bytes, Math.min(1, fraction)));
  }

  private static Writer open(Path file) throws IOException {
    OutputStream out = Files.newOutputStream(file);
    try {
      boolean packed = file.getFileName().toString().endsWith(".gz");
      return new BufferedWriter(
          new OutputStreamWriter(packed ? new GZIPOutputStream(out) : out, StandardCharsets.UTF_8));
    } catch (IOException e) {
      out.close();
      throw e;
    }
  }
}
