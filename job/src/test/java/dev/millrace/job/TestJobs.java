package dev.millrace.job;

import dev.millrace.connectors.codec.InteractionFields;
import dev.millrace.connectors.codec.InteractionJsonCodec;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.job.config.JobConfig;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;

/** A small learner and a small stream with a structure that it can learn. */
public final class TestJobs {

  public static final long START = 1_262_304_000_000L;

  private TestJobs() {}

  /** Options of a small, quick learner. */
  public static Map<String, String> smallLearner() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("learn.width", "16");
    values.put("learn.inner-width", "32");
    values.put("learn.history", "64");
    values.put("learn.window", "20");
    values.put("learn.threads", "1");
    values.put("learn.evaluation.window", "500");
    values.put("job.warm-up", "0 s");
    return values;
  }

  public static JobConfig config(Map<String, String> more) {
    Map<String, String> values = smallLearner();
    values.putAll(more);
    return JobConfig.of(values);
  }

  /**
   * Options of a bounded run with topics of its own.
   *
   * @param run begins the names of its topics
   * @param sinks topics that it writes
   */
  public static Map<String, String> bounded(String bootstrap, String run, List<String> sinks) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("kafka.bootstrap-servers", bootstrap);
    values.put("source.bounded", "true");
    values.put("source.images.topic", run + "images");
    values.put("source.interactions.topic", run + "interactions");
    values.put("sink.transactional-id-prefix", run);
    sinks.forEach(sink -> values.put("sink." + sink + ".topic", run + sink));
    return values;
  }

  /** Baskets, one or two a minute, of users who each like a group of items. */
  public static List<Interaction> interactions(int baskets, long seed) {
    Random random = new Random(seed);
    List<Interaction> interactions = new ArrayList<>();
    for (int b = 0; b < baskets; b++) {
      long time = START + 60_000L * (b / 2);
      int user = random.nextInt(25);
      int lines = 2 + random.nextInt(5);
      for (int i = 0; i < lines; i++) {
        int group = random.nextInt(10) < 8 ? user % 5 : random.nextInt(5);
        interactions.add(
            new Interaction(
                "u" + user,
                "i" + (10 * group + random.nextInt(10)),
                "",
                time,
                1,
                "",
                new SourcePosition("t", 0, interactions.size()),
                time));
      }
    }
    return interactions;
  }

  /** Records of a topic whose partition is a function of the user. */
  public static List<ProducerRecord<byte[], byte[]>> records(
      String topic, int partitions, List<Interaction> interactions) {
    InteractionJsonCodec codec = new InteractionJsonCodec(InteractionFields.DEFAULT);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (Interaction interaction : interactions) {
      records.add(
          new ProducerRecord<>(
              topic,
              Math.floorMod(interaction.user().hashCode(), partitions),
              interaction.eventTime(),
              interaction.user().getBytes(StandardCharsets.UTF_8),
              codec.encode(interaction)));
    }
    return records;
  }

  /**
   * The same topics without compaction, which takes older records of an id away while a test still
   * has to count them: the markers of transactions carry today's time, the records that of their
   * events, and so much time between them closes a segment.
   */
  public static List<TopicSpec> uncompacted(List<TopicSpec> topics) {
    return topics.stream()
        .map(
            topic -> {
              Map<String, String> settings = new HashMap<>(topic.settings());
              settings.remove(TopicConfig.CLEANUP_POLICY_CONFIG);
              return new TopicSpec(topic.name(), topic.partitions(), settings);
            })
        .toList();
  }
}
