package dev.millrace.job.cli;

import dev.millrace.connectors.kafka.InteractionSource;
import dev.millrace.connectors.replay.OnlineRetail;
import dev.millrace.connectors.replay.RecordEncoder;
import dev.millrace.connectors.replay.ReplaySource;
import dev.millrace.job.config.ImageLearnOptions;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.JobOptions;
import dev.millrace.job.config.LearnOptions;
import dev.millrace.job.demo.Demo;
import dev.millrace.job.demo.InteractionDemo;
import dev.millrace.job.report.ImageReport;
import dev.millrace.job.report.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts a Kafka broker and a Flink on this machine, replays a year of shop transactions,",
      "scores every basket before learning it, and writes report.json and report.html.",
      "With --images it streams images instead."
    })
final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--events",
      paramLabel = "N",
      description =
          "Ends after the first N usable interactions, or N images of each pass. Default: all")
  private Long events;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "CSV or JSONL file, plain or gzip, instead of the bundled data.")
  private Path data;

  @Mixin private ImageDemoMixin images;
  @Mixin private RowsMixin rows;
  @Mixin private PaceMixin pace;

  @Option(names = "--parallelism", paramLabel = "P", description = "Subtasks. Default: 1")
  private Integer parallelism;

  @Option(
      names = "--lanes",
      paramLabel = "N",
      description =
          "Lanes that learn one model side by side; unless job.round is set, a round is as long as"
              + " each lane needs for half a mini-batch. Default: 1")
  private Integer lanes;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Partitions of the stream's topic. With one, events of one time keep the order of"
              + " the file. Default: ${DEFAULT-VALUE}")
  private int partitions;

  @Option(
      names = "--objective",
      paramLabel = "NAME",
      description =
          "Objective; 'millrace objectives' lists them. Default: softmax-ce, for images dcl")
  private String objective;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of all randomness. Default: 1")
  private Long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "millrace-report",
      description = "Directory of the report. Default: ${DEFAULT-VALUE}")
  private Path out;

  @Mixin private JobMixin job;

  @Override
  public Integer call() throws Exception {
    if (events != null && events < 1) {
      throw new IllegalArgumentException("--events must be at least 1, was " + events);
    }
    Map<String, String> values = job.values();
    put(values, LearnOptions.SEED.key(), seed);
    put(values, JobOptions.PARALLELISM.key(), parallelism);
    put(values, JobOptions.LANES.key(), lanes);
    ProgressLine line = ProgressLine.onStandardError();
    if (images.given()) {
      put(values, ImageLearnOptions.OBJECTIVE.key(), objective);
      if (data != null || rows.given()) {
        throw new IllegalArgumentException("--data, --map and --where do not go with --images");
      }
      ImageReport report =
          new Demo<>(images.demo(seed, events, pace.pace()), values, partitions, line::show).run();
      report.write(out);
      line.end(Summaries.of(report));
    } else {
      put(values, LearnOptions.OBJECTIVE.key(), objective);
      InteractionDemo stream =
          new InteractionDemo(
              source(values),
              data == null ? BundledData.NAME : data.toString(),
              events == null ? Long.MAX_VALUE : events,
              pace.pace());
      RunReport report = new Demo<>(stream, values, partitions, line::show).run();
      report.write(out);
      line.end(Summaries.of(report));
    }
    System.out.println("Report: " + out.resolve("report.html").toAbsolutePath());
    return 0;
  }

  private static void put(Map<String, String> values, String key, Object value) {
    if (value != null) {
      values.put(key, value.toString());
    }
  }

  private Function<Path, ReplaySource.Rows> source(Map<String, String> values) {
    RecordEncoder encoder = InteractionSource.codec(JobConfig.of(values).options())::encode;
    if (data == null) {
      if (rows.given()) {
        throw new IllegalArgumentException("--map and --where go with --data FILE");
      }
      return directory ->
          new ReplaySource.Rows(
              BundledData.copyTo(directory),
              OnlineRetail.mapping(),
              OnlineRetail.filters(),
              rows.time(),
              encoder);
    }
    if (!Files.isReadable(data)) {
      throw new IllegalArgumentException("no file can be read at " + data);
    }
    ReplaySource.Rows source =
        new ReplaySource.Rows(data, rows.mapping(), rows.filters(), rows.time(), encoder);
    return directory -> source;
  }
}
