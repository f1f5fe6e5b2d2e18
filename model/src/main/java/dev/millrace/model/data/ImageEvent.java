package dev.millrace.model.data;

import java.util.Objects;

/**
 * One event of the {@code images} stream, decoded.
 *
 * @param id image id, not empty
 * @param picture its pixels
 * @param eventTime when it happened, in milliseconds since the epoch
 * @param item id of the item that it shows; empty when the stream has none
 * @param label class, for evaluation and for objectives that take labels; empty when unknown
 * @param position where in Kafka the event came from
 * @param arrivalTime when this process read it, in milliseconds since the epoch
 */
public record ImageEvent(
    String id,
    Picture picture,
    long eventTime,
    String item,
    String label,
    SourcePosition position,
    long arrivalTime)
    implements StreamEvent {

  public ImageEvent {
    Objects.requireNonNull(picture, "picture");
    Objects.requireNonNull(item, "item");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(position, "position");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("id must not be empty");
    }
  }

  @Override
  public String key() {
    return id;
  }
}
