package dev.millrace.job.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Writes a self-contained page: no script, no font, no image from elsewhere. */
final class HtmlPage {

  private final StringBuilder text = new StringBuilder();

  HtmlPage(String title) {
    text.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .append("<title>")
        .append(Svg.escape(title))
        .append("</title><style>")
        .append(style())
        .append("</style></head><body><main>");
  }

  /** Markup as it is. */
  HtmlPage append(String markup) {
    text.append(markup);
    return this;
  }

  /** The page's headline with a sentence below it; tiles follow. */
  HtmlPage headline(String title, String lead) {
    return append("<h1>" + title + "</h1><p class=\"lead\">" + lead + "</p><div class=\"tiles\">");
  }

  /** One figure of the headline. */
  HtmlPage tile(String value, String name) {
    return append("<div class=\"tile\"><b>" + value + "</b><span>" + name + "</span></div>");
  }

  /** Opens a section. */
  HtmlPage section(String title) {
    return append("<section><h2>" + title + "</h2>");
  }

  /** A row of two texts in a plain table. */
  HtmlPage pair(String name, String value) {
    return append(
        "<tr><td>"
            + Svg.escape(name)
            + "</td><td><code>"
            + Svg.escape(value)
            + "</code></td></tr>");
  }

  /** A row for each option, sorted. */
  HtmlPage pairs(Map<String, ?> values) {
    new TreeMap<>(values).forEach((name, value) -> pair(name, String.valueOf(value)));
    return this;
  }

  /** The whole page. */
  String close() {
    return text + "</main></body></html>";
  }

  private static String style() {
    try (InputStream in = HtmlPage.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the report's style sheet cannot be read", e);
    }
  }
}
