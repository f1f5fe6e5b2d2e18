package dev.millrace.connectors.replay;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Records of another topic, with key, value, timestamp and headers as they are. */
final class TopicRecords implements RecordSource {

  private final String bootstrapServers;
  private final Duration timeout;
  private final Consumer<byte[], byte[]> consumer;
  private final TopicReader reader;
  private final long total;
  private final int partitionsThere;
  private final String topic;
  private final int partitions;
  private final SkippedRows nothing = new SkippedRows();

  TopicRecords(ReplaySource.Topic source, String topic, int partitions, Duration timeout) {
    this.bootstrapServers = source.bootstrapServers();
    this.timeout = timeout;
    this.topic = topic;
    this.partitions = partitions;
    this.partitionsThere =
        KafkaAccess.partitions(source.bootstrapServers(), source.topic(), 0, timeout);
    this.consumer = KafkaAccess.consumer(source.bootstrapServers());
    try {
      Map<TopicPartition, Long> ends =
          KafkaAccess.ends(consumer, source.topic(), partitionsThere, timeout);
      this.total = KafkaAccess.records(consumer, ends, timeout);
      this.reader = new TopicReader(consumer, ends, timeout);
    } catch (TimeoutException e) {
      consumer.close();
      throw KafkaAccess.unreachable(bootstrapServers, timeout, e);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> next() {
    try {
      return reader.next().map(this::address);
    } catch (TimeoutException e) {
      throw KafkaAccess.unreachable(bootstrapServers, timeout, e);
    }
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
