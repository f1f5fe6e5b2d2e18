package dev.millrace.connectors.replay;

import java.util.LinkedHashMap;
import java.util.Map;

/** Rows that were left out, by reason, with the first line of each as an example. */
public final class SkippedRows {

  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final Map<String, Long> firstLines = new LinkedHashMap<>();

  void add(String reason, long line) {
    counts.merge(reason, 1L, Long::sum);
    firstLines.putIfAbsent(reason, line);
  }

  /** Rows by reason, in the order in which the reasons first came up. */
  public Map<String, Long> counts() {
    return new LinkedHashMap<>(counts);
  }

  /** Line number, from 1, of the first row of each reason. */
  public Map<String, Long> firstLines() {
    return new LinkedHashMap<>(firstLines);
  }

  /** All of them. */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
