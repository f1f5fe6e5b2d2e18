package dev.millrace.job.cli;

import dev.millrace.connectors.replay.Recorder;
import dev.millrace.connectors.replay.RecorderOptions;
import dev.millrace.connectors.replay.RecorderResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace record}. */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Records a topic into a file that 'millrace replay --recording' replays.")
final class RecordCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "TOPIC", description = "Topic to record.")
  private String topic;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "File to write; packed when its name ends in .gz.")
  private Path file;

  @Option(
      names = {"-b", "--bootstrap-servers"},
      paramLabel = "HOST:PORT",
      defaultValue = "localhost:9092",
      description = "Brokers. Default: ${DEFAULT-VALUE}")
  private String bootstrap;

  @Option(names = "--limit", paramLabel = "N", description = "Ends after N records. Default: all")
  private Long limit;

  @Option(
      names = "--follow",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Goes on so long behind the topic's end. Default: ${DEFAULT-VALUE}")
  private long follow;

  @Override
  public Integer call() throws Exception {
    RecorderOptions options =
        RecorderOptions.of(bootstrap, topic, file).withFollow(Duration.ofSeconds(follow));
    if (limit != null) {
      options = options.withLimit(limit);
    }
    ProgressLine line = ProgressLine.onStandardError();
    RecorderResult result =
        Recorder.run(
            options,
            progress ->
                line.show(
                    progress.fraction(), String.format("%,d records written", progress.written())));
    line.end(String.format("%,d records of %s in %s", result.records(), topic, file));
    return 0;
  }
}
