package dev.millrace.model.objective;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Named parameters of an objective: numbers, flags and words, as in a configuration file.
 *
 * <p>An objective reads each parameter with its default; {@link Objectives} refuses the names that
 * it did not read and suggests the nearest known one.
 */
public final class ObjectiveParameters {

  private final Map<String, Object> values;
  private final TreeMap<String, Object> read = new TreeMap<>();

  public ObjectiveParameters(Map<String, ?> values) {
    this.values = new TreeMap<>(values);
  }

  public static ObjectiveParameters defaults() {
    return new ObjectiveParameters(Map.of());
  }

  /** The same given values, none of them read. */
  ObjectiveParameters unread() {
    return new ObjectiveParameters(values);
  }

  public double number(String name, double standard) {
    Object value = value(name, standard);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    try {
      return Double.parseDouble(value.toString());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "parameter '" + name + "' must be a number, was '" + value + "'", e);
    }
  }

  /** A number above 0: a temperature, a scale. */
  public double positive(String name, double standard) {
    double value = number(name, standard);
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "parameter '" + name + "' must be finite and above 0, was " + value);
    }
    return value;
  }

  /** A number that is not below 0: the weight of a term. */
  public double weight(String name, double standard) {
    double value = number(name, standard);
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "parameter '" + name + "' must be finite and not below 0, was " + value);
    }
    return value;
  }

  public int integer(String name, int standard) {
    double value = number(name, standard);
    if (value != Math.rint(value)) {
      throw new IllegalArgumentException("parameter '" + name + "' must be whole, was " + value);
    }
    return (int) value;
  }

  /** A whole number above 0: how many of something. */
  public int count(String name, int standard) {
    int value = integer(name, standard);
    if (value < 1) {
      throw new IllegalArgumentException(
          "parameter '" + name + "' must be at least 1, was " + value);
    }
    return value;
  }

  /** Whole numbers, given as a list or as text with commas. */
  public int[] integers(String name, int... standard) {
    Object value = value(name, Arrays.stream(standard).boxed().toList());
    Collection<?> items =
        value instanceof Collection<?> list ? list : List.of(value.toString().split(","));
    try {
      return items.stream().mapToInt(item -> Integer.parseInt(item.toString().trim())).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "parameter '" + name + "' must be whole numbers, was '" + value + "'", e);
    }
  }

  public boolean flag(String name, boolean standard) {
    return choice(name, Boolean.toString(standard), "true", "false").equals("true");
  }

  /** One of a few words. */
  public String choice(String name, String standard, String... allowed) {
    String value = value(name, standard).toString();
    List<String> words = List.of(allowed);
    if (!words.contains(value)) {
      throw new IllegalArgumentException(
          "parameter '%s' must be one of %s, was '%s'".formatted(name, words, value));
    }
    return value;
  }

  /** Names and values that were read, defaults included: the option table and reports use it. */
  public Map<String, Object> effective() {
    return Collections.unmodifiableMap(read);
  }

  /** Names that were given. */
  public Set<String> given() {
    return values.keySet();
  }

  private Object value(String name, Object standard) {
    Object value = values.getOrDefault(name, standard);
    read.put(name, value);
    return value;
  }
}
