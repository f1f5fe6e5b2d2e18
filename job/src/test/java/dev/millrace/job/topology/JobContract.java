package dev.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.kafka.Garbage;
import dev.millrace.connectors.kafka.InteractionSource;
import dev.millrace.connectors.kafka.TestTopics;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.connectors.kafka.WatermarkStrategies;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.TestJobs;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.Interaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the whole job promises on a real broker; subclasses bring the broker. */
abstract class JobContract {

  private static final List<Interaction> STREAM = TestJobs.interactions(500, 11);
  private static int runs;

  @TempDir private Path checkpoints;

  abstract String bootstrapServers();

  /** What a run left in its topics. */
  private record Result(
      String digest,
      Map<String, Double> arrivals,
      List<String> embeddings,
      List<String> recommendations,
      int deadLetters) {}

  private Result run(
      List<ProducerRecord<byte[], byte[]>> records, int partitions, Map<String, String> more)
      throws Exception {
    return run(records, partitions, more, false);
  }

  /** Sends the records to a topic of their own, runs the job to the topic's end, reads it all. */
  private Result run(
      List<ProducerRecord<byte[], byte[]>> records,
      int partitions,
      Map<String, String> more,
      boolean fail)
      throws Exception {
    String run = "run" + runs++ + "-";
    Map<String, String> values =
        TestJobs.bounded(
            bootstrapServers(),
            run,
            List.of(
                "user-embeddings",
                "item-embeddings",
                "recommendations",
                "learning-metrics",
                "model-updates",
                "dead-letters"));
    values.put("source.interactions.max-value-size", Garbage.LARGEST_VALUE + " b");
    values.put("job.checkpoint-interval", "200 ms");
    values.put("job.checkpoint-directory", checkpoints.resolve(run).toString());
    values.putAll(more);
    JobConfig config = TestJobs.config(values);
    Topics.ensure(
        bootstrapServers(), TestJobs.uncompacted(TopicSpec.ofJob(config.options(), partitions)));
    Topics.ensure(
        bootstrapServers(), List.of(TopicSpec.modelUpdates(config.options(), config.lanes())));
    TestTopics topics = new TestTopics(bootstrapServers());
    topics.write(
        records.stream()
            .map(
                r ->
                    new ProducerRecord<>(
                        run + "interactions", r.partition(), r.timestamp(), r.key(), r.value()))
            .toList());
    if (fail) {
      LocalRun.failingOnce(config, JobContract::failing);
    } else {
      LocalRun.smooth(config);
    }

    RunMetrics metrics = RunMetrics.read(topics.read(run + "learning-metrics"));
    List<String> embeddings = new ArrayList<>();
    for (String topic : List.of("user-embeddings", "item-embeddings")) {
      topics.read(run + topic).forEach(record -> embeddings.add(withoutSource(record)));
    }
    List<String> recommendations = new ArrayList<>();
    topics
        .read(run + "recommendations")
        .forEach(record -> recommendations.add(withoutSource(record)));
    return new Result(
        metrics.total().labels().get(MetricScopes.MODEL_DIGEST),
        metrics.arrivals(),
        embeddings,
        recommendations,
        topics.read(run + "dead-letters").size());
  }

  private static void failing(StreamExecutionEnvironment env, JobConfig config) {
    DataStream<Decoded<Interaction>> decoded =
        env.fromSource(
                InteractionSource.from(config.options()),
                WatermarkStrategies.interactions(config.options()),
                "interactions",
                RecordTypes.DECODED_INTERACTION)
            .map(
                new FailOnce<Decoded<Interaction>>(
                    STREAM.size() / (2 * config.parallelism()), 1_000_000))
            .returns(RecordTypes.DECODED_INTERACTION);
    InteractionTopology.wire(decoded, InteractionTopology.Sinks.kafka(config), config);
  }

  /** Key and value without where in Kafka the cause stands, which differs from run to run. */
  private static String withoutSource(ConsumerRecord<byte[], byte[]> record) {
    String value =
        record.value() == null
            ? "tombstone"
            : new String(record.value(), StandardCharsets.UTF_8)
                .replaceAll("\"(topic|source)\":(\\{[^}]*}|\"[^\"]*\")", "")
                .replaceAll("\"offset\":\\d+", "");
    return new String(record.key(), StandardCharsets.UTF_8) + " " + record.timestamp() + value;
  }

  private static List<ProducerRecord<byte[], byte[]>> stream(int partitions) {
    return TestJobs.records("", partitions, STREAM);
  }

  @Test
  void sameTopicGivesTheSameModelAndAnotherSeedAnother() throws Exception {
    Result first = run(stream(1), 1, Map.of());
    Result second = run(stream(1), 1, Map.of());
    Result other = run(stream(1), 1, Map.of("learn.seed", "2"));
    assertThat(second.digest()).isEqualTo(first.digest());
    assertThat(second.embeddings()).isEqualTo(first.embeddings()).isNotEmpty();
    assertThat(second.recommendations()).isEqualTo(first.recommendations()).isNotEmpty();
    assertThat(other.digest()).isNotEqualTo(first.digest());
    assertThat(first.arrivals()).containsEntry(MetricScopes.EVENTS, (double) STREAM.size());
    assertThat(first.deadLetters()).isZero();
  }

  @Test
  void parallelismChangesNothing() throws Exception {
    Result one = run(stream(4), 4, Map.of("job.parallelism", "1"));
    Result two = run(stream(4), 4, Map.of("job.parallelism", "2"));
    assertThat(two.digest()).isEqualTo(one.digest());
    assertThat(new HashSet<>(two.embeddings())).isEqualTo(new HashSet<>(one.embeddings()));
  }

