package dev.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

final class DecodingDeserializerTest {

  private final DecodingDeserializer<Interaction> deserializer =
      InteractionSource.deserializer(new Configuration());

  @Test
  void aGoodRecordBecomesAnInteractionWithItsPositionAndArrival() {
    long before = System.currentTimeMillis();

    Decoded<Interaction> decoded =
        deserialize(null, bytes("{\"user\":1,\"item\":2,\"time\":1291191960000}"));

    assertThat(decoded.value().position()).isEqualTo(new SourcePosition("clicks", 3, 41));
    assertThat(decoded.value().arrivalTime()).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void aBadRecordBecomesADeadLetterWithItsOriginalBytes() {
    byte[] key = {1, -1};
    byte[] value = bytes("{\"user\":1");

    DeadLetter letter = deserialize(key, value).deadLetter();

    assertThat(letter.key()).isEqualTo(key);
    assertThat(letter.value()).isEqualTo(value);
    assertThat(letter.position()).isEqualTo(new SourcePosition("clicks", 3, 41));
    assertThat(letter.errorClass()).isEqualTo("TruncatedJson");
    assertThat(letter.errorMessage()).contains("ends");
    assertThat(letter.time()).isEqualTo(1234);
  }

  @Test
  void aTombstoneBecomesADeadLetterWithoutValue() {
    DeadLetter letter = deserialize(null, null).deadLetter();

    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isNull();
    assertThat(letter.errorClass()).isEqualTo("Tombstone");
  }

  @Test
  void itReachesTheClusterWhole() throws Exception {
    assertThat(InstantiationUtil.clone(deserializer).getProducedType())
        .isEqualTo(deserializer.getProducedType());
  }

  private Decoded<Interaction> deserialize(byte[] key, byte[] value) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            "clicks",
            3,
            41,
            1234,
            TimestampType.CREATE_TIME,
            -1,
            -1,
            key,
            value,
            new RecordHeaders(),
            Optional.empty());
    List<Decoded<Interaction>> out = new ArrayList<>();
    deserializer.deserialize(record, new ListCollector<>(out));
    assertThat(out).hasSize(1);
    return out.get(0);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
