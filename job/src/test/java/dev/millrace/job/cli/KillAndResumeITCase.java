package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.codec.LearningMetricsJsonCodec;
import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.connectors.kafka.TestTopics;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.job.TestImageJobs;
import dev.millrace.job.TestJobs;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.LearningMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed, and one that goes on from its last checkpoint. */
class KillAndResumeITCase {

  @TempDir private Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNoProcessBehind() throws Exception {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  /** A topic and the options of a learner that takes long enough on it to be killed. */
  private record Feed(
      String topic, List<ProducerRecord<byte[], byte[]>> records, Map<String, String> options) {}

  private Map<String, String> options;

  @Test
  void killedAndResumedRunHasTheDigestOfOneThatWasNot() throws Exception {
    Map<String, String> slow = new LinkedHashMap<>(TestJobs.smallLearner());
    slow.put("learn.replay-steps", "20");
    killAndResume(
        new Feed(
            "interactions",
            TestJobs.records("interactions", 1, TestJobs.interactions(4_000, 21)),
            slow));
  }

  @Test
  void killedAndResumedRunOnImagesHasTheDigestOfOneThatWasNot() throws Exception {
    Map<String, String> slow = new LinkedHashMap<>(TestImageJobs.smallLearner());
    slow.put("learn.images.replay-steps", "20");
    killAndResume(new Feed("images", TestImageJobs.records("images", 1, 1_500, 21), slow));
  }

  private void killAndResume(Feed feed) throws Exception {
    options = feed.options();
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      String bootstrap = broker.bootstrapServers();
      Topics.ensure(bootstrap, List.of(TopicSpec.kept(feed.topic(), 1)));
      TestTopics topics = new TestTopics(bootstrap);
      topics.write(feed.records());

      Process straight = start(bootstrap, "straight");
      assertThat(straight.waitFor(4, TimeUnit.MINUTES)).isTrue();
      assertThat(straight.exitValue()).as(log("straight")).isZero();

      Process killed = start(bootstrap, "killed");
      List<Path> checkpoints = awaitCheckpoints(killed, "killed");
      killed.destroyForcibly().waitFor();
      assertThat(checkpoints).isNotEmpty();
      assertThat(digests(topics, "killed")).as("killed before its end").isEmpty();

      Process resumed = start(bootstrap, "killed", "--restore", "latest");
      assertThat(resumed.waitFor(2, TimeUnit.MINUTES)).as(log("killed")).isTrue();
      assertThat(resumed.exitValue()).as(log("killed")).isZero();
      assertThat(digests(topics, "killed")).isEqualTo(digests(topics, "straight")).hasSize(1);
    }
  }

  /** Waits until a few checkpoints are complete, so that learning has begun. */
  private List<Path> awaitCheckpoints(Process process, String run) throws Exception {
    Path checkpoints = directory.resolve(run);
    while (process.isAlive()) {
      List<Path> complete = List.of();
      if (Files.isDirectory(checkpoints)) {
        try (Stream<Path> files = Files.walk(checkpoints, 3)) {
          complete = files.filter(path -> path.endsWith("_metadata")).toList();
        } catch (java.io.UncheckedIOException e) {
          // A checkpoint was removed while it was looked at.
          complete = List.of();
        }
      }
      if (complete.stream().anyMatch(path -> number(path) >= 3)) {
        return complete;
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("the run ended before it could be killed: " + log(run));
  }

  private static int number(Path metadata) {
    return Integer.parseInt(metadata.getParent().getFileName().toString().substring(4));
  }

  private Process start(String bootstrap, String run, String... more) throws IOException {
    Map<String, String> values = new LinkedHashMap<>(options);
    values.put("kafka.bootstrap-servers", bootstrap);
    values.put("source.group-id", run);
    values.put("source.bounded", "true");
    values.put("job.checkpoint-interval", "100 ms");
    values.put("job.checkpoint-directory", directory.resolve(run).toString());
    values.put("sink.learning-metrics.topic", run + "-metrics");
    Path config = directory.resolve(run + ".yaml");
    List<String> lines = new ArrayList<>();
    values.forEach((key, value) -> lines.add(key + ": \"" + value + "\""));
    Files.write(config, lines);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Xmx700m",
                "-cp",
                System.getProperty("java.class.path"),
                Millrace.class.getName(),
                "run",
                "--config",
                config.toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve(run + ".log").toFile()))
        .start();
  }

  private String log(String run) throws IOException {
    Path log = directory.resolve(run + ".log");
    return Files.exists(log) ? Files.readString(log) : "no log";
  }

  private static List<String> digests(TestTopics topics, String run) throws Exception {
    List<String> digests = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : topics.read(run + "-metrics")) {
      LearningMetrics metrics = LearningMetricsJsonCodec.decode(record.value());
      if (MetricScopes.is(MetricScopes.TOTAL, metrics)) {
        digests.add(metrics.labels().get(MetricScopes.MODEL_DIGEST));
      }
    }
    return digests;
  }
}
