package dev.millrace.connectors.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;

/** Event times in JSON: milliseconds since the epoch, or ISO-8601 texts with a zone. */
final class JsonTime {

  private JsonTime() {}

  /** The reader's value as milliseconds since the epoch, within the limits. */
  static long read(JsonReader reader, InteractionLimits limits) throws DecodeException {
    long time;
    if (reader.isInteger()) {
      time = reader.integer(DecodeFault.TIME_OUT_OF_RANGE);
    } else if (reader.isText()) {
      time = parse(reader);
    } else {
      throw reader.wrongType("milliseconds since the epoch or an ISO-8601 text with a zone");
    }
    if (time < limits.earliestTime() || time > limits.latestTime()) {
      throw outOfRange(reader, limits);
    }
    return time;
  }

  private static long parse(JsonReader reader) throws DecodeException {
    String text = reader.text();
    ZonedDateTime parsed;
    try {
      parsed = ZonedDateTime.parse(text);
    } catch (DateTimeException e) {
      throw new DecodeException(
          DecodeFault.INVALID_TIME,
          reader.where()
              + " is "
              + JsonReader.quoted(text)
              + "; milliseconds since the epoch or a text such as 2010-12-01T08:26:00Z, with its"
              + " zone, is expected");
    }
    // A year of nine digits does not fit into a long of milliseconds.
    long seconds = parsed.toEpochSecond();
    if (Math.abs(seconds) > Long.MAX_VALUE / 1000 - 1) {
      return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return Instant.ofEpochSecond(seconds, parsed.getNano()).toEpochMilli();
  }

  private static DecodeException outOfRange(JsonReader reader, InteractionLimits limits)
      throws DecodeException {
    return new DecodeException(
        DecodeFault.TIME_OUT_OF_RANGE,
        reader.where()
            + " is "
            + JsonReader.shown(reader.raw())
            + "; a time from "
            + Instant.ofEpochMilli(limits.earliestTime())
            + " to "
            + Instant.ofEpochMilli(limits.latestTime())
            + " is expected, in milliseconds if it is a number");
  }
}
