package dev.millrace.model.learner;

import dev.millrace.model.data.StreamEvent;
import java.util.List;

/**
 * All events of one lane that carry one event time, ordered by partition and offset. Events of one
 * user in it are one basket: none of them may see the others.
 *
 * @param <E> kind of event
 * @param eventTime event time of all of them, in milliseconds since the epoch
 * @param events the events, not empty
 */
public record EventGroup<E extends StreamEvent>(long eventTime, List<E> events) {

  public EventGroup {
    events = List.copyOf(events);
    if (events.isEmpty()) {
      throw new IllegalArgumentException("an event group holds at least one event");
    }
  }
}
