package dev.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.config.JobConfig;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs a job to its end on a Flink inside this process. */
final class LocalRun {

  /** The wiring of a job whose source fails once in the middle. */
  interface FailingJob {
    void build(StreamExecutionEnvironment env, JobConfig config);
  }

  private LocalRun() {}

  /** The job as it is deployed; nothing may fail. */
  static void smooth(JobConfig config) throws Exception {
    StreamExecutionEnvironment env = environment(config, 0);
    MillraceJob.build(env, config);
    env.execute();
  }

  /** A job that uses {@link FailOnce}, is restarted once, and must have failed. */
  static void failingOnce(JobConfig config, FailingJob job) throws Exception {
    StreamExecutionEnvironment env = environment(config, 1);
    FailOnce.reset();
    job.build(env, config);
    env.execute();
    assertThat(FailOnce.failed()).as("the failure happened").isTrue();
  }

  private static StreamExecutionEnvironment environment(JobConfig config, int restarts) {
    Configuration flink = MillraceJob.flinkConfiguration(config);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, restarts);
    return StreamExecutionEnvironment.createLocalEnvironment(config.parallelism(), flink);
  }
}
