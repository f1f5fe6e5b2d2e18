package dev.millrace.connectors.kafka;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.model.data.SourcePosition;
import java.io.Serializable;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes an event of a Kafka record. */
@FunctionalInterface
interface RecordDecoder<T> extends Serializable {

  /**
   * The event.
   *
   * @param position where the record stands
   * @param arrivalTime when it was read, in milliseconds since the epoch
   * @throws DecodeException if the record holds none
   */
  T decode(ConsumerRecord<byte[], byte[]> record, SourcePosition position, long arrivalTime)
      throws DecodeException;
}
