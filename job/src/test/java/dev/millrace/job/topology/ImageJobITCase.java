package dev.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.connectors.image.BrokenImage;
import dev.millrace.connectors.kafka.ImageSource;
import dev.millrace.connectors.kafka.TestTopics;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.connectors.kafka.WatermarkStrategies;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.TestImageJobs;
import dev.millrace.job.TestJobs;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the image job promises on a real broker. */
class ImageJobITCase {

  private static final int IMAGES = 200;
  private static EmbeddedBroker broker;
  private static int runs;

  @TempDir private Path checkpoints;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
  }

  /** What a run left in its topics. */
  private record Result(
      LearningMetrics total,
      Map<String, Double> arrivals,
      List<String> embeddings,
      List<String> prototypes,
      int deadLetters) {

    String digest() {
      return total.labels().get(MetricScopes.MODEL_DIGEST);
    }
  }

  /** Sends the records to a topic of their own, runs the job to the topic's end, reads it all. */
  private Result run(
      List<ProducerRecord<byte[], byte[]>> records,
      int partitions,
      Map<String, String> more,
      boolean fail)
      throws Exception {
    String run = "images" + runs++ + "-";
    Map<String, String> values =
        TestJobs.bounded(
            broker.bootstrapServers(),
            run,
            List.of(
                "image-embeddings",
                "prototypes",
                "learning-metrics",
                "model-updates",
                "dead-letters"));
    values.put("job.checkpoint-interval", "200 ms");
    values.put("job.checkpoint-directory", checkpoints.resolve(run).toString());
    values.putAll(more);
    JobConfig config = TestImageJobs.config(values);
    Topics.ensure(
        broker.bootstrapServers(), TestJobs.uncompacted(MillraceJob.topics(config, partitions)));
    TestTopics topics = new TestTopics(broker.bootstrapServers());
    topics.write(
        records.stream()
            .map(
                r ->
                    new ProducerRecord<>(
                        run + "images",
                        r.partition(),
                        r.timestamp(),
                        r.key(),
                        r.value(),
                        r.headers()))
            .toList());
    if (fail) {
      LocalRun.failingOnce(config, ImageJobITCase::failing);
    } else {
      LocalRun.smooth(config);
    }

    RunMetrics metrics = RunMetrics.read(topics.read(run + "learning-metrics"));
    return new Result(
        metrics.total(),
        metrics.arrivals(),
        topics.read(run + "image-embeddings").stream()
            .map(ImageJobITCase::withoutSource)
            .sorted()
            .toList(),
        topics.read(run + "prototypes").stream()
            .map(ImageJobITCase::withoutSource)
            .sorted()
            .toList(),
        topics.read(run + "dead-letters").size());
  }

  private static void failing(StreamExecutionEnvironment env, JobConfig config) {
    DataStream<Decoded<ImageEvent>> decoded =
        env.fromSource(
                ImageSource.from(config.options()),
                WatermarkStrategies.images(config.options()),
                "images",
                RecordTypes.DECODED_IMAGE)
            .map(new FailOnce<Decoded<ImageEvent>>(IMAGES / (2 * config.parallelism()), 15_000_000))
            .returns(RecordTypes.DECODED_IMAGE);
    ImageTopology.wire(decoded, ImageTopology.Sinks.kafka(config), config);
  }

  /** Key and value without where in Kafka the cause stands, which differs from run to run. */
  private static String withoutSource(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8)
        + " "
        + record.timestamp()
        + new String(record.value(), StandardCharsets.UTF_8)
            .replaceAll("\"(topic|source)\":(\\{[^}]*}|\"[^\"]*\")", "")
            .replaceAll("\"offset\":\\d+", "");
  }

  private static List<ProducerRecord<byte[], byte[]>> stream(int partitions) {
    return TestImageJobs.records("", partitions, IMAGES, 11);
  }

  @Test
  void sameTopicGivesTheSameModelAtAnyParallelismAndAnotherSeedAnother() throws Exception {
    Result one = run(stream(4), 4, Map.of(), false);
    Result two = run(stream(4), 4, Map.of("job.parallelism", "2"), false);
    Result other = run(stream(4), 4, Map.of("learn.seed", "2"), false);
    assertThat(two.digest()).isEqualTo(one.digest());
    assertThat(two.embeddings()).isEqualTo(one.embeddings()).hasSize(IMAGES);
    assertThat(two.prototypes()).isEqualTo(one.prototypes()).hasSizeGreaterThanOrEqualTo(8);
    assertThat(other.digest()).isNotEqualTo(one.digest());
    assertThat(one.arrivals()).containsEntry(MetricScopes.EVENTS, (double) IMAGES);
    assertThat(one.deadLetters()).isZero();
    assertThat(one.total().figures().get(MetricScopes.KNN)).isGreaterThan(0.25);
  }

  /** Half a mini-batch for each lane. */
  private static final Map<String, String> LANES = Map.of("job.lanes", "4", "job.round", "3200 ms");

  @Test
  void lanesLearnOneModelAtAnyParallelismAndInOneProcess() throws Exception {
    Result one = run(stream(4), 4, LANES, false);
    for (String parallelism : List.of("2", "4")) {
      Result several = run(stream(4), 4, with(LANES, "job.parallelism", parallelism), false);
      assertThat(several.digest()).isEqualTo(one.digest());
      assertThat(several.embeddings()).isEqualTo(one.embeddings()).hasSize(IMAGES);
      assertThat(several.prototypes()).isEqualTo(one.prototypes()).hasSizeGreaterThanOrEqualTo(8);
      assertThat(several.arrivals()).containsEntry(MetricScopes.EVENTS, (double) IMAGES);
    }
    JobConfig config = TestImageJobs.config(LANES);
    assertThat(TestImageJobs.learnAlone(config, stream(1))).isEqualTo(one.digest());
    assertThat(one.deadLetters()).isZero();
    assertThat(one.total().figures().get(MetricScopes.KNN)).isGreaterThan(0.25);
  }

  @Test
  void lanesThatFailInTheMiddleGoOnAsIfNothingHadHappened() throws Exception {
    Map<String, String> lanes =
        with(with(LANES, "job.parallelism", "2"), "sink.delivery-guarantee", "exactly-once");
    Result smooth = run(stream(2), 2, lanes, false);
    Result failed = run(stream(2), 2, lanes, true);
    assertThat(failed.digest()).isEqualTo(smooth.digest());
    assertThat(failed.embeddings()).isEqualTo(smooth.embeddings());
    assertThat(failed.prototypes()).isEqualTo(smooth.prototypes());
  }

  private static Map<String, String> with(Map<String, String> values, String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(key, value);
    return more;
  }

  @Test
  void failureInTheMiddleChangesNothing() throws Exception {
    Map<String, String> exactlyOnce = Map.of("sink.delivery-guarantee", "exactly-once");
    Result smooth = run(stream(1), 1, exactlyOnce, false);
    Result failed = run(stream(1), 1, exactlyOnce, true);
    assertThat(failed.digest()).isEqualTo(smooth.digest());
    assertThat(failed.embeddings()).isEqualTo(smooth.embeddings());
    assertThat(failed.prototypes()).isEqualTo(smooth.prototypes());
  }

  @Test
  void tenThousandBrokenImagesAreTenThousandDeadLettersAndNothingElse() throws Exception {
    List<ProducerRecord<byte[], byte[]>> good = stream(1);
    List<byte[]> broken =
        BrokenImage.all().stream()
            .map(BrokenImage::file)
            .filter(file -> file.length < 100_000)
            .toList();
    assertThat(broken).hasSizeGreaterThan(10);
    List<ProducerRecord<byte[], byte[]>> mixed = new ArrayList<>();
    IntStream.range(0, 10_000)
        .forEach(
            i -> {
              if (i % 50 == 0) {
                mixed.add(good.get(i / 50));
              }
              mixed.add(
                  new ProducerRecord<>(
                      "",
                      0,
                      TestJobs.START,
                      ("broken" + i).getBytes(StandardCharsets.UTF_8),
                      broken.get(i % broken.size())));
            });
    assertThat(mixed).hasSize(IMAGES + 10_000);
    Result clean = run(good, 1, Map.of(), false);
    Result dirty = run(mixed, 1, Map.of(), false);
    assertThat(dirty.deadLetters()).isEqualTo(10_000);
    assertThat(dirty.digest()).isEqualTo(clean.digest());
    assertThat(dirty.embeddings()).isEqualTo(clean.embeddings());
  }
}
