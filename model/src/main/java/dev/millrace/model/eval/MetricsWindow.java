package dev.millrace.model.eval;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;

/**
 * The metrics of one stretch of the stream, a point of each curve over time.
 *
 * @param eventTime event time of the basket that completed it, in milliseconds since the epoch
 * @param evaluated targets of mode {@link RankingMode#ALL} evaluated from the start of the stream
 *     to the end of the window
 * @param metrics the metrics of this window alone; not to be changed
 */
public record MetricsWindow(long eventTime, long evaluated, MetricsTable metrics) {

  public MetricsWindow {
    Objects.requireNonNull(metrics, "metrics");
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(eventTime);
    out.writeLong(evaluated);
    metrics.write(out);
  }

  static MetricsWindow read(DataInput in) throws IOException {
    return new MetricsWindow(in.readLong(), in.readLong(), MetricsTable.read(in));
  }
}
