package dev.millrace.connectors.rounds;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The log of rounds in a Kafka topic. A lane writes to partition {@code lane mod partitions}, so
 * that what it tells keeps its order; large news are cut into pieces. Records of other runs, and
 * whatever else is in the topic, are passed over.
 */
public final class KafkaRoundLog implements RoundLog {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final RoundLogConfig config;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final RoundAssembler assembler = new RoundAssembler();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Map<Integer, Long> written = new HashMap<>();
  private final long attempt = new SecureRandom().nextLong();
  private final List<TopicPartition> partitions;

  /** Opens the log of a run that begins. */
  public static KafkaRoundLog begin(RoundLogConfig config) {
    KafkaRoundLog log = new KafkaRoundLog(config);
    try {
      log.seekToTime(config.since());
      return log;
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /**
   * Opens the log of a run that goes on.
   *
   * @param positions as {@link #positions} gave them
   * @throws IllegalStateException if the topic does not reach back that far
   */
  public static KafkaRoundLog resume(RoundLogConfig config, Map<Integer, Long> positions) {
    KafkaRoundLog log = new KafkaRoundLog(config);
    try {
      log.seek(positions);
      return log;
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private KafkaRoundLog(RoundLogConfig config) {
    this.config = config;
    Map<String, Object> reading = new HashMap<>();
    reading.put("bootstrap.servers", config.bootstrap());
    reading.put("enable.auto.commit", false);
    reading.put("auto.offset.reset", "none");
    reading.put("allow.auto.create.topics", false);
    reading.put("max.partition.fetch.bytes", 8 << 20);
    reading.put("fetch.max.wait.ms", 100);
    reading.put("default.api.timeout.ms", Math.toIntExact(TIMEOUT.toMillis()));
    consumer =
        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    Map<String, Object> writing = new HashMap<>();
    writing.put("bootstrap.servers", config.bootstrap());
    writing.put("acks", "all");
    writing.put("enable.idempotence", true);
    writing.put("linger.ms", 0);
    writing.put("batch.size", 1 << 20);
    writing.put("buffer.memory", 64L << 20);
    writing.put("max.block.ms", TIMEOUT.toMillis());
    writing.put("delivery.timeout.ms", Math.toIntExact(TIMEOUT.toMillis()));
    producer = new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
    partitions =
        consumer.partitionsFor(config.topic(), TIMEOUT).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
            .toList();
    if (partitions.isEmpty()) {
      close();
      throw new IllegalStateException(
          "the topic '"
              + config.topic()
              + "', in which lanes tell each other what they learned, does not exist at "
              + config.bootstrap()
              + ": create it, or start the job by its main class, which does");
    }
    consumer.assign(partitions);
  }

  private void seekToTime(long since) {
    // The ends first: what comes while we ask is told to us, and is read.
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, OffsetAndTimestamp> offsets =
        consumer.offsetsForTimes(
            partitions.stream().collect(Collectors.toMap(Function.identity(), p -> since)));
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = offsets.get(partition);
      consumer.seek(partition, first == null ? ends.get(partition) : first.offset());
    }
  }

  private void seek(Map<Integer, Long> positions) {
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      long position = positions.getOrDefault(partition.partition(), 0L);
      if (position < beginnings.get(partition) || position > ends.get(partition)) {
        throw new IllegalStateException(
            "the job resumes at offset %d of partition %d of the topic '%s', which holds %d to %d:"
                    .formatted(
                        position,
                        partition.partition(),
                        config.topic(),
                        beginnings.get(partition),
                        ends.get(partition))
                + " what lanes told since the checkpoint is lost (retention, or another topic of"
                + " this name). Resume from a newer checkpoint, or start without state from the"
                + " beginning of the stream; keep retention.ms of this topic above the age of the"
                + " oldest checkpoint you resume from");
      }
      consumer.seek(partition, position);
    }
  }

  @Override
  public void publish(RoundRecord record) {
    throwFailure();
    byte[] key = ByteBuffer.allocate(4).putInt(record.lane()).array();
    int partition = record.lane() % partitions.size();
    for (byte[] chunk : RoundChunk.of(config.run(), attempt, record)) {
      producer.send(
          new ProducerRecord<>(config.topic(), partition, key, chunk),
          (metadata, e) -> {
            if (e != null) {
              failure.compareAndSet(null, e);
            } else {
              synchronized (written) {
                written.merge(partition, metadata.offset() + 1, Math::max);
              }
            }
          });
    }
  }

  @Override
  public void flush() {
    producer.flush();
    throwFailure();
  }

  private void throwFailure() {
    if (failure.get() != null) {
      throw new IllegalStateException(
          "the topic '"
              + config.topic()
              + "' cannot be written: "
              + failure.get().getMessage()
              + "; the job resumes from its last checkpoint once the broker takes records",
          failure.get());
    }
  }

  @Override
  public List<Read> readToEnd() {
    List<Read> all = new ArrayList<>();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      all.addAll(poll(Duration.ofMillis(100)));
    }
    return all;
  }

  @Override
  public void follow(Collection<Integer> lanes) {
    List<TopicPartition> followed =
        partitions.stream()
            .filter(
                partition ->
                    lanes.stream()
                        .anyMatch(lane -> lane % partitions.size() == partition.partition()))
            .toList();
    Map<TopicPartition, Long> at =
        followed.stream().collect(Collectors.toMap(Function.identity(), consumer::position));
    consumer.assignment().stream()
        .filter(partition -> !followed.contains(partition))
        .forEach(
            partition ->
                written.merge(partition.partition(), consumer.position(partition), Math::max));
    consumer.assign(followed);
    at.forEach(consumer::seek);
  }

  @Override
  public List<Read> poll(Duration patience) {
    throwFailure();
    if (consumer.assignment().isEmpty()) {
      return List.of();
    }
    List<Read> read = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      RoundChunk.read(record.value())
          .filter(chunk -> chunk.run().equals(config.run()))
          .flatMap(chunk -> assembler.add(chunk, record.partition(), record.offset()))
          .ifPresent(read::add);
    }
    return read;
  }

  @Override
  public Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new TreeMap<>();
    for (TopicPartition partition : partitions) {
      int number = partition.partition();
      if (consumer.assignment().contains(partition)) {
        positions.put(number, assembler.begin(number, consumer.position(partition)));
      } else {
        synchronized (written) {
          positions.put(number, written.getOrDefault(number, 0L));
        }
      }
    }
    return positions;
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
    producer.close(Duration.ZERO);
  }
}
