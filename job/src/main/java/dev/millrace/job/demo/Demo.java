package dev.millrace.job.demo;

import dev.millrace.connectors.embedded.EmbeddedBrokerOptions;
import dev.millrace.connectors.embedded.ForkedBroker;
import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.connectors.kafka.Topics;
import dev.millrace.connectors.replay.ReplayProgress;
import dev.millrace.connectors.replay.ReplayResult;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.JobOptions;
import dev.millrace.job.topology.MillraceJob;
import dev.millrace.job.topology.Placement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The whole path on one machine: a broker in its own process, the job on an embedded Flink, and a
 * replay that feeds it. When all that was sent has been learned, the job is drained and stopped,
 * and the report is made of what it wrote to Kafka.
 *
 * @param <R> the report
 */
public final class Demo<R> {

  /** Told what is going on, several times a second. */
  public interface Watcher {
    void show(double done, String text);
  }

  private static final Duration POLL = Duration.ofMillis(200);

  private final DemoStream<R> stream;
  private final Map<String, String> given;
  private final int partitions;
  private final Watcher watcher;
  private volatile ReplayProgress replayed = new ReplayProgress(0, 0, 0, 0, 0);

  /**
   * A demo of a stream.
   *
   * @param stream what is shown
   * @param given options of the job
   * @param partitions partitions of the stream's topic
   * @param watcher told what is going on
   */
  public Demo(DemoStream<R> stream, Map<String, String> given, int partitions, Watcher watcher) {
    this.stream = stream;
    this.given = Map.copyOf(given);
    this.partitions = partitions;
    this.watcher = watcher;
  }

  /** Runs everything and returns the report, which is not yet written. */
  public R run() throws Exception {
    try (WorkDirectory work = WorkDirectory.create()) {
      Map<String, String> values = new LinkedHashMap<>(given);
      stream.completeInPlace(values, work);
      // A wrong option must not cost the start of a broker.
      Placement.requireNoGpu(JobConfig.of(values));
      return run(values, work);
    }
  }

  private R run(Map<String, String> values, WorkDirectory work) throws Exception {
    watcher.show(0, "starting a Kafka broker");
    try (ForkedBroker broker = ForkedBroker.start(EmbeddedBrokerOptions.defaults())) {
      values.put(KafkaSourceOptions.BOOTSTRAP_SERVERS.key(), broker.bootstrapServers());
      values.putIfAbsent(
          JobOptions.CHECKPOINT_DIRECTORY.key(), work.path("checkpoints").toString());
      JobConfig config = JobConfig.of(values);
      Topics.ensure(broker.bootstrapServers(), MillraceJob.topics(config, partitions));
      watcher.show(0, "starting Flink");
      Configuration flink = MillraceJob.flinkConfiguration(config);
      if (!flink.contains(RestartStrategyOptions.RESTART_STRATEGY)) {
        // Whoever watches wants to see a failure, not a job that tries again.
        flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
      }
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.createLocalEnvironment(config.parallelism(), flink);
      MillraceJob.build(env, config);
      JobClient job = env.executeAsync("millrace demo");
      CompletableFuture<?> end = job.getJobExecutionResult();
      try (RunObserver observer = new RunObserver(config)) {
        return feedAndReport(config, work, job, end, observer);
      } finally {
        // Once the job has ended its cluster is gone and cannot be asked any more.
        if (!end.isDone()) {
          job.cancel().get();
        }
      }
    }
  }

  private R feedAndReport(
      JobConfig config,
      WorkDirectory work,
      JobClient job,
      CompletableFuture<?> end,
      RunObserver observer)
      throws Exception {
    while (!observer.isReady()) {
      observer.poll(POLL);
      failIfEnded(end);
    }
    long started = System.nanoTime();
    CompletableFuture<ReplayResult> replay = startReplay(config, work);
    while (!replay.isDone() || observer.received() + observer.undecoded() < sent(replay)) {
      observer.poll(POLL);
      failIfEnded(end);
      show(observer);
    }
    ReplayResult result = replay.get();
    watcher.show(1, "all events have arrived; the job learns what waits and stops");
    CompletableFuture<String> savepoint =
        job.stopWithSavepoint(
            true, work.path("savepoint").toUri().toString(), SavepointFormatType.NATIVE);
    while (!savepoint.isDone()) {
      observer.poll(POLL);
      show(observer);
    }
    savepoint.get();
    end.get();
    double seconds = (System.nanoTime() - started) / 1e9;
    observer.drain();
    return stream.report(
        config, observer, new DemoRun(result, partitions, started, seconds, work), watcher);
  }

  private CompletableFuture<ReplayResult> startReplay(JobConfig config, WorkDirectory work) {
    CompletableFuture<ReplayResult> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(stream.replay(config, work, progress -> replayed = progress));
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            },
            "millrace-replay");
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private static long sent(CompletableFuture<ReplayResult> replay) throws Exception {
    try {
      return replay.get().sent();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the replay failed", e.getCause());
    }
  }

  private static void failIfEnded(CompletableFuture<?> end) throws Exception {
    if (end.isDone()) {
      end.get();
      throw new IllegalStateException("the job ended before all events had arrived");
    }
  }

  private void show(RunObserver observer) {
    double learned = observer.learned();
    double sent = Math.max(1, replayed.written());
    watcher.show(
        replayed.fraction() * Math.min(1, learned / sent),
        String.format("sent %,d, %s", replayed.written(), observer.line()));
  }
}
