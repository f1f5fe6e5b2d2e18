package dev.millrace.connectors.codec;

import java.io.Serializable;
import java.time.Instant;

/**
 * What an interaction may be at most before it counts as garbage.
 *
 * @param maxValueBytes largest JSON value in bytes, positive
 * @param earliestTime first event time that is believed, in milliseconds since the epoch
 * @param latestTime last event time that is believed, in milliseconds since the epoch
 */
public record InteractionLimits(int maxValueBytes, long earliestTime, long latestTime)
    implements Serializable {

  /** One MiB; from 1990 to 2100. */
  public static final InteractionLimits DEFAULT =
      new InteractionLimits(
          1 << 20,
          Instant.parse("1990-01-01T00:00:00Z").toEpochMilli(),
          Instant.parse("2100-01-01T00:00:00Z").toEpochMilli());

  public InteractionLimits {
    if (maxValueBytes <= 0) {
      throw new IllegalArgumentException("maxValueBytes must be positive, was " + maxValueBytes);
    }
    if (earliestTime > latestTime) {
      throw new IllegalArgumentException(
          "no time lies between earliestTime "
              + Instant.ofEpochMilli(earliestTime)
              + " and latestTime "
              + Instant.ofEpochMilli(latestTime));
    }
  }
}
