package dev.millrace.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.embedded.EmbeddedBrokerOptions;
import dev.millrace.connectors.embedded.ForkedBroker;
import dev.millrace.connectors.kafka.TestTopics;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.job.TestJobs;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The job on a real cluster, short; the long form runs under the profile {@code chaos}. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class ClusterITCase {

  private static final int EVENTS = 3_000;
  private static final int PARALLELISM = 2;
  private static final Path WORK = Path.of("target", "cluster-it").toAbsolutePath();

  /** Four lanes on two task managers; a third stands by. */
  private static Map<String, String> lanes() {
    Map<String, String> values = TestJobs.smallLearner();
    values.put("job.lanes", "4");
    values.put("job.parallelism", String.valueOf(PARALLELISM));
    return values;
  }

  /**
   * The first run is submitted by {@code flink run}, the second by {@code millrace run --remote}.
   * Half of the topic is there when the first starts, the other half comes while it recovers: the
   * kill is in the middle, however fast the machine is.
   */
  @Test
  void killedTaskManagerChangesNothingAndNoOutputIsLostOrDoubled() throws Exception {
    Path work = Work.fresh(WORK);
    List<ProducerRecord<byte[], byte[]>> records =
        TestJobs.records("interactions", PARALLELISM, Retail.first(EVENTS));
    try (ForkedBroker broker = ForkedBroker.start(EmbeddedBrokerOptions.defaults());
        FlinkCluster cluster = FlinkCluster.start(work, ClusterOptions.of(PARALLELISM + 1))) {
      String bootstrap = broker.bootstrapServers();
      TestTopics topics = new TestTopics(bootstrap);
      Topics.ensure(bootstrap, List.of(TopicSpec.kept("interactions", PARALLELISM)));
      topics.write(records.subList(0, EVENTS / 2));

      LearningRun killed = new LearningRun("killed", bootstrap, "interactions", work, lanes());
      RunningJob job = cluster.submit(killed.configFile());
      job.awaitCheckpoint(0, FlinkCluster.PATIENCE);
      String victim = job.placement().values().iterator().next().iterator().next();
      cluster.killTaskManager(victim);
      long kill = System.currentTimeMillis();
      topics.write(records.subList(EVENTS / 2, EVENTS));
      job.awaitCheckpoint(kill, FlinkCluster.PATIENCE);
      assertThat(job.restores()).isPositive();
      assertThat(job.placement().values()).noneMatch(managers -> managers.contains(victim));
      killed.finish(job, FlinkCluster.PATIENCE);

      LearningRun smooth = new LearningRun("smooth", bootstrap, "interactions", work, lanes());
      smooth.finish(cluster.millraceRun(smooth.configFile()), FlinkCluster.PATIENCE);

      LearningRun.Left undisturbed = smooth.read();
      LearningRun.Left disturbed = killed.read();
      assertThat(undisturbed.digests()).hasSize(1);
      assertThat(disturbed.digests()).isEqualTo(undisturbed.digests());
      assertThat(undisturbed.events()).isEqualTo(EVENTS);
      assertThat(disturbed.events()).isEqualTo(EVENTS);
      assertThat(disturbed.late()).isZero();
      assertThat(disturbed.outputs()).isEqualTo(undisturbed.outputs()).isNotEmpty();
      assertThat(new HashSet<>(disturbed.outputs())).hasSameSizeAs(disturbed.outputs());
    }
  }
}
