package dev.millrace.connectors.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.millrace.connectors.codec.InteractionFields;
import dev.millrace.connectors.codec.InteractionJsonCodec;
import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.model.data.Interaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReplayTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long USABLE = 1992;
  private static final InteractionJsonCodec CODEC =
      new InteractionJsonCodec(InteractionFields.DEFAULT);

  private static EmbeddedBroker broker;

  @TempDir Path temporary;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void sameFileTwiceGivesTheSameBytesInTheSamePartitions() throws Exception {
    ReplayResult first = replayRetail("first", 3);
    ReplayResult second = replayRetail("second", 3);

    List<String> records = content("first");
    assertThat(records).hasSize((int) USABLE).isEqualTo(content("second"));
    assertThat(records.stream().map(record -> record.charAt(0)).distinct()).hasSize(3);
    assertThat(first).isEqualTo(second);
    assertThat(first.read()).isEqualTo(3000);
    assertThat(first.sent()).isEqualTo(USABLE);
    assertThat(first.skipped())
        .containsOnly(entry("no customer", 899L), entry("cancelled or returned", 109L));
  }

  @Test
  void eventsOfAUserAreInOnePartitionInTheirOrderWithTheirTimes() throws Exception {
    replayRetail("ordered", 4);
    List<Interaction> expected = new ArrayList<>();
    try (InteractionFile file =
        InteractionFile.open(
            InteractionFileTest.EXTRACT,
            OnlineRetail.mapping(),
            OnlineRetail.filters(),
            TimeFormat.auto())) {
      file.next().ifPresent(expected::add);
      for (Optional<Interaction> next = file.next(); next.isPresent(); next = file.next()) {
        if (next.get().user().equals(expected.get(0).user())) {
          expected.add(next.get());
        }
      }
    }
    List<ConsumerRecord<byte[], byte[]>> ofUser =
        read("ordered").stream()
            .filter(record -> text(record.key()).equals(expected.get(0).user()))
            .toList();
    assertThat(ofUser.stream().map(ConsumerRecord::partition).distinct()).hasSize(1);
    assertThat(ofUser.stream().map(record -> text(record.value())))
        .containsExactlyElementsOf(
            expected.stream().map(event -> text(CODEC.encode(event))).toList());
    assertThat(ofUser.stream().map(ConsumerRecord::timestamp))
        .containsExactlyElementsOf(expected.stream().map(Interaction::eventTime).toList());
  }

  /**
   * A producer that writes before the partition has its leader fails for good: its first batch is
   * refused, its second taken, and the first is out of order from then on.
   */
  @Test
  void newTopicTakesRecordsAtOnce() throws Exception {
    for (int attempt = 0; attempt < 40; attempt++) {
      assertThat(replayRetail("new-" + attempt, 3).sent()).isEqualTo(USABLE);
    }
  }

  @Test
  void limitCountsUsableRowsOnly() throws Exception {
    ReplayResult result =
        Replay.run(
            to("limited", retail()).withCreatePartitions(1).withLimit(500),
            ReplayProgress.silent());
    assertThat(result.sent()).isEqualTo(500);
    assertThat(result.read()).isGreaterThan(500).isLessThan(3000);
    assertThat(read("limited")).hasSize(500);
  }

  @Test
  void paceFollowsEventTimesOnTheReplaysOwnClock() throws Exception {
    Path csv =
        Files.writeString(
            temporary.resolve("paced.csv"),
            "user,item,time\nu,a,1000000000000\nu,b,1000000060000\nu,c,1000000120000\n");
    FakeWait time = new FakeWait();
    List<ReplayProgress> seen = new ArrayList<>();
    ReplaySource source =
        new ReplaySource.Rows(
            csv, ColumnMapping.defaults(), List.of(), TimeFormat.auto(), CODEC::encode);

    Replay.run(
        to("paced", source).withCreatePartitions(1).withPace(new Pace.Speed(60)), seen::add, time);

    assertThat(time.now).isEqualTo(TimeUnit.SECONDS.toNanos(2));
    assertThat(seen).hasSizeGreaterThan(5).last().extracting("written").isEqualTo(3L);
    assertThat(seen).extracting(ReplayProgress::written).contains(1L, 2L).isSorted();
  }

  @Test
  void anotherTopicIsReplayedWithKeysValuesTimesHeadersAndPartitions() throws Exception {
    sendOddRecords("odd", 3);
    ReplayResult result =
        Replay.run(
            to("odd-copy", new ReplaySource.Topic(broker.bootstrapServers(), "odd"))
                .withCreatePartitions(3),
            ReplayProgress.silent());
    assertThat(result.sent()).isEqualTo(content("odd").size());
    assertThat(content("odd-copy")).isEqualTo(content("odd"));
  }

  @Test
  void recordingReplaysByteForByteWithNullsAndGarbage() throws Exception {
    sendOddRecords("recorded", 3);
    for (String name : List.of("plain.jsonl", "packed.jsonl.gz")) {
      Path file = temporary.resolve(name);
      RecorderResult result =
          Recorder.run(
              RecorderOptions.of(broker.bootstrapServers(), "recorded", file),
              ReplayProgress.silent());
      assertThat(result.records()).isEqualTo(content("recorded").size());

      String copy = "again-" + name;
      Replay.run(
          to(copy, new ReplaySource.Recording(file)).withCreatePartitions(3),
          ReplayProgress.silent());
      assertThat(content(copy)).isEqualTo(content("recorded"));
    }
    byte[] packed = Files.readAllBytes(temporary.resolve("packed.jsonl.gz"));
    assertThat(packed).startsWith(0x1f, 0x8b);
    assertThat(Files.readString(temporary.resolve("plain.jsonl")))
        .contains("\"value\":{\"user\":\"a\",\"weight\":2.5}");
  }

  @Test
  void recordingOfUsableRowsHoldsThemAsJsonAndStopsAtItsLimit() throws Exception {
    replayRetail("to-record", 2);
    Path file = temporary.resolve("short.jsonl");
    RecorderResult result =
        Recorder.run(
            RecorderOptions.of(broker.bootstrapServers(), "to-record", file).withLimit(100),
            ReplayProgress.silent());
    assertThat(result.records()).isEqualTo(100);
    assertThat(Files.readAllLines(file)).hasSize(101).noneMatch(line -> line.contains("base64"));
  }

  @Test
  void followingRecorderTakesWhatComesLater() throws Exception {
    sendOddRecords("followed", 1);
    Path file = temporary.resolve("followed.jsonl");
    int before = content("followed").size();
    // The recorder ends at this limit, long before its time to follow does.
    RecorderOptions options =
        RecorderOptions.of(broker.bootstrapServers(), "followed", file)
            .withFollow(Duration.ofMinutes(1))
            .withLimit(2L * before);
    AtomicBoolean sent = new AtomicBoolean();
    RecorderResult result =
        Recorder.run(
            options,
            progress -> {
              if (progress.written() == before && sent.compareAndSet(false, true)) {
                sendOdd("followed", 1);
              }
            });
    assertThat(result.records()).isEqualTo(2L * before);
  }

  @Test
  void damagedRecordingEndsTheReplayAndNamesTheLine() throws Exception {
    Path file =
        Files.writeString(
            temporary.resolve("damaged.jsonl"),
            RecordingFormat.head(new RecordingFormat.Head("t", 1))
                + "\n{\"partition\":0,\"offset\":0,\"timestamp\":1,\"value\":{}}\n{\"part\n");
    assertThatThrownBy(
            () ->
                Replay.run(
                    to("damaged", new ReplaySource.Recording(file)).withCreatePartitions(1),
                    ReplayProgress.silent()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged at line 3");
  }

  @Test
  void topicThatDoesNotExistIsNamedWithTheNearestOne() throws Exception {
    replayRetail("interactions", 1);
    assertThatThrownBy(() -> Replay.run(to("interaction", retail()), ReplayProgress.silent()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("topic 'interaction' does not exist")
        .hasMessageContaining("did you mean 'interactions'");
  }

  @Test
  void brokerThatIsNotThereIsNamedWithWhatToDo() {
    ReplayOptions options =
        ReplayOptions.of(retail(), "127.0.0.1:1", "events").withTimeout(Duration.ofSeconds(2));
    assertThatThrownBy(() -> Replay.run(options, ReplayProgress.silent()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no Kafka broker answers at 127.0.0.1:1")
        .hasMessageContaining("start it");
  }

  @Test
  void addressThatIsNoneIsNamed() {
    ReplayOptions options = ReplayOptions.of(retail(), "localhost", "events");
    assertThatThrownBy(() -> Replay.run(options, ReplayProgress.silent()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'localhost' cannot be used")
        .hasMessageContaining("host:port");
  }

  @Test
  void recordThatTheBrokerRefusesFailsTheReplay() {
    ReplaySource huge =
        new ReplaySource.Rows(
            InteractionFileTest.EXTRACT,
            OnlineRetail.mapping(),
            OnlineRetail.filters(),
            TimeFormat.auto(),
            interaction -> new byte[17 << 20]);
    assertThatThrownBy(
            () -> Replay.run(to("huge", huge).withCreatePartitions(1), ReplayProgress.silent()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("topic 'huge'")
        .hasMessageContaining("did not take a record");
  }

  @Test
  void topicIsNotReplayedIntoItself() {
    assertThatThrownBy(() -> to("t", new ReplaySource.Topic(broker.bootstrapServers(), "t")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("into itself");
  }

  private static ReplayResult replayRetail(String topic, int partitions) throws Exception {
    return Replay.run(
        to(topic, retail()).withCreatePartitions(partitions), ReplayProgress.silent());
  }

  private static ReplaySource retail() {
    return new ReplaySource.Rows(
        InteractionFileTest.EXTRACT,
        OnlineRetail.mapping(),
        OnlineRetail.filters(),
        TimeFormat.auto(),
        CODEC::encode);
  }

  private static ReplayOptions to(String topic, ReplaySource source) {
    return ReplayOptions.of(source, broker.bootstrapServers(), topic);
  }

  private static void sendOddRecords(String topic, int partitions) {
    KafkaAccess.partitions(broker.bootstrapServers(), topic, partitions, PATIENCE);
    sendOdd(topic, partitions);
  }

  private static void sendOdd(String topic, int partitions) {
    byte[] garbage = {(byte) 0xff, 0, (byte) 0xc3, 0x28, '\n', '"'};
    List<byte[]> contents =
        Arrays.asList(
            null,
            new byte[0],
            garbage,
            "null".getBytes(StandardCharsets.UTF_8),
            "{\"user\":\"a\",\"weight\":2.5}".getBytes(StandardCharsets.UTF_8),
            "{ \"user\" : 1.50 }".getBytes(StandardCharsets.UTF_8),
            "{\"a\":1,\"a\":2} trailing".getBytes(StandardCharsets.UTF_8),
            "\"\\ud800\"".getBytes(StandardCharsets.UTF_8),
            "[".repeat(600).getBytes(StandardCharsets.UTF_8),
            ("[".repeat(600) + "]".repeat(600)).getBytes(StandardCharsets.UTF_8),
            "\ufeff{}".getBytes(StandardCharsets.UTF_8));
    try (Producer<byte[], byte[]> producer =
        KafkaAccess.producer(broker.bootstrapServers(), PATIENCE)) {
      long time = 1_000;
      for (byte[] key : contents) {
        for (byte[] value : contents) {
          time = time * 31 % 100_003;
          ProducerRecord<byte[], byte[]> record =
              new ProducerRecord<>(topic, (int) (time % partitions), time, key, value);
          record.headers().add("trace", value).add("trace", garbage);
          producer.send(record);
        }
      }
      producer.flush();
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    int partitions = KafkaAccess.partitions(broker.bootstrapServers(), topic, 0, PATIENCE);
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = KafkaAccess.consumer(broker.bootstrapServers())) {
      KafkaAccess.ends(consumer, topic, partitions, PATIENCE)
          .forEach(
              (partition, end) -> {
                TopicReader reader = new TopicReader(consumer, Map.of(partition, end), PATIENCE);
                for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                  all.add(next.get());
                }
              });
    }
    return all;
  }

  /** Everything about each record but its topic, partition first. */
  private static List<String> content(String topic) {
    return read(topic).stream()
        .map(
            record -> {
              StringBuilder headers = new StringBuilder();
              record
                  .headers()
                  .forEach(
                      header ->
                          headers.append(header.key()).append('=').append(hex(header.value())));
              return String.join(
                  " ",
                  String.valueOf(record.partition()),
                  String.valueOf(record.offset()),
                  String.valueOf(record.timestamp()),
                  hex(record.key()),
                  hex(record.value()),
                  headers);
            })
        .toList();
  }

  private static String hex(byte[] bytes) {
    return bytes == null ? "null" : "x" + HexFormat.of().formatHex(bytes);
  }

  private static String text(byte[] bytes) {
    return new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
  }

  /** A clock that only sleeping moves. */
  private static final class FakeWait implements Wait {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void sleepNanos(long nanos) {
      now += nanos;
    }
  }
}
