package dev.millrace.model.objective;

import java.util.Map;
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

  public int integer(String name, int standard) {
    double value = number(name, standard);
    if (value != Math.rint(value)) {
      throw new IllegalArgumentException("parameter '" + name + "' must be whole, was " + value);
    }
    return (int) value;
  }

  public boolean flag(String name, boolean standard) {
    Object value = value(name, standard);
    return switch (value.toString()) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "parameter '" + name + "' must be true or false, was '" + value + "'");
    };
  }

  public String word(String name, String standard) {
    return value(name, standard).toString();
  }

  /** Names and values that were read, defaults included: the option table and reports use it. */
  public Map<String, Object> effective() {
    return read;
  }

  /** Names that were given. */
  public Iterable<String> given() {
    return values.keySet();
  }

  private Object value(String name, Object standard) {
    Object value = values.getOrDefault(name, standard);
    read.put(name, value);
    return value;
  }
}
