package dev.millrace.connectors.kafka;

import static dev.millrace.connectors.SampleRecords.DEAD_LETTER;
import static dev.millrace.connectors.SampleRecords.DEAD_TOMBSTONE;
import static dev.millrace.connectors.SampleRecords.EMBEDDING;
import static dev.millrace.connectors.SampleRecords.IMAGE_EMBEDDING;
import static dev.millrace.connectors.SampleRecords.METRICS;
import static dev.millrace.connectors.SampleRecords.PROTOTYPE;
import static dev.millrace.connectors.SampleRecords.RECOMMENDATIONS;
import static dev.millrace.connectors.SampleRecords.TIME;
import static dev.millrace.connectors.SampleRecords.TOMBSTONE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.codec.DeadLetterJsonCodec;
import dev.millrace.connectors.codec.EmbeddingJsonCodec;
import dev.millrace.connectors.codec.ImageEmbeddingJsonCodec;
import dev.millrace.connectors.codec.LearningMetricsJsonCodec;
import dev.millrace.connectors.codec.PrototypeJsonCodec;
import dev.millrace.connectors.codec.RecommendationsJsonCodec;
import dev.millrace.connectors.image.BrokenImage;
import dev.millrace.connectors.image.TestImages;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.Recommendations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What sources and sinks promise on a real broker, whichever broker it is. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class KafkaContract {

  private static final Pattern KEY = Pattern.compile("key-(\\d+)-(\\d+)");

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  private final Configuration config = new Configuration();
  private TestTopics topics;

  /** Address of the broker under test. */
  abstract String bootstrapServers();

  @BeforeEach
  void eachTestHasTopicsOfItsOwn(TestInfo test) {
    String prefix = test.getTestMethod().orElseThrow().getName();
    config.set(KafkaSourceOptions.BOOTSTRAP_SERVERS, bootstrapServers());
    config.set(KafkaSourceOptions.INTERACTIONS_TOPIC, prefix + ".in");
    config.set(KafkaSourceOptions.GROUP_ID, prefix);
    config.set(KafkaSinkOptions.USER_EMBEDDINGS_TOPIC, prefix + ".users");
    config.set(KafkaSinkOptions.ITEM_EMBEDDINGS_TOPIC, prefix + ".items");
    config.set(KafkaSinkOptions.RECOMMENDATIONS_TOPIC, prefix + ".recommendations");
    config.set(KafkaSourceOptions.IMAGES_TOPIC, prefix + ".images");
    config.set(KafkaSinkOptions.IMAGE_EMBEDDINGS_TOPIC, prefix + ".image-embeddings");
    config.set(KafkaSinkOptions.PROTOTYPES_TOPIC, prefix + ".prototypes");
    config.set(KafkaSinkOptions.LEARNING_METRICS_TOPIC, prefix + ".metrics");
    config.set(KafkaSinkOptions.DEAD_LETTERS_TOPIC, prefix + ".dead");
    config.set(KafkaSinkOptions.TRANSACTIONAL_ID_PREFIX, prefix);
    topics = new TestTopics(bootstrapServers());
    assertThat(Topics.ensure(bootstrapServers(), TopicSpec.ofJob(config, 3))).hasSize(6);
  }

  @Test
  void topicsThatExistAreLeftAlone() {
    assertThat(Topics.ensure(bootstrapServers(), TopicSpec.ofJob(config, 5))).isEqualTo(Set.of());
  }

  @Test
  void eachGarbageRecordIsOneDeadLetterAndTheOthersPass() throws Exception {
    config.set(KafkaSourceOptions.BOUNDED, true);
    config.setString("source.interactions.max-value-size", Garbage.LARGEST_VALUE + " b");
    List<Garbage> garbage = Garbage.all();
    int rounds = 20;
    int count = rounds * garbage.size();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      for (int kind = 0; kind < garbage.size(); kind++) {
        int partition = (round + kind) % 2;
        byte[] key = ("key-" + round + "-" + kind).getBytes(UTF_8);
        records.add(record(partition, key, garbage.get(kind).value()));
        records.add(record(partition, null, interaction(round * 100 + kind, TIME + round)));
      }
    }
    topics.write(records);

    StreamExecutionEnvironment env = environment();
    SingleOutputStreamOperator<Interaction> interactions = interactions(env);
    interactions.getSideOutput(SplitDecoded.DEAD_LETTERS).sinkTo(KafkaSinks.deadLetters(config));
    List<Interaction> passed = new ArrayList<>();
    try (CloseableIterator<Interaction> iterator = interactions.collectAsync()) {
      env.executeAsync();
      iterator.forEachRemaining(passed::add);
    }

    assertThat(passed.stream().map(Interaction::user).distinct()).hasSize(count);
    assertThat(passed).hasSize(count);
    List<ConsumerRecord<byte[], byte[]>> dead =
        topics.read(config.get(KafkaSinkOptions.DEAD_LETTERS_TOPIC));
    assertThat(dead).hasSize(count);
    for (ConsumerRecord<byte[], byte[]> record : dead) {
      DeadLetter letter = DeadLetterJsonCodec.decode(record.value());
      Matcher key = KEY.matcher(new String(record.key(), UTF_8));
      assertThat(key.matches()).isTrue();
      int round = Integer.parseInt(key.group(1));
      int kind = Integer.parseInt(key.group(2));
      Garbage original = garbage.get(kind);
      assertThat(letter.key()).isEqualTo(record.key());
      assertThat(letter.value()).isEqualTo(original.value());
      assertThat(letter.errorClass()).as(letter.errorMessage()).isEqualTo(original.errorClass());
      assertThat(letter.position().topic())
          .isEqualTo(config.get(KafkaSourceOptions.INTERACTIONS_TOPIC));
      assertThat(letter.position().partition()).isEqualTo((round + kind) % 2);
      assertThat(record.timestamp()).isEqualTo(TIME);
    }
    assertThat(dead.stream().map(r -> new String(r.key(), UTF_8)).distinct()).hasSize(count);
  }

  @Test
  void imagesPassWithTheirHeadersAndBrokenOnesAreDeadLetters() throws Exception {
    config.set(KafkaSourceOptions.BOUNDED, true);
    config.setString("source.images.max-image-size", "1mb");
    Topics.ensure(bootstrapServers(), TopicSpec.ofImageJob(config, 2));
    List<BrokenImage> broken = new ArrayList<>(BrokenImage.all());
    byte[] tooLarge = new byte[(1 << 20) + 1];
    new Random(3).nextBytes(tooLarge);
    broken.add(new BrokenImage("too many bytes", tooLarge, "ValueTooLarge"));
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < broken.size(); i++) {
      records.add(image(i % 2, "broken-" + i, broken.get(i).file()));
      records.add(image(i % 2, "good-" + i, TestImages.jpeg(3, false)));
    }
    topics.write(records);

    StreamExecutionEnvironment env = environment();
    SingleOutputStreamOperator<ImageEvent> images =
        env.fromSource(ImageSource.from(config), WatermarkStrategies.images(config), "images")
            .process(new SplitDecoded<ImageEvent>())
            .returns(RecordTypes.IMAGE_EVENT);
    images.getSideOutput(SplitDecoded.DEAD_LETTERS).sinkTo(KafkaSinks.deadLetters(config));
    List<ImageEvent> passed = new ArrayList<>();
    try (CloseableIterator<ImageEvent> iterator = images.collectAsync()) {
      env.executeAsync();
      iterator.forEachRemaining(passed::add);
    }

    assertThat(passed.stream().map(ImageEvent::id).distinct()).hasSize(broken.size());
    assertThat(passed)
        .hasSize(broken.size())
        .allMatch(event -> event.id().startsWith("good-"))
        .allMatch(event -> event.label().equals("ring") && event.item().isEmpty())
        .allMatch(event -> event.eventTime() == TIME + 5)
        .allMatch(event -> event.picture().width() == TestImages.WIDTH);
    List<ConsumerRecord<byte[], byte[]>> dead =
        topics.read(config.get(KafkaSinkOptions.DEAD_LETTERS_TOPIC));
    assertThat(dead).hasSize(broken.size());
    for (ConsumerRecord<byte[], byte[]> record : dead) {
      DeadLetter letter = DeadLetterJsonCodec.decode(record.value());
      int kind = Integer.parseInt(new String(record.key(), UTF_8).substring("broken-".length()));
      assertThat(letter.errorClass()).isEqualTo(broken.get(kind).errorClass());
      assertThat(letter.value()).isEqualTo(broken.get(kind).file());
    }
  }

  @Test
  void imageSinksWriteWhatTheCodecsRead() throws Exception {
    Topics.ensure(bootstrapServers(), TopicSpec.ofImageJob(config, 1));
    StreamExecutionEnvironment env = environment();
    env.fromData(List.of(IMAGE_EMBEDDING), RecordTypes.IMAGE_EMBEDDING)
        .sinkTo(KafkaSinks.imageEmbeddings(config));
    env.fromData(List.of(PROTOTYPE), RecordTypes.PROTOTYPE).sinkTo(KafkaSinks.prototypes(config));
    env.execute();

    ConsumerRecord<byte[], byte[]> image = only(KafkaSinkOptions.IMAGE_EMBEDDINGS_TOPIC);
    assertThat(image.key()).isEqualTo(IMAGE_EMBEDDING.id().getBytes(UTF_8));
    assertThat(image.timestamp()).isEqualTo(TIME);
    assertThat(ImageEmbeddingJsonCodec.decode(image.value())).isEqualTo(IMAGE_EMBEDDING);
    ConsumerRecord<byte[], byte[]> prototype = only(KafkaSinkOptions.PROTOTYPES_TOPIC);
    assertThat(prototype.key()).isEqualTo("99".getBytes(UTF_8));
    assertThat(PrototypeJsonCodec.decode(prototype.value())).isEqualTo(PROTOTYPE);
  }

  private ProducerRecord<byte[], byte[]> image(int partition, String id, byte[] file) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            config.get(KafkaSourceOptions.IMAGES_TOPIC), partition, TIME, id.getBytes(UTF_8), file);
    record.headers().add("label", "ring".getBytes(UTF_8));
    record.headers().add("event-time", String.valueOf(TIME + 5).getBytes(UTF_8));
    return record;
  }

  @Test
  void idlePartitionsAndGarbageDoNotHoldTimeBackNorPushIt() throws Exception {
    config.set(KafkaSourceOptions.MAX_OUT_OF_ORDERNESS, Duration.ofSeconds(2));
    config.set(KafkaSourceOptions.IDLE_TIMEOUT, Duration.ofMillis(500));
    // Partition 0 has interactions, 1 has garbage of a far future, 2 has nothing.
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int second = 0; second < 10; second++) {
      records.add(record(0, null, interaction(second, TIME + 1000L * second)));
      records.add(
          new ProducerRecord<>(
              config.get(KafkaSourceOptions.INTERACTIONS_TOPIC),
              1,
              TIME + 1_000_000_000L,
              null,
              "garbage".getBytes(UTF_8)));
    }
    topics.write(records);

    StreamExecutionEnvironment env = environment();
    List<Long> watermarks = new ArrayList<>();
    try (CloseableIterator<Long> fired =
        interactions(env).keyBy(Interaction::user).process(new EchoTime()).executeAndCollect()) {
      // The last watermark is TIME + 9 s - 2 s: seven events lie before it.
      while (watermarks.size() < 7) {
        watermarks.add(fired.next());
      }
    }

    assertThat(watermarks).allMatch(watermark -> watermark < TIME + 7000);
  }

  @Test
  void sinksWriteWhatTheCodecsRead() throws Exception {
    StreamExecutionEnvironment env = environment();
    env.fromData(List.of(EMBEDDING, TOMBSTONE), RecordTypes.EMBEDDING)
        .sinkTo(KafkaSinks.embeddings(config));
    env.fromData(List.of(RECOMMENDATIONS), RecordTypes.RECOMMENDATIONS)
        .sinkTo(KafkaSinks.recommendations(config));
    env.fromData(List.of(METRICS), RecordTypes.LEARNING_METRICS)
        .sinkTo(KafkaSinks.learningMetrics(config));
    env.fromData(List.of(DEAD_LETTER, DEAD_TOMBSTONE), RecordTypes.DEAD_LETTER)
        .sinkTo(KafkaSinks.deadLetters(config));
    env.execute();

    ConsumerRecord<byte[], byte[]> item = only(KafkaSinkOptions.ITEM_EMBEDDINGS_TOPIC);
    assertThat(item.key()).isEqualTo(EMBEDDING.id().getBytes(UTF_8));
    assertThat(item.timestamp()).isEqualTo(TIME);
    assertThat(EmbeddingJsonCodec.decode(item.value())).isEqualTo(EMBEDDING);
    ConsumerRecord<byte[], byte[]> user = only(KafkaSinkOptions.USER_EMBEDDINGS_TOPIC);
    assertThat(user.key()).isEqualTo(TOMBSTONE.id().getBytes(UTF_8));
    assertThat(user.value()).isNull();
    ConsumerRecord<byte[], byte[]> list = only(KafkaSinkOptions.RECOMMENDATIONS_TOPIC);
    assertThat(list.key()).isEqualTo(RECOMMENDATIONS.user().getBytes(UTF_8));
    assertThat(RecommendationsJsonCodec.decode(list.value())).isEqualTo(RECOMMENDATIONS);
    ConsumerRecord<byte[], byte[]> metrics = only(KafkaSinkOptions.LEARNING_METRICS_TOPIC);
    assertThat(metrics.key()).isEqualTo(METRICS.scope().getBytes(UTF_8));
    assertThat(LearningMetricsJsonCodec.decode(metrics.value())).isEqualTo(METRICS);
    List<ConsumerRecord<byte[], byte[]>> dead =
        topics.read(config.get(KafkaSinkOptions.DEAD_LETTERS_TOPIC));
    assertThat(dead).hasSize(2);
    assertThat(dead.get(0).key()).isEqualTo(DEAD_LETTER.key());
    assertThat(dead.get(1).key()).isNull();
    assertThat(DeadLetterJsonCodec.decode(dead.get(1).value())).isEqualTo(DEAD_TOMBSTONE);
  }

  @Test
  void exactlyOnceSinksWriteNothingTwiceAfterAFailure() throws Exception {
    config.set(KafkaSinkOptions.DELIVERY_GUARANTEE, DeliveryGuarantee.EXACTLY_ONCE);
    config.set(KafkaSinkOptions.TRANSACTION_TIMEOUT, Duration.ofMinutes(1));
    String out = config.get(KafkaSinkOptions.RECOMMENDATIONS_TOPIC);
    int half = 500;
    writeInteractions(0, half);
    FailOnce.armed.set(false);

    StreamExecutionEnvironment env = environment();
    env.enableCheckpointing(300);
    interactions(env)
        .map(new FailOnce())
        .returns(RecordTypes.RECOMMENDATIONS)
        .sinkTo(KafkaSinks.recommendations(config));
    JobClient job = env.executeAsync();
    try {
      topics.await(out, records -> records.size() >= half);
      FailOnce.armed.set(true);
      writeInteractions(half, 2 * half);
      topics.await(out, records -> users(records).size() >= 2 * half);
    } finally {
      job.cancel().get(30, TimeUnit.SECONDS);
    }

    assertThat(FailOnce.armed).isFalse();
    Map<String, Integer> users = users(topics.read(out));
    assertThat(users).hasSize(2 * half);
    assertThat(users.values()).allMatch(times -> times == 1);
  }

  private SingleOutputStreamOperator<Interaction> interactions(StreamExecutionEnvironment env) {
    return env.fromSource(
            InteractionSource.from(config), WatermarkStrategies.interactions(config), "source")
        .process(new SplitDecoded<Interaction>())
        .returns(RecordTypes.INTERACTION);
  }

  private static StreamExecutionEnvironment environment() {
    Configuration flink = new Configuration();
    flink.set(PipelineOptions.GENERIC_TYPES, false);
    flink.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(50));
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    env.setParallelism(1);
    return env;
  }

  private void writeInteractions(int from, int to) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(i % 3, null, interaction(i, TIME + i)));
    }
    topics.write(records);
  }

  private ProducerRecord<byte[], byte[]> record(int partition, byte[] key, byte[] value) {
    return new ProducerRecord<>(
        config.get(KafkaSourceOptions.INTERACTIONS_TOPIC), partition, TIME, key, value);
  }

  private static byte[] interaction(int user, long time) {
    return ("{\"user\":" + user + ",\"item\":1,\"time\":" + time + "}").getBytes(UTF_8);
  }

  private ConsumerRecord<byte[], byte[]> only(ConfigOption<String> topic) {
    List<ConsumerRecord<byte[], byte[]>> records = topics.read(config.get(topic));
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  private static Map<String, Integer> users(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<String, Integer> times = new TreeMap<>();
    records.forEach(record -> times.merge(new String(record.key(), UTF_8), 1, Integer::sum));
    return times;
  }

  /** Emits the watermark at which an event's time has passed. */
  private static final class EchoTime extends KeyedProcessFunction<String, Interaction, Long> {

    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(Interaction interaction, Context context, Collector<Long> out) {
      context.timerService().registerEventTimeTimer(interaction.eventTime());
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out) {
      out.collect(context.timerService().currentWatermark());
    }
  }

  /** Makes recommendations of an interaction's own item, and fails at one record when armed. */
  private static final class FailOnce implements MapFunction<Interaction, Recommendations> {

    private static final long serialVersionUID = 1L;

    static final AtomicBoolean armed = new AtomicBoolean();

    @Override
    public Recommendations map(Interaction interaction) {
      if (Integer.parseInt(interaction.user()) % 200 == 199 && armed.compareAndSet(true, false)) {
        throw new IllegalStateException("this record fails once, as the test wants");
      }
      return new Recommendations(
          interaction.user(),
          List.of(new Recommendations.ScoredItem(interaction.item(), 1)),
          1,
          interaction.eventTime(),
          interaction.position());
    }
  }
}
