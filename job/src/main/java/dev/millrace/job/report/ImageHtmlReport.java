package dev.millrace.job.report;

import dev.millrace.job.report.ImageReport.Event;
import dev.millrace.job.report.ImageReport.Images;
import dev.millrace.job.report.ImageReport.MapPoint;
import dev.millrace.job.report.ImageReport.Window;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;

/** The report of a run over images, for people. */
final class ImageHtmlReport {

  private ImageHtmlReport() {}

  static String render(ImageReport report) {
    HtmlPage page = new HtmlPage("Millrace report: images");
    header(page, report.images());
    accuracy(page, report);
    learning(page, report);
    prototypes(page, report);
    map(page, report);
    events(page, report);
    details(page, report);
    return page.close();
  }

  private static void header(HtmlPage page, Images images) {
    page.headline(
        "Millrace",
        "Every image was embedded and classified before the model learned from it."
            + " Labels taught nothing: they only score.");
    page.tile(format("%,d", images.streamed()), "images");
    page.tile(format("%,.0f/s", images.viewsPerSecond()), "views learned");
    if (images.knnTop1() != null) {
      page.tile(format("%.4f", images.knnTop1()), "kNN, test images");
    }
    if (images.knnTop1Prequential() != null) {
      page.tile(format("%.4f", images.knnTop1Prequential()), "kNN, prequential");
    }
    if (images.prototypeUsageEntropy() != null && images.lnK() != null) {
      page.tile(
          format("%.0f %%", 100 * images.prototypeUsageEntropy() / images.lnK()),
          "prototype usage entropy of ln K");
    }
    page.tile(format("%,d", images.deadLetters()), "dead letters");
    page.tile(format("%.0f s", images.wallSeconds()), "wall time");
    page.append("</div>");
  }

  private static void accuracy(HtmlPage page, ImageReport report) {
    if (!hasCurve(report, Window::knnTop1)) {
      return;
    }
    page.section("Each image classified by those before it")
        .append("<p>Share of images whose class is named by the nearest embeddings of images seen")
        .append(" earlier, window after window.</p>")
        .append(
            curve(
                new LineChart("prequential kNN accuracy", "images", "accuracy"),
                report,
                "kNN",
                Window::knnTop1))
        .append("</section>");
  }

  private static void learning(HtmlPage page, ImageReport report) {
    if (!hasCurve(report, Window::loss)) {
      return;
    }
    page.section("Learning")
        .append(
            curve(
                new LineChart("training loss", "images", "loss of the objective"),
                report,
                "loss",
                Window::loss));
    Double lnK = report.images().lnK();
    if (lnK != null && hasCurve(report, Window::clusterLoss)) {
      page.append("<h3>Loss of predicting the prototypes</h3><p>A model that finds every prototype")
          .append(" equally likely has ln K.</p>")
          .append(
              new LineChart("loss of predicting the prototypes", "images", "loss")
                  .add("loss", images(report), values(report, Window::clusterLoss), true)
                  .add("ln K", images(report), constant(report, lnK), false)
                  .svg());
    }
    if (lnK != null && hasCurve(report, Window::prototypeUsageEntropy)) {
      page.append("<h3>Entropy of prototype usage</h3>")
          .append(
              new LineChart("entropy of prototype usage", "images", "nats")
                  .add("usage", images(report), values(report, Window::prototypeUsageEntropy), true)
                  .add("ln K", images(report), constant(report, lnK), false)
                  .svg());
    }
    page.append("</section>");
  }

