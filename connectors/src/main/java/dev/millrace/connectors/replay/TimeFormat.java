package dev.millrace.connectors.replay;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/** How a file writes the time of an event. What names no zone is in UTC. */
@FunctionalInterface
public interface TimeFormat {

  /**
   * Numbers from here on are milliseconds in {@link #auto()}: as seconds they mean the year 5138.
   */
  long FIRST_MILLIS = 100_000_000_000L;

  /**
   * Reads a time.
   *
   * @return milliseconds since the epoch
   * @throws DateTimeException when the text is not a time in this format
   */
  long parse(String text);

  /**
   * The format of a name.
   *
   * @param name {@code auto}, {@code epoch-millis}, {@code epoch-seconds}, {@code iso-8601}, or a
   *     pattern of {@link DateTimeFormatter} such as {@code yyyy-MM-dd HH:mm:ss}
   * @throws IllegalArgumentException when the name is neither
   */
  static TimeFormat of(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "auto" -> auto();
      case "epoch-millis" -> TimeFormat::number;
      case "epoch-seconds" -> TimeFormat::seconds;
      case "iso-8601" -> TimeFormat::iso;
      default -> pattern(name);
    };
  }

  /**
   * Numbers as seconds or milliseconds since the epoch by their size, everything else as ISO-8601
   * with a {@code T} or a space between date and time.
   */
  static TimeFormat auto() {
    return text -> {
      if (!isNumber(text)) {
        return iso(text);
      }
      return Math.abs(Double.parseDouble(text)) < FIRST_MILLIS ? seconds(text) : number(text);
    };
  }

  /**
   * Times of a pattern.
   *
   * @throws IllegalArgumentException when it is not a pattern of {@link DateTimeFormatter}
   */
  static TimeFormat pattern(String pattern) {
    DateTimeFormatter formatter;
    try {
      formatter = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "time format '%s' is neither auto, epoch-millis, epoch-seconds, iso-8601 nor a pattern"
                  .formatted(pattern)
              + " such as 'yyyy-MM-dd HH:mm:ss': "
              + e.getMessage(),
          e);
    }
    return text -> millis(formatter.parse(text));
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new DateTimeException("'" + text + "' is no whole number of milliseconds", e);
    }
  }

  private static long seconds(String text) {
    try {
      return Math.round(Double.parseDouble(text) * 1000);
    } catch (NumberFormatException e) {
      throw new DateTimeException("'" + text + "' is no number of seconds", e);
    }
  }

  private static long iso(String text) {
    String iso =
        text.length() > 10 && text.charAt(10) == ' '
            ? text.substring(0, 10) + 'T' + text.substring(11)
            : text;
    if (iso.length() <= 10) {
      return LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
    // A zone is a letter Z, or a sign behind the time of day.
    boolean zoned = iso.endsWith("Z") || iso.indexOf('+', 11) > 0 || iso.indexOf('-', 11) > 0;
    return zoned
        ? OffsetDateTime.parse(iso).toInstant().toEpochMilli()
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static long millis(TemporalAccessor parsed) {
    LocalDate date = parsed.query(TemporalQueries.localDate());
    if (date == null) {
      return Instant.from(parsed).toEpochMilli();
    }
    var time = parsed.query(TemporalQueries.localTime());
    ZoneId zone = parsed.query(TemporalQueries.zone());
    LocalDateTime local = time == null ? date.atStartOfDay() : date.atTime(time);
    return local.atZone(zone == null ? ZoneOffset.UTC : zone).toInstant().toEpochMilli();
  }

  private static boolean isNumber(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    int digits = 0;
    int points = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      digits += c >= '0' && c <= '9' ? 1 : 0;
      points += c == '.' ? 1 : 0;
    }
    return digits > 0 && points <= 1 && digits + points == text.length() - start;
  }
}
