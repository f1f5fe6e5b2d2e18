package dev.millrace.job.config;

import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;

/** The options as a table in Markdown. */
public final class OptionTable {

  private OptionTable() {}

  public static String markdown() {
    StringBuilder table = new StringBuilder("| option | default | |\n|---|---|---|\n");
    for (ConfigOption<?> option : JobConfig.allOptions()) {
      table
          .append("| `")
          .append(option.key())
          .append("` | ")
          .append(standard(option.defaultValue()))
          .append(" | ")
          .append(new HtmlFormatter().format(option.description()))
          .append(" |\n");
    }
    return table.toString();
  }

  private static String standard(Object value) {
    if (value == null || (value instanceof Map<?, ?> map && map.isEmpty())) {
      return "";
    }
    if (value instanceof Duration duration) {
      return "`" + org.apache.flink.util.TimeUtils.formatWithHighestUnit(duration) + "`";
    }
    if (value instanceof Enum<?> constant) {
      return "`" + constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + "`";
    }
    return "`" + value + "`";
  }
}
