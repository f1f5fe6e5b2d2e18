package dev.millrace.job.function;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How many events reached a lane. */
final class LaneCounts {

  long received;
  long late;
  long dropped;

  /** Newest event time that was learned. */
  long closedTime;

  void writeTo(DataOutput out) throws IOException {
    out.writeLong(received);
    out.writeLong(late);
    out.writeLong(dropped);
    out.writeLong(closedTime);
  }

  static LaneCounts readFrom(DataInput in) throws IOException {
    LaneCounts counts = new LaneCounts();
    counts.received = in.readLong();
    counts.late = in.readLong();
    counts.dropped = in.readLong();
    counts.closedTime = in.readLong();
    return counts;
  }
}
