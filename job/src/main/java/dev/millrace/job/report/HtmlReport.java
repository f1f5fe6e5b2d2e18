package dev.millrace.job.report;

import dev.millrace.job.report.RunReport.Figures;
import dev.millrace.job.report.RunReport.LossPoint;
import dev.millrace.job.report.RunReport.Window;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of a run over interactions, for people. */
final class HtmlReport {

  private static final String COMPONENT_PREFIX = "ranker_";

  private HtmlReport() {}

  static String render(RunReport report) {
    HtmlPage page = new HtmlPage("Millrace report");
    header(page, report);
    for (String mode : report.prequential().keySet()) {
      figures(page, mode, report);
    }
    learning(page, report);
    map(page, report);
    flow(page, report);
    details(page, report);
    return page.close();
  }

  private static void header(HtmlPage page, RunReport report) {
    page.headline(
        "Millrace",
        "Every event was scored by the model before the model learned from it. One pass, no"
            + " training night.");
    page.tile(String.format(Locale.ROOT, "%,d", report.events()), "events");
    page.tile(String.format(Locale.ROOT, "%,.0f/s", report.eventsPerSecond()), "throughput");
    page.tile(
        String.format(
            Locale.ROOT, "%.0f / %.0f ms", report.freshnessMs().p50(), report.freshnessMs().p99()),
        "freshness p50 / p99");
    page.tile(String.format(Locale.ROOT, "%,d", report.deadLetters()), "dead letters");
    page.tile(String.format(Locale.ROOT, "%,d", report.late()), "late events");
    page.tile(String.format(Locale.ROOT, "%.0f s", report.wallSeconds()), "wall time");
    page.append("</div>");
  }

  private static void figures(HtmlPage page, String mode, RunReport report) {
    page.append("<section><h2>")
        .append(
            mode.equals("new") ? "Items the user never had before" : "Every item of every basket")
        .append(" <small>")
        .append(
            String.format(
                Locale.ROOT, "%,d ranked targets", report.evaluated().getOrDefault(mode, 0L)))
        .append("</small></h2>");
    if (report.windows().size() > 1) {
      LineChart chart = new LineChart("recall@20 over time, " + mode, "events", "recall@20");
      for (String scorer : report.prequential().get(mode).keySet()) {
        if (isComponent(scorer)) {
          continue;
        }
        double[] x = report.windows().stream().mapToDouble(Window::events).toArray();
        double[] y =
            report.windows().stream()
                .mapToDouble(
                    window ->
                        window
                            .recallAt20()
                            .getOrDefault(mode, Map.of())
                            .getOrDefault(scorer, Double.NaN))
                .toArray();
        chart.add(name(scorer), x, y, scorer.equals("model"));
      }
      page.append(chart.svg());
    }
    Map<String, Figures> all = report.prequential().get(mode);
    table(page, "whole stream", all, false);
    if (all.keySet().stream().anyMatch(HtmlReport::isComponent)) {
      page.append("<details><summary>Each component of the ranker alone</summary>");
      table(page, "component", all, true);
      page.append("</details>");
    }
    page.append("</section>");
  }

  private static boolean isComponent(String scorer) {
    return scorer.startsWith(COMPONENT_PREFIX);
  }

  private static void table(
      HtmlPage page, String head, Map<String, Figures> figures, boolean components) {
    page.append("<table><thead><tr><th>")
        .append(head)
        .append("</th><th>recall@10</th><th>recall@20</th>")
        .append("<th>NDCG@20</th><th>MRR</th></tr></thead><tbody>");
    figures.forEach(
        (scorer, of) -> {
          if (isComponent(scorer) == components) {
            row(page, scorer, of);
          }
        });
    page.append("</tbody></table>");
  }

  private static void row(HtmlPage page, String scorer, Figures figures) {
    page.append(scorer.equals("model") ? "<tr class=\"model\"><td>" : "<tr><td>")
        .append(Svg.escape(name(scorer)));
    for (double value :
        new double[] {
          figures.recall_at_10(), figures.recall_at_20(), figures.ndcg_at_20(), figures.mrr()
        }) {
      page.append(String.format(Locale.ROOT, "</td><td>%.4f", value));
    }
    page.append("</td></tr>");
  }

  private static void learning(HtmlPage page, RunReport report) {
    page.section("Learning");
    if (report.loss().size() > 1) {
      page.append(
          new LineChart("training loss", "step", "loss")
              .add(
                  "loss",
                  report.loss().stream().mapToDouble(LossPoint::step).toArray(),
                  report.loss().stream().mapToDouble(LossPoint::loss).toArray(),
                  true)
              .svg());
    }
    if (report.scores() != null) {
      page.append("<h3>Scores of positives and negatives</h3>")
          .append(
              Histogram.svg(
                  "scores of positives and negatives",
                  "cosine of user and item, before learning from the event",
                  report.scores().low(),
                  report.scores().high(),
                  List.of(
                      new Histogram.Distribution("positives", report.scores().positive()),
                      new Histogram.Distribution("negatives", report.scores().negative()))));
    }
    page.append("</section>");
  }

  private static void map(HtmlPage page, RunReport report) {
    List<EmbeddingMap.Item> items = new ArrayList<>();
    report.items().forEach(p -> items.add(new EmbeddingMap.Item(p.name(), p.vector(), p.weight())));
    page.append("<section><h2>Map of the items</h2><p>Each dot is an item at the first two")
        .append(" principal components of its embedding; larger and warmer dots were met more")
        .append(" often. Rest the pointer on a dot for its name.</p><div class=\"square\">")
        .append(EmbeddingMap.svg(items))
        .append("</div></section>");
  }

  private static void flow(HtmlPage page, RunReport report) {
    if (report.windows().size() < 2) {
      return;
    }
    page.section("Throughput")
        .append(
            new LineChart("events per second", "events", "events/s")
                .add(
                    "events/s",
                    report.windows().stream().mapToDouble(Window::events).toArray(),
                    report.windows().stream().mapToDouble(Window::eventsPerSecond).toArray(),
                    true)
                .svg())
        .append("</section>");
  }

  private static void details(HtmlPage page, RunReport report) {
    page.section("Run").append("<table class=\"plain\"><tbody>");
    page.pair("model digest (SHA-256)", report.modelDigest());
    if (!report.windows().isEmpty()) {
      DateTimeFormatter day = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);
      Window last = report.windows().get(report.windows().size() - 1);
      page.pair("event time reached", day.format(Instant.ofEpochMilli(last.eventTime())));
    }
    report.environment().forEach((name, value) -> page.pair(name, value));
    report
        .skipped()
        .forEach((reason, rows) -> page.pair("rows left out: " + reason, rows.toString()));
    page.pairs(report.config());
    page.append("</tbody></table></section>");
  }

  private static String name(String scorer) {
    return scorer.replace('_', ' ');
  }
}
