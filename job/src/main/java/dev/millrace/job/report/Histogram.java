package dev.millrace.job.report;

import java.util.List;

/** Shares of values in equal bins, two or more distributions over one axis. */
final class Histogram {

  private static final int WIDTH = 810;
  private static final int HEIGHT = 280;
  private static final int LEFT = 56;
  private static final int RIGHT = 200;
  private static final int BOTTOM = 42;
  private static final int TOP = 14;

  /** Counts in equal bins between the common bounds. */
  record Distribution(String name, double[] counts) {}

  private Histogram() {}

  static String svg(
      String title, String xName, double low, double high, List<Distribution> distributions) {
    double top = 0;
    for (Distribution distribution : distributions) {
      double total = total(distribution);
      for (double count : distribution.counts()) {
        top = Math.max(top, total == 0 ? 0 : count / total);
      }
    }
    Axis x = new Axis(low, high, LEFT, WIDTH - RIGHT);
    Axis y = new Axis(0, Math.max(top * 1.05, 1e-6), HEIGHT - BOTTOM, TOP);
    Svg svg = new Svg(WIDTH, HEIGHT, title);
    for (double tick : y.ticks(4)) {
      svg.line(LEFT, y.pixel(tick), WIDTH - RIGHT, y.pixel(tick), "grid");
      svg.text(LEFT - 7, y.pixel(tick) + 4, "end", "tick", Axis.label(tick));
    }
    for (double tick : x.ticks(8)) {
      svg.text(x.pixel(tick), HEIGHT - BOTTOM + 18, "middle", "tick", Axis.label(tick));
    }
    int row = 0;
    for (Distribution distribution : distributions) {
      String colour = LineChart.COLOURS.get(row);
      double total = total(distribution);
      int bins = distribution.counts().length;
      double width = (WIDTH - RIGHT - LEFT) / (double) bins;
      for (int i = 0; i < bins; i++) {
        double share = total == 0 ? 0 : distribution.counts()[i] / total;
        double height = HEIGHT - BOTTOM - y.pixel(share);
        svg.rectangle(LEFT + i * width, y.pixel(share), width * 0.94, height, colour, 0.55);
      }
      svg.coloured(WIDTH - RIGHT + 8, TOP + 14 + 18 * row++, colour, distribution.name());
    }
    svg.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "axis");
    svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", "name", xName);
    svg.text(LEFT, TOP - 2, "start", "name", "share of scores");
    return svg.close();
  }

  private static double total(Distribution distribution) {
    double total = 0;
    for (double count : distribution.counts()) {
      total += count;
    }
    return total;
  }
}
