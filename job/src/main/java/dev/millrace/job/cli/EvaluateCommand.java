package dev.millrace.job.cli;

import dev.millrace.connectors.replay.InteractionFile;
import dev.millrace.connectors.replay.OnlineRetail;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.LearnOptions;
import dev.millrace.job.demo.WorkDirectory;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LearnerOutput;
import dev.millrace.model.learner.OnlineLearner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {EvaluateSequencesCommand.class, EvaluateVisionCommand.class},
    description = {
      "Runs learner and baselines over a file, test then train, without Kafka and Flink:",
      "the same figures as the job, for trying options."
    })
final class EvaluateCommand implements Callable<Integer> {

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

  @Option(names = "--objective", paramLabel = "NAME", description = "Default: softmax-ce")
  private String objective;

  @Option(names = "--seed", paramLabel = "S", description = "Default: 1")
  private Long seed;

  @Mixin private JobMixin job;

  @Override
  public Integer call() throws Exception {
    Map<String, String> values = job.values();
    if (objective != null) {
      values.put(LearnOptions.OBJECTIVE.key(), objective);
    }
    if (seed != null) {
      values.put(LearnOptions.SEED.key(), seed.toString());
    }
    JobConfig config = JobConfig.of(values);
    List<Interaction> interactions = read();
    ProgressLine line = ProgressLine.onStandardError();
    Printer printer = new Printer(line, interactions.size());
    long started = System.nanoTime();
    try (OnlineLearner<Interaction> learner = config.learnerFactory().create()) {
      int from = 0;
      while (from < interactions.size()) {
        int to = from + 1;
        long time = interactions.get(from).eventTime();
        while (to < interactions.size() && interactions.get(to).eventTime() == time) {
          to++;
        }
        learner.observe(new EventGroup<>(time, interactions.subList(from, to)), printer);
        from = to;
      }
      learner.finish(printer);
    }
    line.end(
        String.format(
            "%,d interactions in %.0f s",
            interactions.size(), (System.nanoTime() - started) / 1e9));
    printer.printTotal();
    return 0;
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

  private static final class Printer implements LearnerOutput {

    private final ProgressLine line;
    private final int events;
    private LearningMetrics total;

    Printer(ProgressLine line, int events) {
      this.line = line;
      this.events = events;
    }

    @Override
    public void embedding(Embedding embedding, long arrivalTime) {}

    @Override
    public void recommendations(Recommendations recommendations, long arrivalTime) {}

    @Override
    public void metrics(LearningMetrics metrics) {
      if (metrics.scope().equals("total")) {
        total = metrics;
      } else {
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

    private void printTotal() {
      System.out.printf(
          "%-6s%-20s%12s%12s%12s%n", "mode", "scorer", "recall@10", "recall@20", "ndcg@20");
      total
          .figures()
          .forEach(
              (name, value) -> {
                if (name.endsWith("/recall_at_20")) {
                  String prefix = name.substring(0, name.length() - "recall_at_20".length());
                  String[] parts = prefix.split("/", -1);
                  System.out.printf(
                      Locale.ROOT,
                      "%-6s%-20s%12.4f%12.4f%12.4f%n",
                      parts[0],
                      parts[1],
                      total.figures().get(prefix + "recall_at_10"),
                      value,
                      total.figures().get(prefix + "ndcg_at_20"));
                }
              });
      System.out.println("model digest " + total.labels().get("model_digest"));
    }
  }
}
