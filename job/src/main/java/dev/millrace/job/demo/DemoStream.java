package dev.millrace.job.demo;

import dev.millrace.connectors.replay.ReplayProgress;
import dev.millrace.connectors.replay.ReplayResult;
import dev.millrace.job.config.JobConfig;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A stream that a {@link Demo} can show: what is sent, and what is told about it.
 *
 * @param <R> its report
 */
public interface DemoStream<R> {

  /**
   * Adds the options without which this stream cannot be shown to those that were given.
   *
   * @param work where temporary files may be left
   */
  void completeInPlace(Map<String, String> values, WorkDirectory work) throws IOException;

  /**
   * Sends everything to the job's topic.
   *
   * @param progress told several times a second
   */
  ReplayResult replay(JobConfig config, WorkDirectory work, Consumer<ReplayProgress> progress)
      throws Exception;

  /**
   * The report of a run that has ended.
   *
   * @param observer has read all that the job wrote
   * @param watcher told what takes time
   */
  R report(JobConfig config, RunObserver observer, DemoRun run, Demo.Watcher watcher)
      throws Exception;
}
