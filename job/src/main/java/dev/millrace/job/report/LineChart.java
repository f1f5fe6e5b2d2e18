package dev.millrace.job.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Curves over a common axis, each named at its right end. */
final class LineChart {

  /** Colours that colour-blind readers can tell apart (Okabe and Ito 2008), the model's first. */
  static final List<String> COLOURS =
      List.of("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#7a6a00", "#56b4e9", "#666666");

  private static final int WIDTH = 810;
  private static final int HEIGHT = 330;
  private static final int LEFT = 56;
  private static final int RIGHT = 200;
  private static final int TOP = 14;
  private static final int BOTTOM = 42;

  /** One curve. */
  record Series(String name, double[] x, double[] y, boolean bold) {}

  private final String title;
  private final String xName;
  private final String yName;
  private final List<Series> series = new ArrayList<>();

  LineChart(String title, String xName, String yName) {
    this.title = title;
    this.xName = xName;
    this.yName = yName;
  }

  LineChart add(String name, double[] x, double[] y, boolean bold) {
    series.add(new Series(name, x, y, bold));
    return this;
  }

  String svg() {
    Axis x = axis(true, LEFT, WIDTH - RIGHT);
    Axis y = axis(false, HEIGHT - BOTTOM, TOP);
    Svg svg = new Svg(WIDTH, HEIGHT, title);
    for (double tick : y.ticks(5)) {
      svg.line(LEFT, y.pixel(tick), WIDTH - RIGHT, y.pixel(tick), "grid");
      svg.text(LEFT - 7, y.pixel(tick) + 4, "end", "tick", Axis.label(tick));
    }
    for (double tick : x.ticks(6)) {
      svg.text(x.pixel(tick), HEIGHT - BOTTOM + 18, "middle", "tick", Axis.label(tick));
    }
    svg.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "axis");
    svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", "name", xName);
    svg.text(LEFT, TOP - 2, "start", "name", yName);
    for (int i = series.size() - 1; i >= 0; i--) {
      curve(svg, series.get(i), x, y, COLOURS.get(i % COLOURS.size()));
    }
    names(svg, y);
    return svg.close();
  }

  private static void curve(Svg svg, Series curve, Axis x, Axis y, String colour) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < curve.x().length; i++) {
      if (Double.isFinite(curve.y()[i])) {
        points.append(
            String.format(
                java.util.Locale.ROOT, "%.1f,%.1f ", x.pixel(curve.x()[i]), y.pixel(curve.y()[i])));
      }
    }
    svg.path(points, colour, curve.bold() ? 2.8 : 1.5, false);
  }

  /** Names at the curves' ends, pushed apart where they would overlap. */
  private void names(Svg svg, Axis y) {
    record Label(String name, String colour, double at) {}
    List<Label> labels = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      double[] values = series.get(i).y();
      for (int j = values.length - 1; j >= 0; j--) {
        if (Double.isFinite(values[j])) {
          labels.add(
              new Label(
                  series.get(i).name() + " " + Axis.label(values[j]),
                  COLOURS.get(i % COLOURS.size()),
                  y.pixel(values[j])));
          break;
        }
      }
    }
    labels.sort(Comparator.comparingDouble(Label::at));
    double free = TOP + 6;
    for (Label label : labels) {
      double at = Math.max(label.at() + 4, free);
      svg.coloured(WIDTH - RIGHT + 8, at, label.colour(), label.name());
      free = at + 15;
    }
  }

  private Axis axis(boolean horizontal, double from, double to) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Series curve : series) {
      for (double value : horizontal ? curve.x() : curve.y()) {
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    return Axis.covering(low, high, from, to);
  }
}
