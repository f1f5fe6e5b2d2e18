package dev.millrace.job.metrics;

import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;

/**
 * Counts of latencies in buckets whose bounds grow by 2 %, from 1 ms to about 16 hours; 909
 * counters, no allocation on update. A quantile is exact to 1 %.
 */
public final class LatencyHistogram implements Histogram {

  private static final double GROWTH = Math.log(1.02);
  private static final int BUCKETS = 909;

  private final long[] counts = new long[BUCKETS];
  private long count;
  private double sum;
  private long min = Long.MAX_VALUE;
  private long max;

  /** Counts one latency in milliseconds; a clock that stepped back counts as 0. */
  @Override
  public void update(long millis) {
    long value = Math.max(0, millis);
    counts[bucket(value)]++;
    count++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }

  @Override
  public long getCount() {
    return count;
  }

  /** The latency below which the given share of all counted ones lies, in milliseconds. */
  public double quantile(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    long rank = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank && counts[i] > 0) {
        return i == 0 ? 0 : Math.min(max, Math.exp((i - 0.5) * GROWTH));
      }
    }
    return max;
  }

  private static int bucket(long millis) {
    return millis < 1 ? 0 : Math.min(BUCKETS - 1, 1 + (int) (Math.log(millis) / GROWTH));
  }

  @Override
  public HistogramStatistics getStatistics() {
    return new Statistics();
  }

  private final class Statistics extends HistogramStatistics {
    @Override
    public double getQuantile(double share) {
      return quantile(share);
    }

    @Override
    public long[] getValues() {
      return new long[0];
    }

    @Override
    public int size() {
      return (int) Math.min(count, Integer.MAX_VALUE);
    }

    @Override
    public double getMean() {
      return count == 0 ? 0 : sum / count;
    }

    @Override
    public double getStdDev() {
      double mean = getMean();
      double squares = 0;
      for (int i = 0; i < BUCKETS; i++) {
        double middle = i == 0 ? 0 : Math.exp((i - 0.5) * GROWTH);
        squares += counts[i] * (middle - mean) * (middle - mean);
      }
      return count == 0 ? 0 : Math.sqrt(squares / count);
    }

    @Override
    public long getMax() {
      return max;
    }

    @Override
    public long getMin() {
      return count == 0 ? 0 : min;
    }
  }
}
