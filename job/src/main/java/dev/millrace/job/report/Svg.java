package dev.millrace.job.report;

import java.util.Locale;

/** Writes the few SVG elements that the plots need. */
final class Svg {

  private final StringBuilder text = new StringBuilder();

  Svg(int width, int height, String title) {
    add(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\""
            + " xmlns=\"http://www.w3.org/2000/svg\">",
        width, height, escape(title));
  }

  Svg line(double x1, double y1, double x2, double y2, String style) {
    return add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>",
        x1, y1, x2, y2, style);
  }

  Svg path(CharSequence points, String colour, double width, boolean dashed) {
    return add(
        "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"%s stroke-linejoin=\"round\""
            + " points=\"%s\"/>",
        colour, width, dashed ? " stroke-dasharray=\"5 4\"" : "", points);
  }

  Svg rectangle(double x, double y, double width, double height, String colour, double opacity) {
    return add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" opacity=\"%.2f\"/>",
        x, y, width, height, colour, opacity);
  }

  Svg dot(double x, double y, double radius, String colour, double opacity, String hint) {
    return add(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" opacity=\"%.2f\">"
            + "<title>%s</title></circle>",
        x, y, radius, colour, opacity, escape(hint));
  }

  Svg text(double x, double y, String anchor, String style, String content) {
    return add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>",
        x, y, anchor, style, escape(content));
  }

  Svg coloured(double x, double y, String colour, String content) {
    return add(
        "<text x=\"%.1f\" y=\"%.1f\" class=\"series\" fill=\"%s\">%s</text>",
        x, y, colour, escape(content));
  }

  String close() {
    return text + "</svg>";
  }

  static String escape(String content) {
    return content
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private Svg add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
    return this;
  }
}
