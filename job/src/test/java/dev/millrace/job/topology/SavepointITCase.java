package dev.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.connectors.kafka.TestTopics;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.job.Await;
import dev.millrace.job.TestJobs;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.Interaction;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Savepoints that earlier builds wrote, kept as resources, are restored by this one. They were
 * taken after the first half of a stream by
 *
 * <pre>
 *   mvn -Pchaos -pl job -am verify -Dit.test=SavepointITCase -Dtest=NONE -Dsavepoints.write=DIR \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 * </pre>
 *
 * <p>A change that cannot read them must bring a reader of the old form; a build that writes
 * another form adds its own savepoint beside these.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SavepointITCase {

  private static final Path KEPT = Path.of("src/test/resources/savepoints");
  private static final String TOPIC = "interactions";
  private static final List<Interaction> STREAM = TestJobs.interactions(300, 5);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path directory;

  private static JobConfig config(EmbeddedBroker broker, int lanes, Path directory) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("kafka.bootstrap-servers", broker.bootstrapServers());
    values.put("source.interactions.topic", TOPIC);
    values.put("source.group-id", "savepoint");
    values.put("job.checkpoint-interval", "200 ms");
    values.put("job.checkpoint-directory", directory.resolve("checkpoints").toString());
    values.put("job.lanes", String.valueOf(lanes));
    values.put("job.round", "7 min");
    values.put("job.parallelism", String.valueOf(Math.min(2, lanes)));
    return TestJobs.config(values);
  }

  private static JobClient start(JobConfig config, Path savepoint) throws Exception {
    Configuration flink = MillraceJob.flinkConfiguration(config);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    if (savepoint != null) {
      flink.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(config.parallelism(), flink);
    MillraceJob.build(env, config);
    return env.executeAsync();
  }

  private static void prepare(JobConfig config) throws Exception {
    String bootstrap = bootstrapOf(config);
    Topics.ensure(bootstrap, TestJobs.uncompacted(TopicSpec.ofJob(config.options(), 1)));
    Topics.ensure(bootstrap, List.of(TopicSpec.modelUpdates(config.options(), config.lanes())));
  }

  private static void write(JobConfig config, int from, int to) throws Exception {
    String bootstrap = bootstrapOf(config);
    List<ProducerRecord<byte[], byte[]>> records = TestJobs.records(TOPIC, 1, STREAM);
    new TestTopics(bootstrap).write(records.subList(from, to));
  }

  private static String bootstrapOf(JobConfig config) {
    return config.options().get(KafkaSourceOptions.BOOTSTRAP_SERVERS);
  }

  /** Waits until a checkpoint holds all that is in the topic. */
  private static void awaitEnd(JobConfig config, JobClient job) throws Exception {
    try (TopicEnd end = TopicEnd.now(config)) {
      Await.until(
          "a checkpoint of the whole topic",
          PATIENCE,
          end::isReached,
          reached -> reached,
          () -> "the job: " + job.getJobExecutionResult());
    }
  }

  @ParameterizedTest
  @CsvSource({"one-lane-1, 1", "four-lanes-1, 4"})
  void savepointOfAnEarlierBuildGoesOn(String name, int lanes) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      JobConfig config = config(broker, lanes, directory);
      prepare(config);
      write(config, 0, STREAM.size());
      JobClient job = start(config, KEPT.resolve(name).toAbsolutePath());
      awaitEnd(config, job);
      job.stopWithSavepoint(true, directory.toString(), SavepointFormatType.CANONICAL).get();
      RunMetrics metrics =
          RunMetrics.read(new TestTopics(broker.bootstrapServers()).read("learning-metrics"));
      assertThat(metrics.arrivals())
          .containsEntry(MetricScopes.EVENTS, (double) STREAM.size())
          .containsEntry(MetricScopes.LATE, 0.0);
      assertThat(metrics.total().figures().get(MetricScopes.EVENTS))
          .isEqualTo((double) STREAM.size());
    }
  }

  /** Writes the savepoints of this build where the property says. */
  @Test
  @Tag("chaos")
  void savepointsOfThisBuildAreWrittenAndNamed() throws Exception {
    Path to = Path.of(System.getProperty("savepoints.write", directory.toString()));
    for (int lanes : new int[] {1, 4}) {
      try (EmbeddedBroker broker = EmbeddedBroker.start()) {
        JobConfig config = config(broker, lanes, directory.resolve("lanes-" + lanes));
        prepare(config);
        write(config, 0, STREAM.size() / 2);
        JobClient job = start(config, null);
        awaitEnd(config, job);
        String written =
            job.stopWithSavepoint(false, to.toString(), SavepointFormatType.CANONICAL).get();
        try (Stream<Path> files = Files.list(Path.of(URI.create(written)))) {
          assertThat(files.map(file -> file.getFileName().toString())).contains("_metadata");
        }
        System.out.println(lanes + " lanes: " + written);
      }
    }
  }
}
