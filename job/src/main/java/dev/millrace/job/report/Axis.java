package dev.millrace.job.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear scale from data to pixels with round ticks.
 *
 * @param low smallest value shown
 * @param high largest value shown, above {@code low}
 * @param from pixel of {@code low}
 * @param to pixel of {@code high}
 */
record Axis(double low, double high, double from, double to) {

  /** A scale that covers the values with a little air; a single value gets a unit of it. */
  static Axis covering(double low, double high, double from, double to) {
    if (!(low <= high)) {
      return new Axis(0, 1, from, to);
    }
    double span = high > low ? high - low : Math.max(1e-9, Math.abs(high));
    return new Axis(low - 0.02 * span, high + 0.04 * span, from, to);
  }

  double pixel(double value) {
    return from + (value - low) / (high - low) * (to - from);
  }

  /** About the given number of ticks at 1, 2 or 5 times a power of ten. */
  List<Double> ticks(int about) {
    double raw = (high - low) / about;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step =
        power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
    List<Double> ticks = new ArrayList<>();
    for (double at = Math.ceil(low / step) * step; at <= high + 1e-9 * step; at += step) {
      ticks.add(Math.abs(at) < step * 1e-6 ? 0 : at);
    }
    return ticks;
  }

  /** A number as short as it can be read: 120k, 3.5, .05. */
  static String label(double value) {
    double size = Math.abs(value);
    if (size >= 1e6) {
      return trim(String.format(Locale.ROOT, "%.2f", value / 1e6)) + "M";
    }
    if (size >= 1e4) {
      return trim(String.format(Locale.ROOT, "%.1f", value / 1e3)) + "k";
    }
    if (size >= 100 || size == 0) {
      return trim(String.format(Locale.ROOT, "%.1f", value));
    }
    return trim(String.format(Locale.ROOT, size >= 1 ? "%.2f" : "%.4f", value));
  }

  private static String trim(String text) {
    String trimmed = text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    return trimmed.equals("-0") ? "0" : trimmed;
  }
}
