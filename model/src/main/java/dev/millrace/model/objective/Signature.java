package dev.millrace.model.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The declared inputs of an objective.
 *
 * <p>Shapes are symbolic, such as {@code "2B x D"} or {@code "V x B x D"}: a leading view dimension
 * is folded into the rows of the matrix, so {@code V x B x D} is a matrix of {@code V*B} rows, with
 * V given by the parameter {@code views} or by another input.
 *
 * @param inputs all inputs in the order of the documentation
 */
public record Signature(List<Input> inputs) {

  /** What an input is to the objective. */
  public enum Kind {
    /** A matrix that receives a gradient; rows are normalised inside unless the class says not. */
    DIFFERENTIABLE,
    /** A matrix through which nothing flows. */
    CONSTANT,
    /** Integers: labels, ids, indices, 0/1 masks. */
    INTEGERS
  }

  /**
   * One input.
   *
   * @param name the field's name for it, such as {@code z1} or {@code bank}
   * @param kind what it is to the objective
   * @param shape symbolic dimensions, from the outermost to the innermost
   * @param required whether it must be given
   * @param range values that random test inputs and callers must keep to: {@code any}, {@code
   *     positive}, {@code mask} (0 or 1), {@code unit} (rows of length 1), or the name of the
   *     symbol that bounds an index, such as {@code C}
   */
  public record Input(String name, Kind kind, List<String> shape, boolean required, String range) {}

  public Signature {
    inputs = List.copyOf(inputs);
  }

  /** Starts a declaration. */
  public static Builder of() {
    return new Builder();
  }

  public Input input(String name) {
    for (Input input : inputs) {
      if (input.name().equals(name)) {
        return input;
      }
    }
    throw new IllegalArgumentException(
        "unknown input '"
            + name
            + "': this objective takes "
            + inputs.stream().map(Input::name).toList());
  }

  /**
   * Binds the symbols to the given shapes.
   *
   * @param shapes name of each given input to its dimensions
   * @return the value of each symbol
   * @throws IllegalArgumentException if an input is missing or unknown or two shapes disagree
   */
  public Map<String, Integer> bind(Map<String, int[]> shapes) {
    shapes.keySet().forEach(this::input);
    Map<String, Integer> symbols = new LinkedHashMap<>();
    for (Input input : inputs) {
      int[] actual = shapes.get(input.name());
      if (actual == null) {
        if (input.required()) {
          throw new IllegalArgumentException(
              "input '" + input.name() + "' is missing: " + describe(input));
        }
        continue;
      }
      bind(input, actual, symbols);
    }
    return symbols;
  }

  private static void bind(Input input, int[] actual, Map<String, Integer> symbols) {
    boolean fits = actual.length == input.shape().size();
    for (int i = 0; fits && i < actual.length; i++) {
      String symbol = input.shape().get(i);
      int factor = 1;
      if (symbol.length() > 1 && Character.isDigit(symbol.charAt(0))) {
        factor = symbol.charAt(0) - '0';
        symbol = symbol.substring(1);
      }
      if (Character.isDigit(symbol.charAt(0))) {
        fits = actual[i] == Integer.parseInt(symbol);
      } else if (actual[i] % factor != 0) {
        fits = false;
      } else {
        int value = actual[i] / factor;
        Integer bound = symbols.putIfAbsent(symbol, value);
        fits = bound == null || bound == value;
      }
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "input '"
              + input.name()
              + "' has shape "
              + Arrays.toString(actual)
              + ", expected "
              + describe(input)
              + " with "
              + symbols);
    }
  }

  private static String describe(Input input) {
    return String.join(" x ", input.shape());
  }

  /** Collects inputs. */
  public static final class Builder {
    private final List<Input> inputs = new ArrayList<>();

    private Builder() {}

    public Builder differentiable(String name, String... shape) {
      return add(name, Kind.DIFFERENTIABLE, true, "any", shape);
    }

    public Builder constant(String name, String... shape) {
      return add(name, Kind.CONSTANT, true, "any", shape);
    }

    public Builder optional(String name, Kind kind, String range, String... shape) {
      return add(name, kind, false, range, shape);
    }

    public Builder integers(String name, String range, String... shape) {
      return add(name, Kind.INTEGERS, true, range, shape);
    }

    public Builder add(String name, Kind kind, boolean required, String range, String... shape) {
      inputs.add(new Input(name, kind, List.of(shape), required, range));
      return this;
    }

    public Signature build() {
      return new Signature(inputs);
    }
  }
}
