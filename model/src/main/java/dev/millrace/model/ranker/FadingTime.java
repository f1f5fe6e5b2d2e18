package dev.millrace.model.ranker;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Weights that double with every half-life of event time, so that what is older weighs less beside
 * what is newer. When they have grown large everything they went into is scaled down.
 */
final class FadingTime {

  private static final double MILLIS_PER_DAY = 86_400_000;
  private static final double LARGEST_EXPONENT = 24;

  private final double halfLifeDays;
  private double origin = Double.NaN;
  private double now = Double.NaN;

  FadingTime(double halfLifeDays) {
    this.halfLifeDays = halfLifeDays;
  }

  /** The same as of an event time, with nothing moved here; earlier than the latest, the latest. */
  FadingTime asOf(long eventTime) {
    FadingTime time = new FadingTime(halfLifeDays);
    time.origin = origin;
    time.now = now;
    time.advance(eventTime);
    return time;
  }

  /** Moves on to an event time; earlier than the latest counts as the latest. */
  void advance(long eventTime) {
    double day = eventTime / MILLIS_PER_DAY;
    if (Double.isNaN(origin)) {
      origin = day;
      now = day;
    }
    now = Math.max(now, day);
  }

  /** Days of the latest event time. */
  double day() {
    return now;
  }

  /** What one event weighs now; at least 1. */
  double weight() {
    return Double.isNaN(now) ? 1 : StrictMath.pow(2, (now - origin) / halfLifeDays);
  }

  /** Part of its weight that something of {@code days} ago has left. */
  double faded(double days) {
    return StrictMath.pow(2, -days / halfLifeDays);
  }

  /** Whether weights are so large that all sums of them shall be scaled down. */
  boolean isDue() {
    return (now - origin) / halfLifeDays > LARGEST_EXPONENT;
  }

  /** The factor of all sums; weights begin anew at 1. */
  float rescale() {
    float factor = (float) (1 / weight());
    origin = now;
    return factor;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeDouble(origin);
    out.writeDouble(now);
  }

  void readInPlace(DataInput in) throws IOException {
    origin = in.readDouble();
    now = in.readDouble();
  }
}
