package dev.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KafkaOptionsTest {

  @Test
  void everyOptionIsListedOnceWithADescriptionOfOneSentence() {
    List<ConfigOption<?>> all = new ArrayList<>(KafkaSourceOptions.all());
    all.addAll(KafkaSinkOptions.all());

    assertThat(all.stream().map(ConfigOption::key)).doesNotHaveDuplicates();
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(KafkaSourceOptions.class, KafkaSinkOptions.class)
                .flatMap(KafkaOptionsTest::declared)
                .toList());
    HtmlFormatter formatter = new HtmlFormatter();
    assertThat(all)
        .allSatisfy(
            option ->
                assertThat(formatter.format(option.description())).matches("[A-Za-z].{10,}\\."));
  }

  @Test
  void theDefaultsMakeAnEndlessSource() {
    assertThat(InteractionSource.from(new Configuration()).getBoundedness())
        .isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
  }

  @Test
  void aBoundedSourceEnds() {
    Configuration config = new Configuration();
    config.set(KafkaSourceOptions.BOUNDED, true);

    assertThat(InteractionSource.from(config).getBoundedness()).isEqualTo(Boundedness.BOUNDED);
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.bootstrap-servers, localhost, host:port",
    "kafka.bootstrap-servers, '', Addresses of one or more brokers",
    "source.interactions.topic, a topic, topic name",
    "source.group-id, ' ', Consumer group",
    "source.interactions.max-value-size, 3gb, a size from 1 b",
    "source.interactions.earliest-time, yesterday, 2010-12-01T00:00:00Z",
    "source.interactions.earliest-time, 2200-01-01T00:00:00Z, source.interactions.latest-time",
    "source.interactions.field.user, '', Name of the JSON field"
  })
  void aBadSourceOptionIsNamedWithWhatToSet(String key, String value, String advice) {
    Configuration config = Configuration.fromMap(Map.of(key, value));

    assertThatThrownBy(() -> InteractionSource.from(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(advice);
  }

  @Test
  void startingAtATimestampNeedsOne() {
    Configuration config = new Configuration();
    config.set(KafkaSourceOptions.STARTING_OFFSETS, StartingOffsets.TIMESTAMP);

    assertThatThrownBy(() -> InteractionSource.from(config))
        .hasMessageContaining("set source.starting-timestamp");
  }

  @Test
  void aBadSinkOptionIsNamedWithWhatToSet() {
    Configuration compression = new Configuration();
    compression.set(KafkaSinkOptions.COMPRESSION, "zip");
    Configuration timeout = new Configuration();
    timeout.set(KafkaSinkOptions.TRANSACTION_TIMEOUT, Duration.ZERO);
    Configuration prefix = new Configuration();
    prefix.set(KafkaSinkOptions.DELIVERY_GUARANTEE, DeliveryGuarantee.EXACTLY_ONCE);
    prefix.set(KafkaSinkOptions.TRANSACTIONAL_ID_PREFIX, "");

    assertThatThrownBy(() -> KafkaSinks.embeddings(compression))
        .hasMessage("sink.compression is \"zip\"; set it to none, gzip, snappy, lz4 or zstd");
    assertThatThrownBy(() -> KafkaSinks.deadLetters(timeout))
        .hasMessageContaining("sink.transaction-timeout");
    assertThatThrownBy(() -> KafkaSinks.recommendations(prefix))
        .hasMessageContaining("set sink.transactional-id-prefix");
    assertThatCode(() -> KafkaSinks.recommendations(new Configuration()))
        .doesNotThrowAnyException();
  }

  @Test
  void furtherClientPropertiesReachTheProducer() {
    Configuration config = new Configuration();
    config.setString("kafka.properties.max.request.size", "5000000");

    assertThat(KafkaSinks.producerProperties(config))
        .containsEntry("max.request.size", "5000000")
        .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
        .containsEntry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
  }

  @Test
  void aBrokerThatIsNotThereIsNamedWithWhatToDo() throws Exception {
    String address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + free.getLocalPort();
    }

    assertThatThrownBy(
            () ->
                Topics.ensure(
                    address, List.of(TopicSpec.kept("interactions", 1)), Duration.ofMillis(800)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no Kafka broker answers at " + address)
        .hasMessageContaining("start it, or set kafka.bootstrap-servers");
  }

  private static Stream<ConfigOption<?>> declared(Class<?> options) {
    return Arrays.stream(options.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(
            field -> {
              try {
                return (ConfigOption<?>) field.get(null);
              } catch (IllegalAccessException e) {
                throw new AssertionError(e);
              }
            });
  }
}
