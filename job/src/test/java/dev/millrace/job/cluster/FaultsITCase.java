package dev.millrace.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.connectors.kafka.TestTopics;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.job.Await;
import dev.millrace.job.TestJobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/faults.md says of each fault. */
@Tag("chaos")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FaultsITCase {

  private static final int EVENTS = 1_000;

  private static Path work;
  private static EmbeddedBroker broker;
  private static FlinkCluster cluster;
  private static List<ProducerRecord<byte[], byte[]>> records;

  @BeforeAll
  static void start() throws Exception {
    work = Work.fresh(Path.of("target", "faults-it").toAbsolutePath());
    broker = EmbeddedBroker.start();
    cluster = FlinkCluster.start(work, ClusterOptions.of(1));
    records = TestJobs.records("", 1, Retail.first(EVENTS));
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void jobWhoseCheckpointStorageGoesAndComesBackGoesOnWithNothingLost() throws Exception {
    LearningRun run = run("storage", Map.of());
    Topics.ensure(broker.bootstrapServers(), List.of(TopicSpec.kept("storage", 1)));
    write("storage", 0, 0, EVENTS / 2);
    RunningJob job = cluster.submit(run.configFile());
    job.awaitCheckpoint(0, FlinkCluster.PATIENCE);
    Path aside = run.checkpoints().resolveSibling("aside");
    Files.move(run.checkpoints(), aside);
    Files.createFile(run.checkpoints());
    Await.until(
        "the job to fail for its storage",
        FlinkCluster.PATIENCE,
        job::failure,
        failure -> failure.contains("checkpoint"),
        job::logs);
    Files.delete(run.checkpoints());
    Files.move(aside, run.checkpoints());
    long back = System.currentTimeMillis();
    write("storage", 0, EVENTS / 2, EVENTS);
    job.awaitCheckpoint(back, FlinkCluster.PATIENCE);
    run.finish(job, FlinkCluster.PATIENCE);
    assertThat(run.read().events()).isEqualTo(EVENTS);
    assertThat(run.read().digests()).hasSize(1);
  }

  @Test
  void topicThatIsMissingIsMadeAndReadWhenSomethingComes() throws Exception {
    LearningRun run = run("missing", Map.of());
    RunningJob job = cluster.submit(run.configFile());
    write("missing", 0, 0, EVENTS);
    run.finish(job, FlinkCluster.PATIENCE);
    assertThat(run.read().events()).isEqualTo(EVENTS);
  }

  @Test
  void partitionThatIsAddedIsReadAndItsEventsOfTimesGoneByAreLate() throws Exception {
    LearningRun run = run("grown", Map.of("source.partition-discovery-interval", "500 ms"));
    RunningJob job = cluster.submit(run.configFile());
    write("grown", 0, 0, EVENTS / 2);
    long now = System.currentTimeMillis();
    job.awaitCheckpoint(now, FlinkCluster.PATIENCE);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createPartitions(Map.of("grown", NewPartitions.increaseTo(2))).all().get();
      Topics.awaitLeaders(admin, Map.of("grown", 2), FlinkCluster.PATIENCE);
    }
    // Times that the first partition has passed, and times to come.
    write("grown", 1, 0, 100);
    write("grown", 1, EVENTS / 2, EVENTS);
    run.finish(job, FlinkCluster.PATIENCE);
    LearningRun.Left left = run.read();
    assertThat(left.events()).isEqualTo(EVENTS + 100);
    assertThat(left.late()).isEqualTo(100);
  }

  @Test
  void secondJobOfOneIdIsRefused() throws Exception {
    LearningRun run = run("twin", Map.of("job.id", "twin"));
    RunningJob job = cluster.submit(run.configFile());
    assertThat(cluster.flinkRun(run.configFile())).contains("has already been submitted");
    assertThat(job.state()).isEqualTo("RUNNING");
    job.cancel();
    assertThat(cluster.flinkRun(run.configFile())).contains("already");
  }

  private static LearningRun run(String name, Map<String, String> more) throws Exception {
    Map<String, String> values = new LinkedHashMap<>(TestJobs.smallLearner());
    values.putAll(more);
    return new LearningRun(name, broker.bootstrapServers(), name, work, values);
  }

  private static void write(String topic, int partition, int from, int to) throws Exception {
    new TestTopics(broker.bootstrapServers())
        .write(
            records.subList(from, to).stream()
                .map(
                    r ->
                        new ProducerRecord<>(
                            topic, (Integer) partition, r.timestamp(), r.key(), r.value()))
                .toList());
  }
}