  @Test
  void lanesLearnOneModelAtAnyParallelism() throws Exception {
    Map<String, String> lanes = Map.of("job.lanes", "4", "job.round", "7 min");
    Result one = run(stream(4), 4, lanes);
    for (String parallelism : List.of("2", "4")) {
      Result several = run(stream(4), 4, with(lanes, "job.parallelism", parallelism));
      assertThat(several.digest()).isEqualTo(one.digest());
      assertThat(several.arrivals()).containsEntry(MetricScopes.EVENTS, (double) STREAM.size());
      assertThat(several.embeddings()).containsExactlyInAnyOrderElementsOf(one.embeddings());
      assertThat(several.recommendations())
          .containsExactlyInAnyOrderElementsOf(one.recommendations());
    }
  }

  @Test
  void lanesThatFailInTheMiddleGoOnAsIfNothingHadHappened() throws Exception {
    Map<String, String> lanes =
        Map.of(
            "job.lanes", "4",
            "job.round", "7 min",
            "job.parallelism", "2",
            "sink.delivery-guarantee", "exactly-once");
    Result smooth = run(stream(2), 2, lanes);
    Result failed = run(stream(2), 2, lanes, true);
    assertThat(failed.digest()).isEqualTo(smooth.digest());
    assertThat(failed.recommendations())
        .containsExactlyInAnyOrderElementsOf(smooth.recommendations());
    assertThat(failed.embeddings()).containsExactlyInAnyOrderElementsOf(smooth.embeddings());
  }

  private static Map<String, String> with(Map<String, String> values, String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(key, value);
    return more;
  }

  /** Events of one time keep their order, which is theirs by their offsets. */
  @Test
  void deliveryOutOfOrderWithinTheBoundChangesNothing() throws Exception {
    Map<String, String> bound = Map.of("source.max-out-of-orderness", "10 min");
    List<ProducerRecord<byte[], byte[]>> ordered = stream(1);
    Random random = new Random(3);
    Map<ProducerRecord<byte[], byte[]>, Long> arrival = new IdentityHashMap<>();
    Map<Long, Long> delays = new HashMap<>();
    for (ProducerRecord<byte[], byte[]> record : ordered) {
      long delay = delays.computeIfAbsent(record.timestamp(), time -> random.nextLong(590_000));
      arrival.put(record, record.timestamp() + delay);
    }
    List<ProducerRecord<byte[], byte[]>> disordered = new ArrayList<>(ordered);
    disordered.sort(Comparator.comparing(arrival::get));
    assertThat(disordered).isNotEqualTo(ordered);
    Result one = run(ordered, 1, bound);
    Result other = run(disordered, 1, bound);
    assertThat(other.arrivals()).containsEntry(MetricScopes.LATE, 0.0);
    assertThat(other.digest()).isEqualTo(one.digest());
    assertThat(other.embeddings()).isEqualTo(one.embeddings());
  }

  /** Two records are two events: nothing in a record says that it is another one's repetition. */
  @Test
  void recordThatAProducerSentTwiceCountsTwice() throws Exception {
    List<ProducerRecord<byte[], byte[]>> doubled = new ArrayList<>(stream(1));
    doubled.add(7, doubled.get(6));
    assertThat(run(doubled, 1, Map.of()).arrivals())
        .containsEntry(MetricScopes.EVENTS, (double) STREAM.size() + 1);
  }

  @Test
  void failureInTheMiddleChangesNothing() throws Exception {
    Map<String, String> exactlyOnce = Map.of("sink.delivery-guarantee", "exactly-once");
    Result smooth = run(stream(1), 1, exactlyOnce);
    Result failed = run(stream(1), 1, exactlyOnce, true);
    assertThat(failed.digest()).isEqualTo(smooth.digest());
    assertThat(failed.recommendations()).isEqualTo(smooth.recommendations());
    assertThat(failed.embeddings()).isEqualTo(smooth.embeddings());
  }

  @Test
  void tenThousandGarbageRecordsAreTenThousandDeadLettersAndNothingElse() throws Exception {
    List<ProducerRecord<byte[], byte[]>> good = stream(1);
    List<Garbage> kinds = Garbage.all();
    List<ProducerRecord<byte[], byte[]>> mixed = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      if (i < good.size()) {
        mixed.add(good.get(i));
      }
      byte[] key = i % 3 == 0 ? null : ("key" + i).getBytes(StandardCharsets.UTF_8);
      mixed.add(
          new ProducerRecord<>("", 0, TestJobs.START, key, kinds.get(i % kinds.size()).value()));
    }
    assertThat(good).hasSizeLessThan(10_000);
    Result clean = run(good, 1, Map.of());
    Result dirty = run(mixed, 1, Map.of());
    assertThat(dirty.deadLetters()).isEqualTo(10_000);
    assertThat(dirty.digest()).isEqualTo(clean.digest());
    assertThat(dirty.embeddings()).isEqualTo(clean.embeddings());
    assertThat(dirty.recommendations()).isEqualTo(clean.recommendations());
  }

  @Test
  void evictedItemsLeaveTombstones() throws Exception {
    Result result = run(stream(1), 1, Map.of("learn.items.maximum", "20"));
    Set<String> tombstones = new HashSet<>();
    result.embeddings().stream()
        .filter(embedding -> embedding.endsWith("tombstone"))
        .forEach(embedding -> tombstones.add(embedding.split(" ")[0]));
    assertThat(tombstones).isNotEmpty().allMatch(id -> id.startsWith("i"));
  }
}
