package dev.millrace.model.data;

import java.util.Objects;

/**
 * One event of the {@code interactions} stream: a user touched an item.
 *
 * @param user user id, not empty
 * @param item item id, not empty
 * @param type event type such as {@code purchase}; empty when the stream has none
 * @param eventTime when it happened, in milliseconds since the epoch
 * @param weight how much it counts, finite and positive; 1 when the stream has none
 * @param category category of the item; empty when the stream has none
 * @param position where in Kafka the event came from
 * @param arrivalTime when this process read it, in milliseconds since the epoch; never part of a
 *     result, only of latency measurements
 */
public record Interaction(
    String user,
    String item,
    String type,
    long eventTime,
    float weight,
    String category,
    SourcePosition position,
    long arrivalTime)
    implements StreamEvent {

  public Interaction {
    requireText(user, "user");
    requireText(item, "item");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(position, "position");
    if (!(weight > 0) || Float.isInfinite(weight)) {
      throw new IllegalArgumentException("weight must be finite and positive, was " + weight);
    }
  }

  @Override
  public String key() {
    return user;
  }

  private static void requireText(String value, String field) {
    Objects.requireNonNull(value, field);
    if (value.isEmpty()) {
      throw new IllegalArgumentException(field + " must not be empty");
    }
  }
}
