package dev.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

final class RecordSerializerTest {

  private final RecordSerializer<Long> serializer =
      new RecordSerializer<>(
          time -> "topic", time -> RecordSerializer.utf8("é" + time), time -> null, time -> time);

  @Test
  void theTimestampIsTheRecordsOwnAndNotThatOfTheStream() {
    ProducerRecord<byte[], byte[]> record = serializer.serialize(42L, null, 7L);

    assertThat(record.timestamp()).isEqualTo(42);
    assertThat(record.key()).isEqualTo(RecordSerializer.utf8("é42"));
    assertThat(record.value()).isNull();
    assertThat(record.partition()).isNull();
  }

  @Test
  void aTimeBefore1970LeavesTheTimestampToKafka() {
    assertThat(serializer.serialize(-1L, null, 7L).timestamp()).isNull();
  }
}
