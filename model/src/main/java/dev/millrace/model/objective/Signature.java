package dev.millrace.model.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The declared inputs of an objective: shape checks, random inputs for the contract test, the table
 * of all objectives and the check of a job's configuration are derived from it.
 *
 * <p>Shapes are symbolic, such as {@code "2B", "D"} or {@code "V", "B", "D"}. The last dimension is
 * the columns of the matrix and all others are folded into its rows: {@code V x B x D} is a matrix
 * of {@code V B} rows. One dimension alone is a row vector, {@code 1 x n}.
 *
 * <p>Symbols that have a meaning everywhere: B rows of the batch, along which every input may be
 * permuted alike without changing the loss; M rows of a bank and L rows of a queue, which alone may
 * be 0; D features; V views; K prototypes; N rows of a table.
 *
 * @param inputs all inputs in the order of the documentation
 * @param sizes sizes of symbols that the data do not determine, such as the width of a hidden layer
 */
public record Signature(List<Input> inputs, Map<String, Integer> sizes) {

  private static final Set<String> MAY_BE_EMPTY = Set.of("M", "L");

  /** What an input is to the objective. */
  public enum Kind {
    /** A matrix that receives a gradient; rows are normalised inside unless the class says not. */
    DIFFERENTIABLE,
    /** A matrix that receives a gradient and belongs to the objective: the learner trains it. */
    PARAMETER,
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
   * @param range the values it may hold
   */
  public record Input(
      String name, Kind kind, List<String> shape, boolean required, ValueRange range) {

    /** Whether d loss / d input is part of the result. */
    public boolean receivesGradient() {
      return kind == Kind.DIFFERENTIABLE || kind == Kind.PARAMETER;
    }

    /** The shape as it is written, {@code V x B x D}. */
    public String describe() {
      return String.join(" x ", shape);
    }

    /**
     * The dimensions for sizes of the symbols.
     *
     * @throws IllegalArgumentException if a symbol has no size
     */
    public int[] sizes(Map<String, Integer> symbols) {
      return dimensions().stream()
          .mapToInt(
              dimension -> {
                if (!dimension.symbol().isEmpty() && !symbols.containsKey(dimension.symbol())) {
                  throw new IllegalArgumentException(
                      "the size of '" + dimension.symbol() + "' in '" + name + "' is not known");
                }
                return dimension.size(symbols);
              })
          .toArray();
    }

    List<Dimension> dimensions() {
      return shape.stream().map(Dimension::parse).toList();
    }
  }

  public Signature {
    inputs = List.copyOf(inputs);
    sizes = new TreeMap<>(sizes);
  }

  /** Starts a declaration. */
  public static Builder of() {
    return new Builder();
  }

  public List<String> names() {
    return inputs.stream().map(Input::name).toList();
  }

  public Input input(String name) {
    for (Input input : inputs) {
      if (input.name().equals(name)) {
        return input;
      }
    }
    throw new IllegalArgumentException(
        "unknown input '" + name + "'" + Nearest.suggestion(name, names()));
  }

  /** Whether these names are a complete set of inputs: all known, none of the required missing. */
  public boolean accepts(Set<String> given) {
    return names().containsAll(given)
        && inputs.stream().allMatch(input -> !input.required() || given.contains(input.name()));
  }

  /**
   * Checks the given inputs and binds the symbols to their shapes.
   *
   * @return the value of each symbol
   * @throws IllegalArgumentException if an input is missing or unknown, two shapes disagree, or an
   *     index points outside its dimension; the message names input, expected and actual
   */
  public Map<String, Integer> bind(ObjectiveInputs given) {
    Map<String, int[]> shapes = given.shapes();
    shapes.keySet().forEach(this::input);
    Map<String, Integer> symbols = new LinkedHashMap<>();
    for (Input input : inputs) {
      int[] actual = shapes.get(input.name());
      if (actual != null) {
        bind(input, actual, symbols);
      } else if (input.required()) {
        throw new IllegalArgumentException(
            "input '" + input.name() + "' is missing, expected " + input.describe());
      }
    }
    for (Input input : inputs) {
      if (input.range().isIndex() && shapes.containsKey(input.name())) {
        checkIndices(input, given.integers(input.name()), symbols.get(input.range().symbol()));
      }
    }
    return symbols;
  }

  private static void bind(Input input, int[] actual, Map<String, Integer> symbols) {
    Map<String, Integer> before = new LinkedHashMap<>(symbols);
    List<Dimension> dimensions = input.dimensions();
    boolean fits = actual.length == dimensions.size();
    for (int i = 0; fits && i < actual.length; i++) {
      Dimension dimension = dimensions.get(i);
      fits =
          dimension.fits(actual[i], symbols)
              && (actual[i] > 0 || MAY_BE_EMPTY.contains(dimension.symbol()));
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "input '%s' has shape %s, expected %s%s"
              .formatted(
                  input.name(),
                  Arrays.toString(actual),
                  input.describe(),
                  before.isEmpty() ? " of at least one row" : " with " + before));
    }
  }

  private static void checkIndices(Input input, int[] values, int bound) {
    boolean none = input.range().kind() == ValueRange.Kind.INDEX_OR_NONE;
    for (int i = 0; i < values.length; i++) {
      if (values[i] < (none ? -1 : 0) || values[i] >= bound) {
        throw new IllegalArgumentException(
            "input '%s' holds %d at position %d, expected %san index below %s = %d"
                .formatted(
                    input.name(),
                    values[i],
                    i,
                    none ? "-1 or " : "",
                    input.range().symbol(),
                    bound));
      }
    }
  }

  /** Collects inputs. */
  public static final class Builder {
    private final List<Input> inputs = new ArrayList<>();
    private final Map<String, Integer> sizes = new TreeMap<>();

    private Builder() {}

    public Builder differentiable(String name, String... shape) {
      return add(name, Kind.DIFFERENTIABLE, true, ValueRange.any(), shape);
    }

    public Builder parameter(String name, ValueRange range, String... shape) {
      return add(name, Kind.PARAMETER, true, range, shape);
    }

    public Builder constant(String name, String... shape) {
      return add(name, Kind.CONSTANT, true, ValueRange.any(), shape);
    }

    public Builder integers(String name, ValueRange range, String... shape) {
      return add(name, Kind.INTEGERS, true, range, shape);
    }

    public Builder optional(String name, Kind kind, ValueRange range, String... shape) {
      return add(name, kind, false, range, shape);
    }

    public Builder add(
        String name, Kind kind, boolean required, ValueRange range, String... shape) {
      inputs.add(new Input(name, kind, List.of(shape), required, range));
      return this;
    }

    /** Size of a symbol that only the objective's own parameters have. */
    public Builder size(String symbol, int value) {
      sizes.put(symbol, value);
      return this;
    }

    public Signature build() {
      return new Signature(inputs, sizes);
    }
  }
}
