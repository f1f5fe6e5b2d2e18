package dev.millrace.model.eval;

/**
 * A figure with the range that its resamples cover.
 *
 * @param estimate from the data as they are; NaN where it is not defined
 * @param low lower end; NaN where no resample defines it
 * @param high upper end, alike
 */
public record Interval(double estimate, double low, double high) {

  /** Whether a value lies in the range, ends included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Half the width of the range. */
  public double halfWidth() {
    return (high - low) / 2;
  }
}
