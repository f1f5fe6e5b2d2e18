package dev.millrace.connectors.codec;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;

/**
 * The names that an interaction's JSON fields have in a topic.
 *
 * @param user field of the user id; required in every event
 * @param item field of the item id; required in every event
 * @param type field of the event type
 * @param time field of the event time; required in every event
 * @param weight field of the weight
 * @param category field of the item's category
 */
public record InteractionFields(
    String user, String item, String type, String time, String weight, String category)
    implements Serializable {

  /** The names of a topic that Millrace wrote itself. */
  public static final InteractionFields DEFAULT =
      new InteractionFields("user", "item", "type", "time", "weight", "category");

  public InteractionFields {
    List<String> names = List.of(user, item, type, time, weight, category);
    if (names.contains("")) {
      throw new IllegalArgumentException("a field name must not be empty: " + names);
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("two fields have one name: " + names);
    }
  }
}
