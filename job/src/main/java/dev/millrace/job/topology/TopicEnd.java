package dev.millrace.job.topology;

import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.LearnedStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the topics that a job reads ended at some moment, and whether a job has it all in a
 * checkpoint: the source commits its offsets to its consumer group with each one.
 *
 * <p>A bounded source that is restored from a checkpoint never ends (flink-connector-kafka 5.0.0:
 * the enumerator tells its readers that no more splits come only when it discovers a partition). So
 * a restored run reads without bound and is drained when this says so.
 */
public final class TopicEnd implements AutoCloseable {

  private final Admin admin;
  private final String group;
  private final Map<TopicPartition, Long> ends;

  private TopicEnd(Admin admin, String group, Map<TopicPartition, Long> ends) {
    this.admin = admin;
    this.group = group;
    this.ends = ends;
  }

  /** The ends of the job's topics as they are now. */
  public static TopicEnd now(JobConfig config) throws Exception {
    ReadableConfig options = config.options();
    Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                options.get(KafkaSourceOptions.BOOTSTRAP_SERVERS)));
    List<String> topics =
        config.streams().stream()
            .map(
                stream ->
                    options.get(
                        stream == LearnedStream.IMAGES
                            ? KafkaSourceOptions.IMAGES_TOPIC
                            : KafkaSourceOptions.INTERACTIONS_TOPIC))
            .toList();
    Map<TopicPartition, OffsetSpec> latest =
        admin.describeTopics(topics).allTopicNames().get().values().stream()
            .flatMap(
                topic ->
                    topic.partitions().stream()
                        .map(info -> new TopicPartition(topic.name(), info.partition())))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    Map<TopicPartition, Long> ends =
        admin.listOffsets(latest).all().get().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    return new TopicEnd(admin, options.get(KafkaSourceOptions.GROUP_ID), ends);
  }

  /** Whether a checkpoint of the consumer group holds everything up to the end. */
  public boolean isReached() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return ends.entrySet().stream()
        .allMatch(
            end -> {
              OffsetAndMetadata offset = committed.get(end.getKey());
              return end.getValue() == 0 || (offset != null && offset.offset() >= end.getValue());
            });
  }

  @Override
  public void close() {
    admin.close();
  }
}
