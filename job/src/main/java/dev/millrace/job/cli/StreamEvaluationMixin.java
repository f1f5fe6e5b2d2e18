package dev.millrace.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.connectors.replay.InteractionFile;
import dev.millrace.connectors.replay.OnlineRetail;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.LearnOptions;
import dev.millrace.job.demo.WorkDirectory;
import dev.millrace.job.report.StreamReport;
import dev.millrace.job.report.StreamReportBuilder;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.eval.DriftingShop;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LearnerOutput;
import dev.millrace.model.learner.OnlineLearner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A file as a stream, ranked before it is learned. */
final class StreamEvaluationMixin {

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "CSV or JSONL file, plain or gzip. Default: the bundled data")
  private Path file;

  @Mixin private RowsMixin rows;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "Ends after the first N usable interactions. Default: all")
  private Long events;

  @Option(
      names = "--drifting",
      paramLabel = "N",
      description =
          "N generated interactions instead of a file: a shop whose catalogue and tastes change in"
              + " the middle")
  private Integer drifting;

  @Option(names = "--objective", paramLabel = "NAME", description = "Default: softmax-ce")
  private String objective;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the learner, of the intervals and of what is generated. Default: 1")
  private Long seed;

  @Option(
      names = "--block",
      paramLabel = "WINDOWS",
      description =
          "Mean length of a block of the intervals' bootstrap, in windows of"
              + " learn.evaluation.window ranked items. Default: the cube root of their number")
  private double block;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      description = "Resamples of the bootstrap. Default: ${DEFAULT-VALUE}")
  private int resamples = 2_000;

  @Option(names = "--out", paramLabel = "JSON", description = "Writes all figures to this file")
  private Path out;

  @Mixin private JobMixin job;

  void run() throws Exception {
    if (drifting != null && (file != null || events != null)) {
      throw new IllegalArgumentException(
          "--drifting N generates N interactions: leave out the file and --events");
    }
    Map<String, String> values = job.values();
    if (objective != null) {
      values.put(LearnOptions.OBJECTIVE.key(), objective);
    }
    if (seed != null) {
      values.put(LearnOptions.SEED.key(), seed.toString());
    }
    JobConfig config = JobConfig.of(values);
    long drawn = config.options().get(LearnOptions.SEED);
    List<Interaction> interactions =
        drifting == null ? read() : DriftingShop.interactions(drawn, drifting);
    ProgressLine line = ProgressLine.onStandardError();
    Collector collector = new Collector(line, interactions.size());
    long started = System.nanoTime();
    try (OnlineLearner<Interaction> learner = config.learnerFactory().create()) {
      int from = 0;
      while (from < interactions.size()) {
        int to = from + 1;
        long time = interactions.get(from).eventTime();
        while (to < interactions.size() && interactions.get(to).eventTime() == time) {
          to++;
        }
        learner.observe(new EventGroup<>(time, interactions.subList(from, to)), collector);
        from = to;
      }
      learner.finish(collector);
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    line.end(String.format("%,d interactions in %.0f s", interactions.size(), seconds));
    StreamReport report = collector.report.build(block, resamples, drawn, seconds);
    System.out.print(StreamTable.of(report));
    if (out != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(out.toFile(), report);
    }
  }

  private List<Interaction> read() throws Exception {
    if (file != null && !Files.isReadable(file)) {
      throw new IllegalArgumentException("no file can be read at " + file);
    }
    List<Interaction> interactions = new ArrayList<>();
    try (WorkDirectory work = WorkDirectory.create();
        InteractionFile in =
            file == null
                ? InteractionFile.open(
                    BundledData.copyTo(work.path("data")),
                    OnlineRetail.mapping(),
                    OnlineRetail.filters(),
                    rows.time())
                : InteractionFile.open(file, rows.mapping(), rows.filters(), rows.time())) {
      Optional<Interaction> next = in.next();
      while (next.isPresent() && (events == null || interactions.size() < events)) {
        interactions.add(next.get());
        next = in.next();
      }
    }
    if (interactions.isEmpty()) {
      throw new IllegalArgumentException("no row is a usable interaction: see --map and --where");
    }
    // Stable, so that events of one time keep the order of the file.
    interactions.sort(Comparator.comparingLong(Interaction::eventTime));
    return interactions;
  }

  private static final class Collector implements LearnerOutput {

    private final StreamReportBuilder report = new StreamReportBuilder();
    private final ProgressLine line;
    private final int events;

    Collector(ProgressLine line, int events) {
      this.line = line;
      this.events = events;
    }

    @Override
    public void metrics(LearningMetrics metrics) {
      report.add(metrics);
      Map<String, Double> figures = metrics.figures();
      line.show(
          figures.get("events") / events,
          String.format(
              "recall@20 of the last window %.4f (new %.4f), loss %.3f",
              figures.getOrDefault("all/model/recall_at_20", 0.0),
              figures.getOrDefault("new/model/recall_at_20", 0.0),
              figures.getOrDefault("loss", Double.NaN)));
    }
  }
}
