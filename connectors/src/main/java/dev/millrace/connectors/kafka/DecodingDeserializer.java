package dev.millrace.connectors.kafka;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.SourcePosition;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Each record becomes one value or one dead letter; none is lost and none stops the job. */
final class DecodingDeserializer<T> implements KafkaRecordDeserializationSchema<Decoded<T>> {

  private static final long serialVersionUID = 1L;

  private final RecordDecoder<T> decoder;
  private final TypeInformation<Decoded<T>> type;

  DecodingDeserializer(RecordDecoder<T> decoder, TypeInformation<Decoded<T>> type) {
    this.decoder = decoder;
    this.type = type;
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Decoded<T>> out) {
    out.collect(decode(record, System.currentTimeMillis()));
  }

  private Decoded<T> decode(ConsumerRecord<byte[], byte[]> record, long arrivalTime) {
    SourcePosition position =
        new SourcePosition(record.topic(), record.partition(), record.offset());
    try {
      return Decoded.value(decoder.decode(record, position, arrivalTime));
    } catch (DecodeException e) {
      return Decoded.deadLetter(
          new DeadLetter(
              record.key(),
              record.value(),
              position,
              e.errorClass(),
              e.getMessage(),
              record.timestamp()));
    }
  }

  @Override
  public TypeInformation<Decoded<T>> getProducedType() {
    return type;
  }
}
