package dev.millrace.model.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prequential and learning metrics of one scope, such as a window of the stream or its whole.
 *
 * @param scope what the figures are about, such as {@code lane-0/window}; the topic's key
 * @param eventTime event time of the scope's end, in milliseconds since the epoch
 * @param figures numbers by name, such as {@code all/model/recall_at_20}
 * @param series sequences of numbers by name, such as a histogram's counts
 * @param labels texts by name, such as a digest
 */
public record LearningMetrics(
    String scope,
    long eventTime,
    Map<String, Double> figures,
    Map<String, double[]> series,
    Map<String, String> labels) {

  public LearningMetrics {
    if (scope.isEmpty()) {
      throw new IllegalArgumentException("scope must not be empty");
    }
    figures = Collections.unmodifiableMap(new TreeMap<>(figures));
    series = Collections.unmodifiableMap(new TreeMap<>(series));
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LearningMetrics that
        && scope.equals(that.scope)
        && eventTime == that.eventTime
        && figures.equals(that.figures)
        && labels.equals(that.labels)
        && series.keySet().equals(that.series.keySet())
        && series.keySet().stream()
            .allMatch(name -> Arrays.equals(series.get(name), that.series.get(name)));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(new Object[] {scope, eventTime, figures, labels, series.keySet()});
  }
}
