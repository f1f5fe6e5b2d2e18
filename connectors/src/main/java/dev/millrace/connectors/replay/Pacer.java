package dev.millrace.connectors.replay;

/** Says when each record of one replay is due. */
final class Pacer {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Pace pace;
  private boolean started;
  private long startNanos;
  private long startEventTime;

  Pacer(Pace pace) {
    this.pace = pace;
  }

  /**
   * How long to wait before a record may be sent. The first question starts the clock.
   *
   * @param sent records sent before it
   * @param eventTime its event time, in milliseconds since the epoch
   * @param now a reading of a monotonic clock, in nanoseconds
   * @return nanoseconds, 0 when it is due
   */
  long delayNanos(long sent, long eventTime, long now) {
    if (!started) {
      started = true;
      startNanos = now;
      startEventTime = eventTime;
    }
    double dueAfter;
    if (pace instanceof Pace.Speed speed) {
      dueAfter = (eventTime - startEventTime) * NANOS_PER_MILLI / speed.factor();
    } else if (pace instanceof Pace.Rate rate) {
      dueAfter = sent * NANOS_PER_SECOND / rate.perSecond();
    } else {
      return 0;
    }
    return Math.max(0, (long) dueAfter - (now - startNanos));
  }
}
