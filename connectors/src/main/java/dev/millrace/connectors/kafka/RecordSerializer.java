package dev.millrace.connectors.kafka;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record as Kafka holds it: topic, key, value and timestamp, each a function of the record. The
 * partition is left to Kafka's hash of the key.
 */
final class RecordSerializer<T> implements KafkaRecordSerializationSchema<T> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, String> topic;
  private final SerializableFunction<T, byte[]> key;
  private final SerializableFunction<T, byte[]> value;
  private final SerializableToLong<T> timestamp;

  RecordSerializer(
      SerializableFunction<T, String> topic,
      SerializableFunction<T, byte[]> key,
      SerializableFunction<T, byte[]> value,
      SerializableToLong<T> timestamp) {
    this.topic = topic;
    this.key = key;
    this.value = value;
    this.timestamp = timestamp;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      T record, KafkaSinkContext context, Long flinkTimestamp) {
    long time = timestamp.applyAsLong(record);
    // Kafka knows no time before 1970; without one it takes its own clock.
    return new ProducerRecord<>(
        topic.apply(record), null, time < 0 ? null : time, key.apply(record), value.apply(record));
  }

  static byte[] utf8(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }

  interface SerializableFunction<T, R> extends Function<T, R>, Serializable {}

  interface SerializableToLong<T> extends ToLongFunction<T>, Serializable {}
}
