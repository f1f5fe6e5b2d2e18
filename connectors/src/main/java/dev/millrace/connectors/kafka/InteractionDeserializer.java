package dev.millrace.connectors.kafka;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.codec.InteractionJsonCodec;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Each record becomes one interaction or one dead letter; none is lost and none stops the job. */
final class InteractionDeserializer
    implements KafkaRecordDeserializationSchema<Decoded<Interaction>> {

  private static final long serialVersionUID = 1L;

  private final InteractionJsonCodec codec;

  InteractionDeserializer(InteractionJsonCodec codec) {
    this.codec = codec;
  }

  @Override
  public void deserialize(
      ConsumerRecord<byte[], byte[]> record, Collector<Decoded<Interaction>> out) {
    out.collect(decode(record, System.currentTimeMillis()));
  }

  private Decoded<Interaction> decode(ConsumerRecord<byte[], byte[]> record, long arrivalTime) {
    SourcePosition position =
        new SourcePosition(record.topic(), record.partition(), record.offset());
    try {
      return Decoded.value(codec.decode(record.value(), position, arrivalTime));
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
  public TypeInformation<Decoded<Interaction>> getProducedType() {
    return RecordTypes.DECODED_INTERACTION;
  }
}
