package dev.millrace.job.report;

/** One bar for each value, side by side, with a line at a value to compare with. */
final class BarChart {

  private static final int WIDTH = 810;
  private static final int HEIGHT = 260;
  private static final int LEFT = 56;
  private static final int RIGHT = 20;
  private static final int BOTTOM = 42;
  private static final int TOP = 20;

  private BarChart() {}

  /**
   * The chart.
   *
   * @param values heights of the bars in their order, not negative
   * @param line height of the line
   * @param lineName what the line means
   */
  static String svg(
      String title, String xName, String yName, double[] values, double line, String lineName) {
    double top = line;
    for (double value : values) {
      top = Math.max(top, value);
    }
    Axis y = new Axis(0, Math.max(top * 1.06, 1e-9), HEIGHT - BOTTOM, TOP);
    Svg svg = new Svg(WIDTH, HEIGHT, title);
    for (double tick : y.ticks(4)) {
      svg.line(LEFT, y.pixel(tick), WIDTH - RIGHT, y.pixel(tick), "grid");
      svg.text(LEFT - 7, y.pixel(tick) + 4, "end", "tick", Axis.label(tick));
    }
    double width = (WIDTH - RIGHT - LEFT) / (double) Math.max(1, values.length);
    for (int i = 0; i < values.length; i++) {
      double height = HEIGHT - BOTTOM - y.pixel(values[i]);
      svg.rectangle(
          LEFT + (i + 0.08) * width,
          y.pixel(values[i]),
          width * 0.84,
          height,
          LineChart.COLOURS.get(1),
          0.75);
    }
    svg.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "axis");
    svg.path(
        String.format(
            java.util.Locale.ROOT,
            "%d,%.1f %d,%.1f",
            LEFT,
            y.pixel(line),
            WIDTH - RIGHT,
            y.pixel(line)),
        LineChart.COLOURS.get(0),
        1.6,
        true);
    svg.text(WIDTH - RIGHT, y.pixel(line) - 5, "end", "name", lineName);
    svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "name", xName);
    svg.text(LEFT, TOP - 8, "start", "name", yName);
    return svg.close();
  }
}
