package dev.millrace.connectors.replay;

import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A condition on one column that a row must meet to be replayed.
 *
 * @param name reason under which rows that do not meet it are counted
 * @param column the column that is looked at
 * @param condition tests the cell, which is empty when the row has none
 */
public record RowFilter(String name, String column, Predicate<String> condition) {

  private static final Pattern EXPRESSION =
      Pattern.compile("\\s*([^!<>=~]+?)\\s*(!=|!~|>=|<=|==|=|>|<|~)(.*)", Pattern.DOTALL);
  private static final String FORMS =
      "column>number, >=, <, <=, column=text, column!=text (column!= alone: not empty),"
          + " column~regex, column!~regex";

  public RowFilter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(condition, "condition");
  }

  /**
   * Reads a condition: {@code Quantity>0}, {@code Price>=0.01}, {@code Country=France}, {@code
   * CustomerID!=} (not empty), {@code StockCode~^[0-9]{5}} (the pattern is found in the cell),
   * {@code Invoice!~^C}. A comparison of order fails on a cell that is no number.
   *
   * @throws IllegalArgumentException when the text is no such condition
   */
  public static RowFilter parse(String expression) {
    Matcher parts = EXPRESSION.matcher(expression);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "row filter '" + expression + "' is no condition; forms are " + FORMS);
    }
    String operand = parts.group(3).strip();
    Predicate<String> condition =
        switch (parts.group(2)) {
          case "=", "==" -> cell -> same(cell, operand);
          case "!=" -> cell -> !same(cell, operand);
          case "~" -> regex(operand, expression).asPredicate();
          case "!~" -> regex(operand, expression).asPredicate().negate();
          default -> ordered(parts.group(2), operand, expression);
        };
    return new RowFilter(expression.strip(), parts.group(1), condition);
  }

  /** The same condition, counted under another name. */
  public RowFilter named(String reason) {
    return new RowFilter(reason, column, condition);
  }

  boolean accepts(Row row) {
    return condition.test(row.cell(column));
  }

  private static Predicate<String> ordered(String operator, String operand, String expression) {
    double bound = number(operand);
    if (Double.isNaN(bound)) {
      throw new IllegalArgumentException(
          "row filter '%s': '%s' must stand before a number, not '%s'"
              .formatted(expression, operator, operand));
    }
    return cell -> {
      double value = number(cell);
      return switch (operator) {
        case ">" -> value > bound;
        case ">=" -> value >= bound;
        case "<" -> value < bound;
        default -> value <= bound;
      };
    };
  }

  private static boolean same(String cell, String operand) {
    return cell.equals(operand) || number(cell) == number(operand);
  }

  /** The number, or NaN, which compares as false with everything. */
  private static double number(String text) {
    if (text.isEmpty()) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static Pattern regex(String operand, String expression) {
    try {
      return Pattern.compile(operand);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "row filter '" + expression + "': not a regular expression: " + e.getMessage(), e);
    }
  }
}
