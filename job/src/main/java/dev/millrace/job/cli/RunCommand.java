package dev.millrace.job.cli;

import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.JobOptions;
import dev.millrace.job.demo.RunObserver;
import dev.millrace.job.topology.LatestCheckpoint;
import dev.millrace.job.topology.MillraceJob;
import dev.millrace.job.topology.Placement;
import dev.millrace.job.topology.TopicEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs the job against a Kafka broker, on a Flink inside this process or on a cluster.",
      "With source.bounded: true it ends where the topic ended at the start."
    })
final class RunCommand implements Callable<Integer> {

  @Mixin private JobMixin job;

  @Option(
      names = "--restore",
      paramLabel = "latest|PATH",
      description =
          "Goes on from a checkpoint or savepoint; 'latest' is the newest checkpoint under"
              + " job.checkpoint-directory.")
  private String restore;

  @Option(
      names = "--remote",
      paramLabel = "HOST:PORT",
      description = "REST address of a Flink cluster; its lib/ holds the native jars.")
  private String remote;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Partitions of topics that do not exist and are made. Default: ${DEFAULT-VALUE}")
  private int partitions;

  @Override
  public Integer call() throws Exception {
    Map<String, String> values = job.values();
    if (remote == null) {
      values.putIfAbsent(JobOptions.CHECKPOINT_DIRECTORY.key(), "millrace-checkpoints");
    }
    JobConfig config = JobConfig.of(values);
    if (remote == null) {
      Placement.requireNoGpu(config);
    }
    Topics.ensure(
        config.options().get(KafkaSourceOptions.BOOTSTRAP_SERVERS),
        MillraceJob.topics(config, partitions));
    boolean drained =
        restore != null && remote == null && config.options().get(KafkaSourceOptions.BOUNDED);
    if (drained) {
      values.put(KafkaSourceOptions.BOUNDED.key(), "false");
      config = JobConfig.of(values);
    }
    StreamExecutionEnvironment env = environment(config);
    MillraceJob.build(env, config);
    ProgressLine line = ProgressLine.onStandardError();
    try (TopicEnd topicEnd = TopicEnd.now(config)) {
      JobClient client = env.executeAsync("millrace");
      if (remote != null) {
        line.end("job " + client.getJobID() + " runs on " + remote);
        return 0;
      }
      follow(config, client, drained ? topicEnd : null, line);
    }
    return 0;
  }

  /** Shows progress until the job ends; ends it at the topic's end if there is one to look for. */
  private static void follow(
      JobConfig config, JobClient client, TopicEnd topicEnd, ProgressLine line) throws Exception {
    CompletableFuture<?> end = client.getJobExecutionResult();
    CompletableFuture<String> savepoint = null;
    try (RunObserver observer = new RunObserver(config)) {
      while (!end.isDone()) {
        observer.poll(Duration.ofMillis(500));
        line.show(Double.NaN, observer.line());
        if (topicEnd != null && savepoint == null && topicEnd.isReached()) {
          String directory = config.options().get(JobOptions.CHECKPOINT_DIRECTORY);
          savepoint =
              client.stopWithSavepoint(true, JobOptions.uri(directory), SavepointFormatType.NATIVE);
        }
      }
      end.get();
      observer.drain();
      line.end(observer.line());
    }
  }

  private StreamExecutionEnvironment environment(JobConfig config) throws Exception {
    Configuration flink = MillraceJob.flinkConfiguration(config);
    if (remote == null && !flink.contains(RestartStrategyOptions.RESTART_STRATEGY)) {
      // Flink's own default tries again for ever and tells nobody.
      flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
      flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    }
    if (restore != null) {
      String directory = config.options().get(JobOptions.CHECKPOINT_DIRECTORY);
      if (restore.equals("latest") && directory == null) {
        throw new IllegalArgumentException(
            "--restore latest needs " + JobOptions.CHECKPOINT_DIRECTORY.key());
      }
      String path =
          restore.equals("latest")
              ? LatestCheckpoint.under(Path.of(directory)).toUri().toString()
              : JobOptions.uri(restore);
      flink.set(StateRecoveryOptions.SAVEPOINT_PATH, path);
    }
    if (remote == null) {
      return StreamExecutionEnvironment.createLocalEnvironment(config.parallelism(), flink);
    }
    int at = remote.lastIndexOf(':');
    if (at < 1) {
      throw new IllegalArgumentException("--remote is HOST:PORT, was " + remote);
    }
    Path jar =
        Path.of(System.getProperty("millrace.home", "."), "job", "target", "millrace-job.jar");
    return StreamExecutionEnvironment.createRemoteEnvironment(
        remote.substring(0, at),
        Integer.parseInt(remote.substring(at + 1)),
        flink,
        jar.toAbsolutePath().toString());
  }
}
