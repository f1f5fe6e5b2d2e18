package dev.millrace.connectors.replay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads partitions of a topic from their beginnings to given ends, merged by (timestamp,
 * partition); the order within a partition is kept. The merge is a function of the topic's content
 * only, not of how its fetches came in.
 */
final class TopicReader {

  private static final int BUFFERED = 2000;
  private static final long BUFFERED_BYTES = 32L << 20;
  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private final Duration timeout;
  private final Map<TopicPartition, Queue<ConsumerRecord<byte[], byte[]>>> buffers =
      new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
  private final Map<TopicPartition, Long> bufferedBytes = new HashMap<>();
  private long read;

  /**
   * @param consumer free for this reader, which assigns it
   * @param ends offset behind the last record to read, of each partition
   * @param timeout how long the brokers may give nothing
   */
  TopicReader(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Duration timeout) {
    this.consumer = consumer;
    this.ends = Map.copyOf(ends);
    this.timeout = timeout;
    consumer.assign(ends.keySet());
    consumer.seekToBeginning(ends.keySet());
    ends.keySet().forEach(partition -> buffers.put(partition, new ArrayDeque<>()));
  }

  /** The next record; empty at the ends. */
  Optional<ConsumerRecord<byte[], byte[]>> next() {
    fill();
    Queue<ConsumerRecord<byte[], byte[]>> earliest = null;
    for (Queue<ConsumerRecord<byte[], byte[]>> buffer : buffers.values()) {
      // Partitions come in their order: the first of equal times wins.
      if (!buffer.isEmpty()
          && (earliest == null || buffer.element().timestamp() < earliest.element().timestamp())) {
        earliest = buffer;
      }
    }
    if (earliest == null) {
      return Optional.empty();
    }
    read++;
    ConsumerRecord<byte[], byte[]> record = earliest.remove();
    count(record, -1);
    return Optional.of(record);
  }

  long read() {
    return read;
  }

  /** Polls until every partition has a record waiting or has reached its end. */
  private void fill() {
    long patience = System.nanoTime() + timeout.toNanos();
    for (List<TopicPartition> lacking = lacking(); !lacking.isEmpty(); lacking = lacking()) {
      pauseFull();
      long before = positions(lacking);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.get(partition)) {
          buffers.get(partition).add(record);
          count(record, 1);
        }
      }
      if (positions(lacking) > before) {
        patience = System.nanoTime() + timeout.toNanos();
      } else if (System.nanoTime() > patience) {
        throw new IllegalStateException(
            "the brokers gave no records of %s for %d s; check that they run"
                .formatted(lacking, TimeUnit.MILLISECONDS.toSeconds(timeout.toMillis())));
      }
    }
  }

  private List<TopicPartition> lacking() {
    List<TopicPartition> lacking = new ArrayList<>();
    buffers.forEach(
        (partition, buffer) -> {
          if (buffer.isEmpty() && consumer.position(partition, timeout) < ends.get(partition)) {
            lacking.add(partition);
          }
        });
    return lacking;
  }

  private void count(ConsumerRecord<byte[], byte[]> record, int sign) {
    long bytes =
        Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    bufferedBytes.merge(
        new TopicPartition(record.topic(), record.partition()), sign * bytes, Long::sum);
  }

  private boolean isFull(TopicPartition partition) {
    return buffers.get(partition).size() >= BUFFERED
        || bufferedBytes.getOrDefault(partition, 0L) >= BUFFERED_BYTES;
  }

  private void pauseFull() {
    Collection<TopicPartition> full = new ArrayList<>();
    Collection<TopicPartition> open = new ArrayList<>();
    buffers.keySet().forEach(partition -> (isFull(partition) ? full : open).add(partition));
    consumer.pause(full);
    consumer.resume(open);
  }

  private long positions(List<TopicPartition> partitions) {
    return partitions.stream().mapToLong(p -> consumer.position(p, timeout)).sum();
  }
}
