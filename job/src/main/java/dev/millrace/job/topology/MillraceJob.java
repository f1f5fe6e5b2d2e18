package dev.millrace.job.topology;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.kafka.ImageSource;
import dev.millrace.connectors.kafka.InteractionSource;
import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.connectors.kafka.TopicSpec;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.connectors.kafka.WatermarkStrategies;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.config.ConfigFile;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.JobOptions;
import dev.millrace.job.config.LearnedStream;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Interaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job that a cluster runs: {@code flink run millrace-job.jar --config FILE [key=value ...]}.
 *
 * <p>Kafka source, {@link InteractionTopology} or {@link ImageTopology} or both, Kafka sinks.
 */
public final class MillraceJob {

  /** A broker may start together with the job. */
  private static final Duration BROKER_PATIENCE = Duration.ofMinutes(1);

  private MillraceJob() {}

  public static void main(String[] arguments) throws Exception {
    JobConfig config = JobConfig.of(values(arguments));
    Topics.ensure(
        config.options().get(KafkaSourceOptions.BOOTSTRAP_SERVERS),
        topics(config, config.parallelism()),
        BROKER_PATIENCE);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(flinkConfiguration(config));
    build(env, config);
    env.execute("millrace");
  }

  /** Options of the file that {@code --config} names, then of {@code key=value} arguments. */
  static Map<String, String> values(String[] arguments) throws Exception {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--config") && i + 1 < arguments.length) {
        values.putAll(ConfigFile.read(Path.of(arguments[++i])));
      } else if (arguments[i].indexOf('=') > 0 && !arguments[i].startsWith("-")) {
        int at = arguments[i].indexOf('=');
        values.put(arguments[i].substring(0, at), arguments[i].substring(at + 1));
      } else {
        throw new IllegalArgumentException(
            "unknown argument '" + arguments[i] + "': give --config FILE and key=value");
      }
    }
    return values;
  }

  /** What Flink is configured with: checkpoints on, no Kryo; {@code flink.*} options win. */
  public static Configuration flinkConfiguration(JobConfig config) {
    Configuration flink = new Configuration();
    flink.set(PipelineOptions.GENERIC_TYPES, false);
    flink.set(PipelineOptions.MAX_PARALLELISM, InteractionTopology.MAX_PARALLELISM);
    flink.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(20));
    flink.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL,
        config.options().get(JobOptions.CHECKPOINT_INTERVAL));
    config
        .options()
        .getOptional(JobOptions.CHECKPOINT_DIRECTORY)
        .ifPresent(
            directory -> {
              flink.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
              flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, JobOptions.uri(directory));
              flink.set(
                  CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                  ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
            });
    config
        .options()
        .getOptional(JobOptions.ID)
        .ifPresent(id -> flink.set(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID, flinkId(id)));
    flink.addAll(config.flink());
    return flink;
  }

  /** Topics that the job needs. */
  public static List<TopicSpec> topics(JobConfig config, int partitions) {
    Map<String, TopicSpec> topics = new LinkedHashMap<>();
    List<TopicSpec> all = new ArrayList<>();
    if (config.streams().contains(LearnedStream.INTERACTIONS)) {
      all.addAll(TopicSpec.ofJob(config.options(), partitions));
    }
    if (config.streams().contains(LearnedStream.IMAGES)) {
      all.addAll(TopicSpec.ofImageJob(config.options(), partitions));
    }
    if (config.lanes() > 1) {
      all.add(TopicSpec.modelUpdates(config.options(), config.lanes()));
    }
    // Both streams write into the same topics of metrics and of dead letters.
    all.forEach(topic -> topics.putIfAbsent(topic.name(), topic));
    return List.copyOf(topics.values());
  }

  /** Flink's id of a job, 16 bytes in hexadecimal digits, for a name. */
  private static String flinkId(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }

  /** Puts the job together: one pipeline for each stream that it learns from. */
  public static void build(StreamExecutionEnvironment env, JobConfig config) {
    env.setParallelism(config.parallelism());
    if (config.streams().contains(LearnedStream.INTERACTIONS)) {
      interactions(env, config);
    }
    if (config.streams().contains(LearnedStream.IMAGES)) {
      images(env, config);
    }
  }

  private static void interactions(StreamExecutionEnvironment env, JobConfig config) {
    DataStream<Decoded<Interaction>> decoded =
        Placement.of(config)
            .other(
                env.fromSource(
                        InteractionSource.from(config.options()),
                        WatermarkStrategies.interactions(config.options()),
                        "interactions",
                        RecordTypes.DECODED_INTERACTION)
                    .uid("interactions"));
    InteractionTopology.wire(decoded, InteractionTopology.Sinks.kafka(config), config);
  }

  private static void images(StreamExecutionEnvironment env, JobConfig config) {
    DataStream<Decoded<ImageEvent>> decoded =
        Placement.of(config)
            .other(
                env.fromSource(
                        ImageSource.from(config.options()),
                        WatermarkStrategies.images(config.options()),
                        "images",
                        RecordTypes.DECODED_IMAGE)
                    .uid("images"));
    ImageTopology.wire(decoded, ImageTopology.Sinks.kafka(config), config);
  }
}