  private static void prototypes(HtmlPage page, ImageReport report) {
    double[] usage = report.prototypeUsage();
    if (usage.length == 0) {
      return;
    }
    double[] descending = new double[usage.length];
    double[] ascending = usage.clone();
    Arrays.sort(ascending);
    for (int i = 0; i < usage.length; i++) {
      descending[i] = 100 * ascending[usage.length - 1 - i];
    }
    page.section("Prototypes")
        .append("<p>Share of recent images that each of the ")
        .append(format("%,d", usage.length))
        .append(" prototypes was given, the most used first.</p>")
        .append(
            BarChart.svg(
                "prototype usage",
                "prototypes, sorted",
                "% of images",
                descending,
                100.0 / usage.length,
                "equal shares"));
    Images images = report.images();
    if (images.nmiPrototypes() != null) {
      page.append("<table><thead><tr><th>clusters of the train images</th>")
          .append("<th>normalised mutual information with the classes</th></tr></thead><tbody>")
          .append(format("<tr><td>prototypes</td><td>%.4f</td></tr>", images.nmiPrototypes()))
          .append(
              format("<tr><td>k-means, same embeddings</td><td>%.4f</td></tr>", images.nmiKmeans()))
          .append("</tbody></table>");
    }
    if (!report.contactSheet().isEmpty()) {
      page.append("<h3>The images nearest to some of them</h3>")
          .append(ContactSheet.html(report.contactSheet()));
    }
    page.append("</section>");
  }

  private static void map(HtmlPage page, ImageReport report) {
    List<MapPoint> points = report.map();
    if (points.size() < 3) {
      return;
    }
    double[][] plane = NeighbourLayout.project(points.stream().map(MapPoint::vector).toList());
    List<String> names =
        points.stream().map(p -> p.name() + ", cluster " + p.cluster() + ", " + p.label()).toList();
    page.section("Map of the images")
        .append("<p>Each dot is an image; dots lie close when their embeddings are neighbours")
        .append(" (t-SNE). Rest the pointer on a dot for its name.</p><div class=\"pair\">");
    int[] clusters = points.stream().mapToInt(MapPoint::cluster).toArray();
    if (Arrays.stream(clusters).anyMatch(cluster -> cluster >= 0)) {
      figure(page, EmbeddingMap.svg("images by cluster", plane, clusters, names), "by cluster");
    }
    TreeMap<String, Integer> labels = new TreeMap<>();
    points.forEach(point -> labels.put(point.label(), 0));
    labels.remove("");
    if (!labels.isEmpty()) {
      int number = 0;
      for (var label : labels.entrySet()) {
        label.setValue(number++);
      }
      int[] groups = points.stream().mapToInt(p -> labels.getOrDefault(p.label(), -1)).toArray();
      figure(page, EmbeddingMap.svg("images by class", plane, groups, names), "by class");
    }
    page.append("</div></section>");
  }

  private static void figure(HtmlPage page, String svg, String caption) {
    page.append("<figure><div class=\"square\">")
        .append(svg)
        .append("</div><figcaption>coloured ")
        .append(caption)
        .append("</figcaption></figure>");
  }

  private static void events(HtmlPage page, ImageReport report) {
    page.section("Guards");
    if (report.events().isEmpty()) {
      page.append("<p>No collapse, no roll-back, nothing in quarantine.</p></section>");
      return;
    }
    page.append("<table class=\"plain\"><tbody>");
    for (Event event : report.events()) {
      page.pair(Instant.ofEpochMilli(event.eventTime()) + " " + event.name(), event.text());
    }
    page.append("</tbody></table></section>");
  }

  private static void details(HtmlPage page, ImageReport report) {
    page.section("Run").append("<table class=\"plain\"><tbody>");
    page.pair("model digest (SHA-256)", report.images().modelDigest());
    page.pair("views learned", format("%,d", report.images().views()));
    report.environment().forEach(page::pair);
    page.pairs(report.config()).append("</tbody></table></section>");
  }

  private static String curve(
      LineChart chart, ImageReport report, String name, Function<Window, Double> of) {
    return chart.add(name, images(report), values(report, of), true).svg();
  }

  private static boolean hasCurve(ImageReport report, Function<Window, Double> of) {
    return report.windows().stream().map(of).filter(value -> value != null).count() > 1;
  }

  private static double[] images(ImageReport report) {
    return report.windows().stream().mapToDouble(Window::images).toArray();
  }

  private static double[] values(ImageReport report, Function<Window, Double> of) {
    return report.windows().stream()
        .mapToDouble(window -> of.apply(window) == null ? Double.NaN : of.apply(window))
        .toArray();
  }

  private static double[] constant(ImageReport report, double value) {
    return report.windows().stream().mapToDouble(window -> value).toArray();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
