package dev.millrace.connectors.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.connectors.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KafkaRoundLogITCase {

  private static final Duration POLL = Duration.ofMillis(200);
  private static EmbeddedBroker broker;
  private RoundLogConfig config;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void eachTestHasATopicOfItsOwn(TestInfo test) {
    String topic = test.getTestMethod().orElseThrow().getName();
    Topics.ensure(
        broker.bootstrapServers(), List.of(new TopicSpec(topic, 2, Map.of("retention.ms", "-1"))));
    config = new RoundLogConfig(broker.bootstrapServers(), topic, "run", 0);
  }

  private static RoundRecord record(int lane, long round, int bytes) {
    byte[] news = new byte[bytes];
    new Random(31L * lane + round).nextBytes(news);
    return new RoundRecord(lane, round, round + 1, news);
  }

  private static List<String> described(List<RoundLog.Read> read) {
    return read.stream().map(one -> described(one.record())).toList();
  }

  private static String described(RoundRecord record) {
    return record.lane()
        + " "
        + record.from()
        + "-"
        + record.to()
        + " "
        + java.util.Arrays.hashCode(record.news());
  }

  private static List<RoundLog.Read> await(RoundLog log, int count) {
    List<RoundLog.Read> all = new ArrayList<>();
    while (all.size() < count) {
      all.addAll(log.poll(POLL));
    }
    return all;
  }

  @Test
  void othersReadWhatALaneTellsWhole() {
    RoundRecord large = record(0, 1, 3_000_000);
    RoundRecord small = record(1, 1, 10);
    try (RoundLog writer = KafkaRoundLog.begin(config);
        RoundLog reader = KafkaRoundLog.begin(config)) {
      writer.publish(large);
      writer.publish(small);
      writer.flush();
      assertThat(described(await(reader, 2)))
          .containsExactlyInAnyOrder(described(large), described(small));
    }
  }

  @Test
  void recordsOfOtherRunsAndRubbishArePassedOver() throws Exception {
    try (RoundLog other = KafkaRoundLog.begin(config.withRun("another run"));
        RoundLog writer = KafkaRoundLog.begin(config)) {
      other.publish(record(0, 1, 10));
      other.flush();
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", broker.bootstrapServers()),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        producer
            .send(
                new ProducerRecord<>(
                    config.topic(), 0, null, "poison".getBytes(StandardCharsets.UTF_8)))
            .get();
        producer.send(new ProducerRecord<>(config.topic(), 0, null, null)).get();
      }
      writer.publish(record(0, 2, 10));
      writer.flush();
      assertThat(described(writer.readToEnd())).containsExactly(described(record(0, 2, 10)));
    }
  }

  @Test
  void aReaderFollowsTheLanesItIsToldTo() {
    try (RoundLog writer = KafkaRoundLog.begin(config);
        RoundLog reader = KafkaRoundLog.begin(config)) {
      reader.follow(List.of(1, 3));
      writer.publish(record(0, 1, 10));
      writer.publish(record(1, 1, 10));
      writer.publish(record(3, 1, 10));
      writer.flush();
      assertThat(await(reader, 2)).extracting(read -> read.record().lane()).containsExactly(1, 3);
    }
  }

  @Test
  void aRunThatGoesOnMeetsOnlyWhatCameAfterItsPositions() {
    Map<Integer, Long> positions;
    try (RoundLog log = KafkaRoundLog.begin(config)) {
      log.publish(record(0, 1, 10));
      log.publish(record(1, 1, 10));
      log.flush();
      await(log, 2);
      positions = log.positions();
      log.publish(record(0, 2, 10));
      log.flush();
    }
    try (RoundLog log = KafkaRoundLog.resume(config, positions)) {
      assertThat(described(log.readToEnd())).containsExactly(described(record(0, 2, 10)));
    }
  }

  @Test
  void aTopicThatRetentionHasCutIsRefusedWithWhatToDo() throws Exception {
    Map<Integer, Long> positions;
    try (RoundLog log = KafkaRoundLog.begin(config)) {
      positions = log.positions();
      log.publish(record(0, 1, 10));
      log.publish(record(0, 2, 10));
      log.flush();
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(config.topic(), 0), RecordsToDelete.beforeOffset(1)))
          .all()
          .get();
    }
    assertThatThrownBy(() -> KafkaRoundLog.resume(config, positions))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("resumes at offset 0 of partition 0")
        .hasMessageContaining("retention")
        .hasMessageContaining("Resume from a newer checkpoint");
  }

  @Test
  void aMissingTopicIsNamed() {
    RoundLogConfig missing =
        new RoundLogConfig(broker.bootstrapServers(), "no-such-topic", "run", 0);
    assertThatThrownBy(() -> KafkaRoundLog.begin(missing))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no-such-topic")
        .hasMessageContaining("does not exist");
  }
}
