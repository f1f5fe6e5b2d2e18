package dev.millrace.job.cli;

import dev.millrace.connectors.codec.InteractionFields;
import dev.millrace.connectors.codec.InteractionJsonCodec;
import dev.millrace.connectors.replay.Replay;
import dev.millrace.connectors.replay.ReplayOptions;
import dev.millrace.connectors.replay.ReplayResult;
import dev.millrace.connectors.replay.ReplaySource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Replays a file, a folder of images, or another topic into a Kafka topic; event times are"
          + " kept.",
      "The same file twice gives byte-identical records in the same partitions."
    })
final class ReplayCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE|TOPIC",
      arity = "0..1",
      description =
          "CSV or JSONL file, plain or gzip; with --from-topic the name of a topic;"
              + " not with --images.")
  private String source;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Topic to write. Default: interactions, or images with --images")
  private String topic;

  @Option(
      names = {"-b", "--bootstrap-servers"},
      paramLabel = "HOST:PORT",
      defaultValue = "localhost:9092",
      description = "Brokers. Default: ${DEFAULT-VALUE}")
  private String bootstrap;

  @Option(names = "--from-topic", description = "The source is a topic, not a file.")
  private boolean fromTopic;

  @Option(
      names = "--from-bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Brokers of the source topic. Default: those of the topic to write")
  private String fromBootstrap;

  @Option(
      names = "--recording",
      description = "The file was written by 'millrace record': replayed byte for byte.")
  private boolean recording;

  @Mixin private RowsMixin rows;
  @Mixin private ImagesMixin images;
  @Mixin private PaceMixin pace;

  @Option(names = "--limit", paramLabel = "N", description = "Ends after N records. Default: all")
  private Long limit;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Makes the topic with N partitions if it does not exist; 0: it must exist."
              + " Default: ${DEFAULT-VALUE}")
  private int partitions;

  @Override
  public Integer call() throws Exception {
    if (topic == null) {
      topic = images.given() ? "images" : "interactions";
    }
    ReplayOptions options =
        ReplayOptions.of(source(), bootstrap, topic)
            .withCreatePartitions(partitions)
            .withPace(pace.pace());
    if (limit != null) {
      options = options.withLimit(limit);
    }
    ProgressLine line = ProgressLine.onStandardError();
    long started = System.nanoTime();
    ReplayResult result =
        Replay.run(
            options,
            progress ->
                line.show(
                    progress.fraction(),
                    String.format(
                        "%,d records sent, %,d left out", progress.written(), progress.skipped())));
    double seconds = (System.nanoTime() - started) / 1e9;
    line.end(
        String.format(
            "%,d records sent to %s in %.1f s (%,.0f/s)",
            result.sent(), topic, seconds, result.sent() / seconds));
    for (Map.Entry<String, Long> reason : result.skipped().entrySet()) {
      System.err.printf(
          images.given()
              ? "  left out: %,d files, %s (first is file %d)%n"
              : "  left out: %,d rows, %s (first in line %d)%n",
          reason.getValue(),
          reason.getKey(),
          result.firstSkippedLines().get(reason.getKey()));
    }
    return 0;
  }

  private ReplaySource source() {
    if (images.given()) {
      if (source != null || fromTopic || recording || rows.given()) {
        throw new IllegalArgumentException(
            "with --images there is no other source, and no --map or --where");
      }
      return images.source();
    }
    if (source == null) {
      throw new IllegalArgumentException(
          "say what to replay: a file, a topic with --from-topic, or --images DIR|TAR");
    }
    if (fromTopic) {
      return new ReplaySource.Topic(fromBootstrap == null ? bootstrap : fromBootstrap, source);
    }
    Path file = Path.of(source);
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "no file can be read at " + source + "; if it is a topic, say --from-topic");
    }
    if (recording) {
      return new ReplaySource.Recording(file);
    }
    return new ReplaySource.Rows(
        file,
        rows.mapping(),
        rows.filters(),
        rows.time(),
        new InteractionJsonCodec(InteractionFields.DEFAULT)::encode);
  }
}
