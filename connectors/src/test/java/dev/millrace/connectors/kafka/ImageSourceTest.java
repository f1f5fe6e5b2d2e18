package dev.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.image.BrokenImage;
import dev.millrace.connectors.image.TestImages;
import dev.millrace.model.data.ImageEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImageSourceTest {

  private static final int BROKEN = 10_000;
  private static final long TIME = 1_291_191_960_000L;

  private final DecodingDeserializer<ImageEvent> deserializer =
      ImageSource.deserializer(new Configuration());

  @Test
  void tenThousandBrokenImagesAreTenThousandDeadLettersInTheSameMemory() {
    List<BrokenImage> kinds = BrokenImage.all();
    List<byte[]> good = List.copyOf(TestImages.all().values());
    int dead = 0;
    int events = 0;
    long early = 0;
    for (int i = 0; i < BROKEN; i++) {
      BrokenImage broken = kinds.get(i % kinds.size());
      Decoded<ImageEvent> decoded = deserialize(broken.file(), i);
      assertThat(decoded.isValue()).as(broken.name()).isFalse();
      assertThat(decoded.deadLetter().errorClass()).isEqualTo(broken.errorClass());
      assertThat(decoded.deadLetter().value()).isSameAs(broken.file());
      dead++;
      if (i % 20 == 0) {
        events += deserialize(good.get(i / 20 % good.size()), i).isValue() ? 1 : 0;
      }
      if (i == BROKEN / 5) {
        early = usedHeap();
      }
    }

    assertThat(dead).isEqualTo(BROKEN);
    assertThat(events).isEqualTo(BROKEN / 20);
    assertThat(usedHeap() - early).isLessThan(8 << 20);
  }

  @Test
  void itReachesTheClusterWhole() throws Exception {
    assertThat(InstantiationUtil.clone(deserializer).getProducedType())
        .isEqualTo(deserializer.getProducedType());
  }

  @ParameterizedTest
  @CsvSource({
    "source.images.topic, a topic, topic name",
    "source.images.max-image-size, 3gb, a size from 1 b",
    "source.images.max-pixels, 0, a positive number",
    "source.images.longest-side, 20000, 1 to 16384",
    "source.images.earliest-time, 2200-01-01T00:00:00Z, source.images.latest-time"
  })
  void aBadOptionIsNamedWithWhatToSet(String key, String value, String advice) {
    Configuration config = Configuration.fromMap(Map.of(key, value));

    assertThatThrownBy(() -> ImageSource.from(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(advice);
  }

  @Test
  void theLargestImageFitsIntoItsTopicAndItsDeadLetterToo() {
    Configuration config = Configuration.fromMap(Map.of("source.images.max-image-size", "30mb"));
    Map<String, Map<String, String>> topics = new TreeMap<>();
    TopicSpec.ofImageJob(config, 2).forEach(topic -> topics.put(topic.name(), topic.settings()));

    assertThat(topics.keySet())
        .containsExactly(
            "dead-letters", "image-embeddings", "images", "learning-metrics", "prototypes");
    assertThat(topics.get("images").get("max.message.bytes"))
        .isEqualTo(String.valueOf((45 << 20) + (64 << 10)));
    String deadLetter = topics.get("dead-letters").get("max.message.bytes");
    assertThat(Integer.parseInt(deadLetter)).isGreaterThan((45 << 20) / 3 * 4);
    assertThat(KafkaSinks.producerProperties(config)).containsEntry("max.request.size", deadLetter);
    assertThat(topics.get("prototypes")).containsEntry("cleanup.policy", "compact");
    assertThat(topics.get("image-embeddings")).containsEntry("cleanup.policy", "compact");
    assertThat(TopicSpec.ofJob(config, 2).stream().map(TopicSpec::name))
        .doesNotContain("images", "image-embeddings", "prototypes");
  }

  private Decoded<ImageEvent> deserialize(byte[] value, int i) {
    byte[] key = ("image-" + i).getBytes(StandardCharsets.UTF_8);
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            "images",
            0,
            i,
            TIME,
            TimestampType.CREATE_TIME,
            -1,
            -1,
            key,
            value,
            new RecordHeaders(),
            Optional.empty());
    List<Decoded<ImageEvent>> out = new ArrayList<>();
    deserializer.deserialize(record, new ListCollector<>(out));
    assertThat(out).hasSize(1);
    return out.get(0);
  }

  private static long usedHeap() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
