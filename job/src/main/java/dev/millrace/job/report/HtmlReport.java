package dev.millrace.job.report;

import dev.millrace.job.report.RunReport.Figures;
import dev.millrace.job.report.RunReport.LossPoint;
import dev.millrace.job.report.RunReport.Window;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Renders a report as one self-contained page: no script, no font, no image from elsewhere. */
final class HtmlReport {

  private static final String COMPONENT_PREFIX = "ranker_";

  private HtmlReport() {}

  static String render(RunReport report) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .append("<title>Millrace report</title><style>")
        .append(style())
        .append("</style></head><body><main>");
    header(page, report);
    for (String mode : report.prequential().keySet()) {
      figures(page, mode, report);
    }
    learning(page, report);
    map(page, report);
    flow(page, report);
    details(page, report);
    return page.append("</main></body></html>").toString();
  }

  private static void header(StringBuilder page, RunReport report) {
    page.append("<h1>Millrace</h1><p class=\"lead\">Every event was scored by the model before the")
        .append(" model learned from it. One pass, no training night.</p><div class=\"tiles\">");
    tile(page, String.format(Locale.ROOT, "%,d", report.events()), "events");
    tile(page, String.format(Locale.ROOT, "%,.0f/s", report.eventsPerSecond()), "throughput");
    tile(
        page,
        String.format(
            Locale.ROOT, "%.0f / %.0f ms", report.freshnessMs().p50(), report.freshnessMs().p99()),
        "freshness p50 / p99");
    tile(page, String.format(Locale.ROOT, "%,d", report.deadLetters()), "dead letters");
    tile(page, String.format(Locale.ROOT, "%,d", report.late()), "late events");
    tile(page, String.format(Locale.ROOT, "%.0f s", report.wallSeconds()), "wall time");
    page.append("</div>");
  }

  private static void tile(StringBuilder page, String value, String name) {
    page.append("<div class=\"tile\"><b>")
        .append(value)
        .append("</b><span>")
        .append(name)
        .append("</span></div>");
  }

  private static void figures(StringBuilder page, String mode, RunReport report) {
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
      StringBuilder page, String head, Map<String, Figures> figures, boolean components) {
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

  private static void row(StringBuilder page, String scorer, Figures figures) {
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

  private static void learning(StringBuilder page, RunReport report) {
    page.append("<section><h2>Learning</h2>");
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

  private static void map(StringBuilder page, RunReport report) {
    List<EmbeddingMap.Item> items = new ArrayList<>();
    report.items().forEach(p -> items.add(new EmbeddingMap.Item(p.name(), p.vector(), p.weight())));
    page.append("<section><h2>Map of the items</h2><p>Each dot is an item at the first two")
        .append(" principal components of its embedding; larger and warmer dots were met more")
        .append(" often. Rest the pointer on a dot for its name.</p><div class=\"square\">")
        .append(EmbeddingMap.svg(items))
        .append("</div></section>");
  }

  private static void flow(StringBuilder page, RunReport report) {
    if (report.windows().size() < 2) {
      return;
    }
    page.append("<section><h2>Throughput</h2>")
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

  private static void details(StringBuilder page, RunReport report) {
    page.append("<section><h2>Run</h2><table class=\"plain\"><tbody>");
    pair(page, "model digest (SHA-256)", report.modelDigest());
    if (!report.windows().isEmpty()) {
      DateTimeFormatter day = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);
      Window last = report.windows().get(report.windows().size() - 1);
      pair(page, "event time reached", day.format(Instant.ofEpochMilli(last.eventTime())));
    }
    report.environment().forEach((name, value) -> pair(page, name, value));
    report
        .skipped()
        .forEach((reason, rows) -> pair(page, "rows left out: " + reason, rows.toString()));
    new TreeMap<>(report.config())
        .forEach((name, value) -> pair(page, name, String.valueOf(value)));
    page.append("</tbody></table></section>");
  }

  private static void pair(StringBuilder page, String name, String value) {
    page.append("<tr><td>")
        .append(Svg.escape(name))
        .append("</td><td><code>")
        .append(Svg.escape(value))
        .append("</code></td></tr>");
  }

  private static String name(String scorer) {
    return scorer.replace('_', ' ');
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the report's style sheet cannot be read", e);
    }
  }
}
