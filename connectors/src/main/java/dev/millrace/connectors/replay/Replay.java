package dev.millrace.connectors.replay;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends the records of a file or a topic to a topic, in order and each exactly as often as it is
 * there. The same source gives the same bytes in the same partitions.
 */
public final class Replay {

  private static final long PROGRESS_NANOS = 200_000_000L;

  // configuration
  private final ReplayOptions options;
  private final Consumer<ReplayProgress> progress;
  private final Wait wait;

  // runtime
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private long sent;
  private long bytes;
  private long lastProgressNanos;

  private Replay(ReplayOptions options, Consumer<ReplayProgress> progress, Wait wait) {
    this.options = Objects.requireNonNull(options, "options");
    this.progress = Objects.requireNonNull(progress, "progress");
    this.wait = Objects.requireNonNull(wait, "wait");
  }

  /**
   * Replays until the source or the limit ends.
   *
   * @param progress called about five times a second, and at the end
   * @throws IOException when the source cannot be read
   * @throws IllegalArgumentException when the source is not as the options say
   * @throws IllegalStateException when a broker does not answer or does not take a record; those
   *     before it may have been written
   * @throws InterruptedException when the thread is interrupted; likewise
   */
  public static ReplayResult run(ReplayOptions options, Consumer<ReplayProgress> progress)
      throws IOException, InterruptedException {
    return run(options, progress, Wait.system());
  }

  static ReplayResult run(ReplayOptions options, Consumer<ReplayProgress> progress, Wait wait)
      throws IOException, InterruptedException {
    return new Replay(options, progress, wait).run();
  }

  private ReplayResult run() throws IOException, InterruptedException {
    int partitions =
        KafkaAccess.partitions(
            options.bootstrapServers(),
            options.topic(),
            options.createPartitions(),
            options.timeout());
    try (RecordSource source = RecordSource.open(options, partitions);
        Producer<byte[], byte[]> producer =
            KafkaAccess.producer(options.bootstrapServers(), options.timeout())) {
      sendAll(source, producer);
      producer.flush();
      requireNoFailure();
      report(source);
      SkippedRows skipped = source.skipped();
      return new ReplayResult(source.read(), sent, bytes, skipped.counts(), skipped.firstLines());
    }
  }

  private void sendAll(RecordSource source, Producer<byte[], byte[]> producer)
      throws IOException, InterruptedException {
    Pacer pacer = new Pacer(options.pace());
    lastProgressNanos = wait.nanoTime();
    while (sent < options.limit()) {
      Optional<ProducerRecord<byte[], byte[]>> next = source.next();
      if (next.isEmpty()) {
        return;
      }
      awaitDue(pacer, next.get().timestamp(), source);
      requireNoFailure();
      send(producer, next.get());
      reportNowAndThen(source);
    }
  }

  private void awaitDue(Pacer pacer, long eventTime, RecordSource source)
      throws InterruptedException {
    long delay = pacer.delayNanos(sent, eventTime, wait.nanoTime());
    while (delay > 0) {
      wait.sleepNanos(Math.min(delay, PROGRESS_NANOS));
      reportNowAndThen(source);
      delay = pacer.delayNanos(sent, eventTime, wait.nanoTime());
    }
  }

  private void send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(
          record,
          (metadata, e) -> {
            if (e != null) {
              failure.compareAndSet(null, e);
            }
          });
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
      requireNoFailure();
    }
    sent++;
    bytes += length(record.key()) + length(record.value());
  }

  private void requireNoFailure() {
    Exception e = failure.get();
    if (e instanceof org.apache.kafka.common.errors.TimeoutException) {
      throw KafkaAccess.unreachable(options.bootstrapServers(), options.timeout(), e);
    }
    if (e != null) {
      throw new IllegalStateException(
          "topic '%s' at %s did not take a record: %s"
              .formatted(options.topic(), options.bootstrapServers(), e.getMessage()),
          e);
    }
  }

  private void reportNowAndThen(RecordSource source) {
    long now = wait.nanoTime();
    if (now - lastProgressNanos >= PROGRESS_NANOS) {
      lastProgressNanos = now;
      report(source);
    }
  }

  private void report(RecordSource source) {
    double ofLimit = (double) sent / options.limit();
    progress.accept(
        new ReplayProgress(
            source.read(),
            sent,
            source.skipped().total(),
            bytes,
            Math.max(source.fraction(), ofLimit)));
  }

  private static int length(byte[] content) {
    return content == null ? 0 : content.length;
  }
}
