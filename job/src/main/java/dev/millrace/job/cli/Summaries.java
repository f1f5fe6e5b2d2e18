package dev.millrace.job.cli;

import dev.millrace.job.report.ImageReport;
import dev.millrace.job.report.RunReport;
import java.util.Locale;

/** What a report says in a few lines. */
final class Summaries {

  private Summaries() {}

  /** Recall of the model beside the baselines. */
  static String of(RunReport report) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%,d events in %.0f s (%,.0f/s), %,d dead letters, %,d late, freshness p50 %.0f ms,"
                    + " p99 %.0f ms%n%nrecall@20%16s%10s%n",
                report.events(),
                report.wallSeconds(),
                report.eventsPerSecond(),
                report.deadLetters(),
                report.late(),
                report.freshnessMs().p50(),
                report.freshnessMs().p99(),
                "all",
                "new"));
    report
        .prequential()
        .get("all")
        .forEach(
            (scorer, figures) -> {
              RunReport.Figures fresh = report.prequential().get("new").get(scorer);
              text.append(
                  String.format(
                      Locale.ROOT,
                      "%-18s%7.4f%10.4f%n",
                      scorer,
                      figures.recall_at_20(),
                      fresh == null ? Double.NaN : fresh.recall_at_20()));
            });
    return text.append(String.format("%nmodel digest %s%n", report.modelDigest())).toString();
  }

  /** Accuracy, clusters and speed. */
  static String of(ImageReport report) {
    ImageReport.Images images = report.images();
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%,d images in %.0f s, %,d views learned (%,.0f/s), %,d dead letters%n%n",
                images.streamed(),
                images.wallSeconds(),
                images.views(),
                images.viewsPerSecond(),
                images.deadLetters()));
    line(text, "kNN top-1 of " + images.knnQueries() + " test images", images.knnTop1());
    line(text, "kNN top-1, prequential", images.knnTop1Prequential());
    line(text, "loss", images.loss());
    line(text, "ln K", images.lnK());
    line(text, "prototype usage entropy", images.prototypeUsageEntropy());
    line(text, "NMI of prototypes and classes", images.nmiPrototypes());
    line(text, "NMI of k-means and classes", images.nmiKmeans());
    if (!report.events().isEmpty()) {
      text.append(String.format("guards acted %d times%n", report.events().size()));
    }
    return text.append(String.format("%nmodel digest %s%n", images.modelDigest())).toString();
  }

  private static void line(StringBuilder text, String name, Double value) {
    if (value != null) {
      text.append(String.format(Locale.ROOT, "%-34s%8.4f%n", name, value));
    }
  }
}
