package dev.millrace.connectors.replay;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which column of a file holds which field of an interaction.
 *
 * @param user column with the user id
 * @param item column with the item id
 * @param time column with the time of the event
 * @param weight column with the weight; absent: every event weighs 1
 * @param type column with the event type; absent: empty
 * @param category column with the item's category; absent: empty
 */
public record ColumnMapping(
    String user,
    String item,
    String time,
    Optional<String> weight,
    Optional<String> type,
    Optional<String> category) {

  private static final List<String> FIELDS =
      List.of("user", "item", "time", "weight", "type", "category");
  private static final String EXAMPLE = "user=CustomerID,item=StockCode,time=InvoiceDate";

  public ColumnMapping {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(item, "item");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(category, "category");
  }

  /** Columns named like the fields; of the optional ones, none. */
  public static ColumnMapping defaults() {
    return new ColumnMapping(
        "user", "item", "time", Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Reads {@code field=column,field=column,...}; spaces around names do not count. Of {@code user},
   * {@code item} and {@code time}, one that is not mentioned has the column of its own name.
   *
   * @throws IllegalArgumentException when a part is not of that form, or names an unknown field or
   *     one that was named before
   */
  public static ColumnMapping parse(String text) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      int equals = part.indexOf('=');
      String field = equals < 0 ? part.strip() : part.substring(0, equals).strip();
      String column = equals < 0 ? "" : part.substring(equals + 1).strip();
      if (column.isEmpty()) {
        throw new IllegalArgumentException(
            "column mapping: '" + part.strip() + "' must be field=column, as in " + EXAMPLE);
      }
      if (!FIELDS.contains(field)) {
        throw new IllegalArgumentException(
            "column mapping: unknown field '%s'; did you mean '%s'? Fields are %s"
                .formatted(field, NearestName.of(field, FIELDS), String.join(", ", FIELDS)));
      }
      if (columns.put(field, column) != null) {
        throw new IllegalArgumentException("column mapping: field '" + field + "' is named twice");
      }
    }
    return new ColumnMapping(
        columns.getOrDefault("user", "user"),
        columns.getOrDefault("item", "item"),
        columns.getOrDefault("time", "time"),
        Optional.ofNullable(columns.get("weight")),
        Optional.ofNullable(columns.get("type")),
        Optional.ofNullable(columns.get("category")));
  }

  /** The columns without which no row is usable. */
  List<String> required() {
    return List.of(user, item, time);
  }

  /** Every column that is read. */
  List<String> columns() {
    List<String> all = new ArrayList<>(required());
    weight.ifPresent(all::add);
    type.ifPresent(all::add);
    category.ifPresent(all::add);
    return all;
  }

  /**
   * Fails unless the file has every wanted column.
   *
   * @throws IllegalArgumentException that names the columns there are and the nearest one
   */
  static void requireColumns(Collection<String> wanted, Collection<String> present, String file) {
    for (String column : wanted) {
      if (!present.contains(column)) {
        throw new IllegalArgumentException(
            "%s has no column '%s'%s. Columns are: %s. Say which to read with --map, as in %s"
                .formatted(
                    file,
                    column,
                    present.isEmpty()
                        ? ""
                        : "; did you mean '" + NearestName.of(column, present) + "'?",
                    String.join(", ", present),
                    EXAMPLE));
      }
    }
  }
}
