package dev.millrace.model.data;

import java.util.List;
import java.util.Objects;

/**
 * The items recommended to a user after an event, best first.
 *
 * @param user user id, not empty
 * @param items items with their scores, descending
 * @param modelVersion mini-batches learned when they were made
 * @param eventTime event time of the event that caused them, in milliseconds since the epoch
 * @param cause where that event stands in Kafka
 */
public record Recommendations(
    String user, List<ScoredItem> items, long modelVersion, long eventTime, SourcePosition cause) {

  /** An item and its score, a logit of the model. */
  public record ScoredItem(String item, float score) {}

  public Recommendations {
    items = List.copyOf(items);
    Objects.requireNonNull(cause, "cause");
    if (user.isEmpty()) {
      throw new IllegalArgumentException("user must not be empty");
    }
  }
}
