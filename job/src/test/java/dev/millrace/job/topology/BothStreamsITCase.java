package dev.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.codec.LearningMetricsJsonCodec;
import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.connectors.kafka.TestTopics;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.job.TestImageJobs;
import dev.millrace.job.TestJobs;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.LearningMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A job of both streams, each on several lanes, with the rounds of both in one topic. */
class BothStreamsITCase {

  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
  }

  /** Digests of the streams by the scopes of their metrics. */
  private static Map<String, String> digests(String streams) throws Exception {
    String run = streams.replace(',', '-') + "-";
    Map<String, String> values = new LinkedHashMap<>(TestJobs.smallLearner());
    values.putAll(TestImageJobs.smallLearner());
    values.put("job.streams", streams);
    values.put("job.lanes", "3");
    values.put("job.parallelism", "2");
    // Of interactions, two a minute, and of images, ten a second, a round has some.
    values.put("job.round", "5 s");
    values.putAll(
        TestJobs.bounded(
            broker.bootstrapServers(),
            run,
            List.of(
                "user-embeddings",
                "item-embeddings",
                "recommendations",
                "image-embeddings",
                "prototypes",
                "learning-metrics",
                "model-updates",
                "dead-letters")));
    JobConfig config = JobConfig.of(values);
    Topics.ensure(broker.bootstrapServers(), TestJobs.uncompacted(MillraceJob.topics(config, 2)));
    TestTopics topics = new TestTopics(broker.bootstrapServers());
    if (streams.contains("images")) {
      topics.write(TestImageJobs.records(run + "images", 2, 100, 11));
    }
    if (streams.contains("interactions")) {
      List<ProducerRecord<byte[], byte[]>> events =
          TestJobs.records(run + "interactions", 2, TestJobs.interactions(40, 11));
      topics.write(events);
    }
    LocalRun.smooth(config);
    Map<String, String> digests = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : topics.read(run + "learning-metrics")) {
      LearningMetrics metrics = LearningMetricsJsonCodec.decode(record.value());
      if (MetricScopes.is(MetricScopes.TOTAL, metrics)) {
        digests.put(metrics.scope(), metrics.labels().get(MetricScopes.MODEL_DIGEST));
      }
    }
    return digests;
  }

  @Test
  void streamsOfOneJobLearnWhatTheyLearnInTwoJobs() throws Exception {
    Map<String, String> expected = digests("images");
    expected.putAll(digests("interactions"));
    assertThat(expected).hasSize(2);
    assertThat(digests("images,interactions")).isEqualTo(expected);
  }
}
