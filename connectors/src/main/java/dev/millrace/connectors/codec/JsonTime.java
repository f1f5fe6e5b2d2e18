package dev.millrace.connectors.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;

/** Event times: milliseconds since the epoch, or ISO-8601 texts with a zone. */
final class JsonTime {

  private JsonTime() {}

  /** The reader's value as milliseconds since the epoch, within the bounds. */
  static long read(JsonReader reader, long earliest, long latest) throws DecodeException {
    long time;
    if (reader.isInteger()) {
      time = reader.integer(DecodeFault.TIME_OUT_OF_RANGE);
    } else if (reader.isText()) {
      time = parse(reader.text(), reader.where());
    } else {
      throw reader.wrongType("milliseconds since the epoch or an ISO-8601 text with a zone");
    }
    return within(time, earliest, latest, reader.where(), reader.raw());
  }

  /** The milliseconds since the epoch of an ISO-8601 text. */
  static long parse(String text, String where) throws DecodeException {
    ZonedDateTime parsed;
    try {
      parsed = ZonedDateTime.parse(text);
    } catch (DateTimeException e) {
      throw new DecodeException(
          DecodeFault.INVALID_TIME,
          where
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

  /** The time, which must lie within the bounds. */
  static long within(long time, long earliest, long latest, String where, String raw)
      throws DecodeException {
    if (time >= earliest && time <= latest) {
      return time;
    }
    throw new DecodeException(
        DecodeFault.TIME_OUT_OF_RANGE,
        where
            + " is "
            + JsonReader.shown(raw)
            + "; a time from "
            + Instant.ofEpochMilli(earliest)
            + " to "
            + Instant.ofEpochMilli(latest)
            + " is expected, in milliseconds if it is a number");
  }
}
