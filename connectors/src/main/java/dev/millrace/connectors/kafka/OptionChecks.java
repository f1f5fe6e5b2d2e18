package dev.millrace.connectors.kafka;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.description.HtmlFormatter;

/** Options' values, checked, with messages that name the option to set. */
final class OptionChecks {

  private static final String HOST_AND_PORT = ".+:\\d{1,5}";

  private OptionChecks() {}

  static String bootstrapServers(ReadableConfig config) {
    String servers = notBlank(config, KafkaSourceOptions.BOOTSTRAP_SERVERS);
    boolean addresses =
        Arrays.stream(servers.split(",")).allMatch(s -> s.strip().matches(HOST_AND_PORT));
    if (!addresses) {
      throw invalid(
          KafkaSourceOptions.BOOTSTRAP_SERVERS, servers, "host:port, such as localhost:9092");
    }
    return servers;
  }

  static String topic(ReadableConfig config, ConfigOption<String> option) {
    String topic = notBlank(config, option);
    if (!topic.matches("[a-zA-Z0-9._-]{1,249}") || topic.equals(".") || topic.equals("..")) {
      throw invalid(
          option, topic, "a topic name of at most 249 letters, digits, dots, hyphens, underscores");
    }
    return topic;
  }

  static String notBlank(ReadableConfig config, ConfigOption<String> option) {
    String value = config.get(option);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("set " + option.key() + ": " + description(option));
    }
    return value;
  }

  static Duration notNegative(ReadableConfig config, ConfigOption<Duration> option) {
    Duration value = config.get(option);
    if (value.isNegative()) {
      throw invalid(option, value, "a duration that is not negative, such as 5 s");
    }
    return value;
  }

  /** A size that a Java array can have. */
  static int bytes(ReadableConfig config, ConfigOption<MemorySize> option) {
    long bytes = config.get(option).getBytes();
    if (bytes <= 0 || bytes > Integer.MAX_VALUE) {
      throw invalid(option, config.get(option), "a size from 1 b to 2047 mb");
    }
    return (int) bytes;
  }

  /** Requires that the first time does not lie after the second. */
  static void requireOrder(
      ReadableConfig config, ConfigOption<String> earliest, ConfigOption<String> latest) {
    if (instant(config, earliest) > instant(config, latest)) {
      throw invalid(earliest, config.get(earliest), "a time before " + latest.key());
    }
  }

  static long instant(ReadableConfig config, ConfigOption<String> option) {
    String value = notBlank(config, option);
    try {
      return Instant.parse(value).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      IllegalArgumentException invalid =
          invalid(option, value, "a time such as 2010-12-01T00:00:00Z");
      invalid.initCause(e);
      throw invalid;
    }
  }

  static IllegalArgumentException invalid(ConfigOption<?> option, Object value, String expected) {
    return new IllegalArgumentException(
        option.key() + " is \"" + value + "\"; set it to " + expected);
  }

  /** The plain text of an option's description. */
  private static String description(ConfigOption<?> option) {
    return new HtmlFormatter().format(option.description());
  }
}
