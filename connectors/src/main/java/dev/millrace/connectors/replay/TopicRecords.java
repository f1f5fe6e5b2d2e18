package dev.millrace.connectors.replay;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Records of another topic, with key, value, timestamp and headers as they are. */
final class TopicRecords implements RecordSource {

  private final Consumer<byte[], byte[]> consumer;
  private final TopicReader reader;
  private final long total;
  private final int partitionsThere;
  private final String topic;
  private final int partitions;
  private final SkippedRows nothing = new SkippedRows();

  TopicRecords(ReplaySource.Topic source, String topic, int partitions, Duration timeout) {
    this.topic = topic;
    this.partitions = partitions;
    this.partitionsThere =
        KafkaAccess.partitions(source.bootstrapServers(), source.topic(), 0, timeout);
    this.consumer = KafkaAccess.consumer(source.bootstrapServers());
    try {
      Map<TopicPartition, Long> ends =
          KafkaAccess.ends(consumer, source.topic(), partitionsThere, timeout);
      long first =
          consumer.beginningOffsets(ends.keySet(), timeout).values().stream()
              .mapToLong(Long::longValue)
              .sum();
      this.total = ends.values().stream().mapToLong(Long::longValue).sum() - first;
      this.reader = new TopicReader(consumer, ends, timeout);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> next() {
    return reader.next().map(this::address);
  }

  private ProducerRecord<byte[], byte[]> address(ConsumerRecord<byte[], byte[]> record) {
    return new ProducerRecord<>(
        topic,
        Partitions.kept(record.partition(), partitionsThere, record.key(), partitions),
        record.timestamp(),
        record.key(),
        record.value(),
        record.headers());
  }

  @Override
  public long read() {
    return reader.read();
  }

  @Override
  public double fraction() {
    return total == 0 ? 1 : Math.min(1, (double) reader.read() / total);
  }

  @Override
  public SkippedRows skipped() {
    return nothing;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
