package dev.millrace.job.cluster;

import dev.millrace.connectors.codec.EmbeddingJsonCodec;
import dev.millrace.connectors.codec.LearningMetricsJsonCodec;
import dev.millrace.connectors.codec.RecommendationsJsonCodec;
import dev.millrace.connectors.kafka.TestTopics;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.job.Await;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.job.topology.TopicEnd;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One run of the job over a topic that others may read too: its options and what it left. */
final class LearningRun {

  private static final List<String> OUTPUTS =
      List.of(
          "user-embeddings",
          "item-embeddings",
          "recommendations",
          "learning-metrics",
          "dead-letters");

  private final String name;
  private final String bootstrap;
  private final Path directory;
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * A run.
   *
   * @param name begins the names of its topics, and is its consumer group
   * @param directory of its configuration and checkpoints
   */
  LearningRun(String name, String bootstrap, String topic, Path directory, Map<String, String> more)
      throws IOException {
    this.name = name;
    this.bootstrap = bootstrap;
    this.directory = Files.createDirectories(directory.resolve(name));
    values.put("kafka.bootstrap-servers", bootstrap);
    values.put("source.interactions.topic", topic);
    values.put("source.group-id", name);
    // A partition that is silent because its broker or reader is dead must not be passed over.
    values.put("source.idle-timeout", "0 s");
    values.put("sink.transactional-id-prefix", name);
    values.put("sink.delivery-guarantee", "exactly-once");
    OUTPUTS.forEach(output -> values.put("sink." + output + ".topic", name + "-" + output));
    values.put("job.checkpoint-interval", "1 s");
    values.put("job.checkpoint-directory", checkpoints().toUri().toString());
    values.put("job.warm-up", "0 s");
    values.put("learn.threads", "1");
    values.putAll(more);
    // Made here, since the job's own are compacted, and what a test is to count would go.
    Topics.ensure(
        bootstrap, OUTPUTS.stream().map(output -> TopicSpec.kept(name + "-" + output, 1)).toList());
  }

  Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  Path savepoints() {
    return directory.resolve("savepoints");
  }

  JobConfig config() {
    return JobConfig.of(values);
  }

  /** Writes the options into the file that the job is started with, with some of them changed. */
  Path configFile(Map<String, String> changed) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(changed);
    Path file = directory.resolve("millrace.yaml");
    Files.write(
        file,
        all.entrySet().stream()
            .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
            .toList());
    return file;
  }

  Path configFile() throws IOException {
    return configFile(Map.of());
  }

  /** Waits until a checkpoint holds the whole topic as it is now, then drains and stops the job. */
  void finish(RunningJob job, Duration patience) throws Exception {
    try (TopicEnd end = TopicEnd.now(config())) {
      Await.until(
          name + " to reach the topic's end", patience, end::isReached, at -> at, job::logs);
    }
    job.stop(savepoints(), true);
  }

  /**
   * What a run left.
   *
   * @param digests of the model at the stream's end; one, if it ended once
   * @param events input events that the learner counted
   * @param late those of them that came after their time was closed
   * @param outputs (topic, key, version, event time) and content of every committed record, in
   *     order
   */
  record Left(List<String> digests, long events, long late, List<String> outputs) {}

  /** Reads what was committed. */
  Left read() throws Exception {
    TestTopics topics = new TestTopics(bootstrap);
    List<String> digests = new ArrayList<>();
    long events = 0;
    long late = 0;
    for (ConsumerRecord<byte[], byte[]> record : topics.read(name + "-learning-metrics")) {
      LearningMetrics metrics = LearningMetricsJsonCodec.decode(record.value());
      if (MetricScopes.is(MetricScopes.TOTAL, metrics)) {
        digests.add(metrics.labels().get(MetricScopes.MODEL_DIGEST));
      } else if (MetricScopes.is(MetricScopes.ARRIVALS, metrics)) {
        events += Math.round(metrics.figures().get(MetricScopes.EVENTS));
        late += Math.round(metrics.figures().get(MetricScopes.LATE));
      }
    }
    List<String> outputs = new ArrayList<>();
    for (String topic : OUTPUTS.subList(0, 3)) {
      for (ConsumerRecord<byte[], byte[]> record : topics.read(name + "-" + topic)) {
        outputs.add(topic + " " + describe(topic, record));
      }
    }
    outputs.sort(null);
    return new Left(digests, events, late, outputs);
  }

  private static String describe(String topic, ConsumerRecord<byte[], byte[]> record)
      throws Exception {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      return key + " tombstone at " + record.timestamp();
    }
    if (topic.equals("recommendations")) {
      Recommendations value = RecommendationsJsonCodec.decode(record.value());
      return "%s v%d at %d: %s"
          .formatted(key, value.modelVersion(), value.eventTime(), text(record.value()));
    }
    Embedding value = EmbeddingJsonCodec.decode(record.value());
    return "%s v%d at %d: %s"
        .formatted(key, value.modelVersion(), value.eventTime(), text(record.value()));
  }

  private static String text(byte[] value) {
    return Integer.toHexString(new String(value, StandardCharsets.UTF_8).hashCode());
  }
}
