package dev.millrace.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.job.report.LeaveOneOutReport;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.sequential.InteractionSequences;
import dev.millrace.model.sequential.LeaveOneOutEvaluation;
import dev.millrace.model.sequential.PassReport;
import dev.millrace.model.sequential.TrainingConfig;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace evaluate sequences}. */
@Command(
    name = "sequences",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Leave-one-out on a file of lines 'user item item ...', oldest item first: the last item of a",
      "line is the test, the one before it the validation, all others are for training. Every item",
      "is ranked among all; figures with the history in the list (unmasked) and without (masked)."
    })
final class EvaluateSequencesCommand implements Callable<Integer> {

  private static final int GZIP_MAGIC = 0x1f8b;

  @Parameters(paramLabel = "FILE", description = "Text, plain or gzip")
  private Path file;

  @Option(
      names = "--passes",
      paramLabel = "N",
      description = "At most so many passes over the training examples. Default: 50")
  private int passes = TrainingConfig.STANDARD.passes();

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Ends after so many passes without a better MRR@10 on the validation items. Default: 10")
  private int patience = TrainingConfig.STANDARD.patience();

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description =
          "sasrec, cl4srec, duorec, coserec, iclrec, mclrec, mclrec-two-step, mclrec-joint, or"
              + " blend: duorec and counts in one score. Default: blend")
  private String method = LeaveOneOutEvaluation.BLEND;

  @Option(names = "--seed", paramLabel = "S", description = "Default: 1")
  private long seed = TrainingConfig.STANDARD.seed();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; they change no figure. Default: one a processor, at most 8")
  private Integer threads;

  @Option(names = "--out", paramLabel = "JSON", description = "Writes all figures to this file")
  private Path out;

  @Override
  public Integer call() throws Exception {
    LeaveOneOutEvaluation.requireMethod(method);
    TrainingConfig standard = TrainingConfig.STANDARD;
    TrainingConfig config =
        new TrainingConfig(
            standard.encoder(), passes, patience, standard.batch(), standard.rate(), seed);
    InteractionSequences data = read();
    long started = System.nanoTime();
    PassPrinter printer = new PassPrinter(passes);
    try (Kernels kernels = threads == null ? new CpuKernels() : new CpuKernels(threads)) {
      LeaveOneOutEvaluation.Report result =
          new LeaveOneOutEvaluation(kernels, data, config).run(method, printer);
      double seconds = (System.nanoTime() - started) / 1e9;
      LeaveOneOutReport report =
          LeaveOneOutReport.of(method, data, result, printer.reports, seconds);
      print(report);
      if (out != null) {
        new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValue(out.toFile(), report);
      }
    }
    return 0;
  }

  private InteractionSequences read() throws IOException {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("no file can be read at " + file);
    }
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(open(), StandardCharsets.UTF_8))) {
      return InteractionSequences.read(in);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ", " + e.getMessage(), e);
    }
  }

  private InputStream open() throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file));
    in.mark(2);
    int magic = in.read() << 8 | in.read();
    in.reset();
    return magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
  }

  private static void print(LeaveOneOutReport report) {
    System.out.printf(
        Locale.ROOT,
        "%,d users, %,d items, %,d interactions; %d passes, the best %d, %.0f s%n",
        report.users(),
        report.items(),
        report.interactions(),
        report.passes(),
        report.bestPass(),
        report.wallSeconds());
    System.out.printf(
        "%-10s%-28s%9s%9s%9s%9s%9s%9s%n",
        "history", "scorer", "HR@5", "HR@10", "HR@20", "NDCG@5", "NDCG@10", "NDCG@20");
    report.unmasked().forEach((name, figures) -> print("unmasked", name, figures));
    report.masked().forEach((name, figures) -> print("masked", name, figures));
  }

  private static void print(String history, String name, LeaveOneOutReport.Figures figures) {
    System.out.printf(
        Locale.ROOT,
        "%-10s%-28s%9.4f%9.4f%9.4f%9.4f%9.4f%9.4f%n",
        history,
        name,
        figures.hr_at_5(),
        figures.hr_at_10(),
        figures.hr_at_20(),
        figures.ndcg_at_5(),
        figures.ndcg_at_10(),
        figures.ndcg_at_20());
  }

  /** Shows how training goes. */
  private static final class PassPrinter implements PassReport.Listener {

    private final ProgressLine line = ProgressLine.onStandardError();
    private final List<PassReport> reports = new ArrayList<>();
    private final int passes;

    PassPrinter(int passes) {
      this.passes = passes;
    }

    @Override
    public void stepped(int pass, double done, double loss) {
      line.show(
          (pass - 1 + done) / passes, String.format(Locale.ROOT, "pass %d, loss %.3f", pass, loss));
    }

    @Override
    public void passed(PassReport report) {
      reports.add(report);
      line.end(
          String.format(
              Locale.ROOT,
              "pass %d: loss %.3f, validation MRR@10 %.4f, NDCG@10 %.4f, %.0f s%s",
              report.pass(),
              report.loss(),
              report.mrrAt10(),
              report.ndcgAt10(),
              report.seconds(),
              report.best() ? ", the best so far" : ""));
    }
  }
}
