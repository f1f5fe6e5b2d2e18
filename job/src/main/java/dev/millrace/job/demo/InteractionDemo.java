package dev.millrace.job.demo;

import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.connectors.replay.Pace;
import dev.millrace.connectors.replay.Replay;
import dev.millrace.connectors.replay.ReplayOptions;
import dev.millrace.connectors.replay.ReplayProgress;
import dev.millrace.connectors.replay.ReplayResult;
import dev.millrace.connectors.replay.ReplaySource;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.JobOptions;
import dev.millrace.job.config.LearnOptions;
import dev.millrace.job.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Interactions from the rows of a file.
 *
 * @param data makes the rows to replay, given a directory for temporary files
 * @param dataName name of the data in the report
 * @param events usable rows after which the replay ends
 * @param pace how fast they are sent
 */
public record InteractionDemo(
    Function<Path, ReplaySource.Rows> data, String dataName, long events, Pace pace)
    implements DemoStream<RunReport> {

  /** Several lanes get a round's length from the data, unless one was given. */
  @Override
  public void completeInPlace(Map<String, String> values, WorkDirectory work) throws IOException {
    JobConfig config = JobConfig.of(values);
    if (config.lanes() > 1 && !values.containsKey(JobOptions.ROUND.key())) {
      Duration round =
          RoundLength.of(
              data.apply(work.path("data-for-round")),
              events,
              config.lanes(),
              config.options().get(LearnOptions.BATCH_BASKETS));
      values.put(JobOptions.ROUND.key(), round.toSeconds() + " s");
    }
  }

  @Override
  public ReplayResult replay(
      JobConfig config, WorkDirectory work, Consumer<ReplayProgress> progress) throws Exception {
    return Replay.run(
        ReplayOptions.of(
                data.apply(work.path("data")),
                config.options().get(KafkaSourceOptions.BOOTSTRAP_SERVERS),
                config.options().get(KafkaSourceOptions.INTERACTIONS_TOPIC))
            .withLimit(events)
            .withPace(pace),
        progress);
  }

  @Override
  public RunReport report(
      JobConfig config, RunObserver observer, DemoRun run, Demo.Watcher watcher) {
    watcher.show(1, "writing the report");
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("data", dataName);
    facts.put("pace", pace.toString());
    facts.put("partitions", run.partitions());
    return new ReportBuilder(config, observer)
        .build(run.replayed().skipped(), facts, run.started(), run.seconds());
  }
}
