package dev.millrace.model.objective;

import dev.millrace.model.kernel.Matrix;
import java.util.LinkedHashMap;
import java.util.Map;

/** The named inputs of one evaluation. Reused from batch to batch: {@link #put} replaces. */
public final class ObjectiveInputs {

  /** A matrix with its declared dimensions; their product is rows times columns. */
  private record Entry(Matrix matrix, int[] integers, int[] shape) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** A matrix whose dimensions are its rows and columns. */
  public ObjectiveInputs put(String name, Matrix matrix) {
    entries.put(name, new Entry(matrix, null, new int[] {matrix.rows(), matrix.columns()}));
    return this;
  }

  /** A matrix that stands for an array of other dimensions, such as {@code V x B x D}. */
  public ObjectiveInputs put(String name, Matrix matrix, int... shape) {
    entries.put(name, new Entry(matrix, null, shape.clone()));
    return this;
  }

  /** Integers in one dimension. */
  public ObjectiveInputs put(String name, int[] values) {
    entries.put(name, new Entry(null, values, new int[] {values.length}));
    return this;
  }

  /** Integers of several dimensions, row-major. */
  public ObjectiveInputs put(String name, int[] values, int... shape) {
    entries.put(name, new Entry(null, values, shape.clone()));
    return this;
  }

  public boolean has(String name) {
    return entries.containsKey(name);
  }

  public Matrix matrix(String name) {
    Entry entry = entry(name);
    if (entry.matrix() == null) {
      throw new IllegalArgumentException("input '" + name + "' holds integers, not a matrix");
    }
    return entry.matrix();
  }

  public int[] integers(String name) {
    Entry entry = entry(name);
    if (entry.integers() == null) {
      throw new IllegalArgumentException("input '" + name + "' is a matrix, not integers");
    }
    return entry.integers();
  }

  /** Dimensions of every input, for {@link Signature#bind}. */
  public Map<String, int[]> shapes() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    entries.forEach((name, entry) -> shapes.put(name, entry.shape()));
    return shapes;
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "input '" + name + "' is missing; given are " + entries.keySet());
    }
    return entry;
  }
}
