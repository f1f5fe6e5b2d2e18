package dev.millrace.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.connectors.embedded.EmbeddedBrokerOptions;
import dev.millrace.connectors.embedded.ForkedBroker;
import dev.millrace.connectors.kafka.TestTopics;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.job.Await;
import dev.millrace.job.TestJobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The long form: everything that can be killed is, over and over, and the job is moved to another
 * parallelism by a savepoint. {@code -Dchaos.events}, {@code -Dchaos.task-manager-kills}, {@code
 * -Dchaos.job-manager-kills}, {@code -Dchaos.broker-restarts}, {@code -Dchaos.lanes} and {@code
 * -Dchaos.seed} change it.
 */
@Tag("chaos")
@Timeout(value = 90, unit = TimeUnit.MINUTES)
class ChaosITCase {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int PARTITIONS = 2;

  /** What is done to the cluster. */
  private enum Blow {
    TASK_MANAGER_KILL,
    JOB_MANAGER_KILL,
    BROKER_RESTART,
    SAVEPOINT_AND_RESCALE
  }

  private record Recovery(String blow, long millis) {}

  private final List<Recovery> recoveries = new ArrayList<>();
  private final Random random = new Random(Long.getLong("chaos.seed", 5));
  private final Path work = Path.of("target", "chaos-it").toAbsolutePath();
  private ForkedBroker broker;
  private FlinkCluster cluster;
  private LearningRun struck;
  private RunningJob job;

  @Test
  void modelAndOutputsAreThoseOfAnUndisturbedRunWhateverIsKilled() throws Exception {
    Work.fresh(work);
    List<Blow> blows = blows();
    int events = Integer.getInteger("chaos.events", 100_000);
    List<ProducerRecord<byte[], byte[]>> records =
        TestJobs.records("interactions", PARTITIONS, Retail.first(events));
    try (ForkedBroker forked = ForkedBroker.start(EmbeddedBrokerOptions.defaults());
        FlinkCluster started = FlinkCluster.start(work, ClusterOptions.of(2).highlyAvailable())) {
      broker = forked;
      cluster = started;
      String bootstrap = broker.bootstrapServers();
      Topics.ensure(bootstrap, List.of(TopicSpec.kept("interactions", PARTITIONS)));
      struck = run("struck", bootstrap);
      job = cluster.submit(struck.configFile());
      int from = 0;
      for (int i = 0; i <= blows.size(); i++) {
        int to = (int) ((long) events * (i + 1) / (blows.size() + 1));
        write(records.subList(from, to));
        if (i < blows.size()) {
          awaitSome(to - from);
          strike(blows.get(i));
        }
        from = to;
      }
      struck.finish(job, PATIENCE);
      LearningRun smooth = run("smooth", bootstrap);
      smooth.finish(cluster.submit(smooth.configFile()), PATIENCE);
      compare(events, struck.read(), smooth.read());
    }
  }

  private List<Blow> blows() {
    List<Blow> blows = new ArrayList<>();
    blows.addAll(
        Collections.nCopies(
            Integer.getInteger("chaos.task-manager-kills", 20), Blow.TASK_MANAGER_KILL));
    blows.addAll(
        Collections.nCopies(
            Integer.getInteger("chaos.job-manager-kills", 5), Blow.JOB_MANAGER_KILL));
    blows.addAll(
        Collections.nCopies(Integer.getInteger("chaos.broker-restarts", 5), Blow.BROKER_RESTART));
    Collections.shuffle(blows, random);
    blows.add(blows.size() / 2, Blow.SAVEPOINT_AND_RESCALE);
    return blows;
  }

  private LearningRun run(String name, String bootstrap) throws Exception {
    Map<String, String> values = new LinkedHashMap<>(TestJobs.smallLearner());
    values.put("job.parallelism", String.valueOf(PARTITIONS));
    values.put("job.lanes", System.getProperty("chaos.lanes", "8"));
    return new LearningRun(name, bootstrap, "interactions", work, values);
  }

  private void write(List<ProducerRecord<byte[], byte[]>> slice) throws Exception {
    new TestTopics(broker.bootstrapServers()).write(slice);
  }

  /** Waits until the learner has got a random part of what was written last, or a checkpoint. */
  private void awaitSome(int written) {
    long wanted = job.learnerRecords() + random.nextInt(written);
    long now = System.currentTimeMillis();
    Await.until(
        "the learner to go on",
        PATIENCE,
        () -> job.learnerRecords() >= wanted || job.hasCheckpointAfter(now),
        goesOn -> goesOn,
        job::logs);
  }

  private void strike(Blow blow) throws Exception {
    long moment;
    switch (blow) {
      case TASK_MANAGER_KILL -> {
        Set<String> atWork = new TreeSet<>();
        job.placement().values().forEach(atWork::addAll);
        List<String> candidates = List.copyOf(atWork);
        cluster.killTaskManager(candidates.get(random.nextInt(candidates.size())));
        moment = System.currentTimeMillis();
        cluster.startTaskManager(Map.of());
      }
      case JOB_MANAGER_KILL -> {
        cluster.killJobManager();
        moment = System.currentTimeMillis();
        cluster.startJobManager();
      }
      case BROKER_RESTART -> {
        broker.kill();
        moment = System.currentTimeMillis();
        broker.restart();
      }
      case SAVEPOINT_AND_RESCALE -> {
        moment = System.currentTimeMillis();
        String savepoint = job.stop(struck.savepoints(), false);
        Path config = struck.configFile(Map.of("job.parallelism", "1"));
        job = cluster.submit(config, "-s", savepoint);
      }
      default -> throw new IllegalStateException("no such blow: " + blow);
    }
    long recovered = job.awaitCheckpoint(moment, PATIENCE) - moment;
    recoveries.add(new Recovery(blow.name().toLowerCase(Locale.ROOT).replace('_', '-'), recovered));
    System.out.printf(
        Locale.ROOT,
        "| %2d | %-21s | %6d ms |%n",
        recoveries.size(),
        recoveries.get(recoveries.size() - 1).blow(),
        recovered);
  }

  private void compare(int events, LearningRun.Left struckLeft, LearningRun.Left smoothLeft)
      throws Exception {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("events", events);
    report.put("lanes", struck.config().lanes());
    report.put("recoveries", recoveries);
    report.put("digest_undisturbed", smoothLeft.digests());
    report.put("digest", struckLeft.digests());
    report.put("events_counted", struckLeft.events());
    report.put("late", struckLeft.late());
    report.put("outputs_undisturbed", smoothLeft.outputs().size());
    report.put("outputs", struckLeft.outputs().size());
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(Path.of("target", "chaos-report.json").toFile(), report);
    System.out.println(report);
    assertThat(smoothLeft.digests()).hasSize(1);
    assertThat(struckLeft.digests()).isEqualTo(smoothLeft.digests());
    assertThat(struckLeft.events()).isEqualTo(events);
    assertThat(struckLeft.late()).isZero();
    assertThat(struckLeft.outputs()).isEqualTo(smoothLeft.outputs()).isNotEmpty();
    assertThat(new HashSet<>(struckLeft.outputs())).hasSameSizeAs(struckLeft.outputs());
  }
}
