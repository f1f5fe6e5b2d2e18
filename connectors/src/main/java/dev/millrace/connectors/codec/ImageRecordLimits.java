package dev.millrace.connectors.codec;

import java.io.Serializable;
import java.time.Instant;

/**
 * What a record with an image may be at most before it counts as garbage.
 *
 * @param maxImageBytes largest image file in bytes, positive
 * @param earliestTime first event time that is believed, in milliseconds since the epoch
 * @param latestTime last event time that is believed, in milliseconds since the epoch
 */
public record ImageRecordLimits(int maxImageBytes, long earliestTime, long latestTime)
    implements Serializable {

  /** Eight MiB; from 1990 to 2100. */
  public static final ImageRecordLimits DEFAULT =
      new ImageRecordLimits(
          8 << 20,
          InteractionLimits.DEFAULT.earliestTime(),
          InteractionLimits.DEFAULT.latestTime());

  public ImageRecordLimits {
    if (maxImageBytes <= 0) {
      throw new IllegalArgumentException("maxImageBytes must be positive, was " + maxImageBytes);
    }
    if (earliestTime > latestTime) {
      throw new IllegalArgumentException(
          "no time lies between earliestTime "
              + Instant.ofEpochMilli(earliestTime)
              + " and latestTime "
              + Instant.ofEpochMilli(latestTime));
    }
  }

  /** Largest JSON envelope: the file in Base64, and 64 KiB for the other fields. */
  int maxEnvelopeBytes() {
    return (int) Math.min(Integer.MAX_VALUE, 4L * maxImageBytes / 3 + 65_536);
  }
}
