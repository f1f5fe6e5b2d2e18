package dev.millrace.model.learner;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.Signature;
import dev.millrace.model.objective.ValueRange;
import dev.millrace.model.optimizer.Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weights that an objective has itself (prototypes, a temperature network, augmenters), trained
 * with the model.
 *
 * <p>Matrices start as normal draws of variance 1 over their columns, vectors at zero, scales of a
 * normalisation at one. Prototypes and whatever else has unit rows are brought back to them before
 * each use.
 */
final class ObjectiveWeights {

  private static final long STREAM = 0x0b9ec71fL;

  private final Kernels kernels;
  private final Parameters parameters;
  private final Map<String, Integer> sizes;
  private final Map<String, int[]> shapes = new HashMap<>();
  private final Map<String, RowBuffer> unitRows = new TreeMap<>();
  private final RowBuffer norms;

  /**
   * Weights of a feed, possibly none.
   *
   * @param given sizes of symbols, which the objective's own sizes take precedence over: D
   *     features, K prototypes, C classes of labels
   */
  ObjectiveWeights(Kernels kernels, long seed, Map<String, Integer> given, ObjectiveFeed feed) {
    this.kernels = kernels;
    this.norms = new RowBuffer(kernels, 1);
    List<Signature.Input> inputs = feed.weights();
    sizes = new HashMap<>(given);
    sizes.putAll(feed.sizes());
    Parameters.Builder builder = Parameters.of(kernels);
    for (Signature.Input input : inputs) {
      int[] shape = input.sizes(sizes);
      shapes.put(input.name(), shape);
      int columns = shape[shape.length - 1];
      int rows = 1;
      for (int i = 0; i < shape.length - 1; i++) {
        rows *= shape[i];
      }
      if (shape.length == 1 && input.name().endsWith("Weight")) {
        builder.ones(input.name(), rows, columns);
      } else if (shape.length == 1) {
        builder.zeros(input.name(), rows, columns);
      } else {
        builder.normal(input.name(), rows, columns, 1 / Math.sqrt(columns));
      }
      if (input.range().kind() == ValueRange.Kind.UNIT_ROWS) {
        unitRows.put(input.name(), new RowBuffer(kernels, columns));
      }
    }
    parameters =
        inputs.isEmpty() ? null : builder.build(new SeededRandom(SeededRandom.mix(seed ^ STREAM)));
  }

  /** The weights, or null where the objective has none. */
  Parameters parameters() {
    return parameters;
  }

  /** What a symbol of the signature stands for. */
  int size(String symbol) {
    return sizes.get(symbol);
  }

  void normaliseUnitRows() {
    unitRows.forEach(
        (name, buffer) -> {
          Matrix value = parameters.value(name);
          Matrix unit = buffer.rows(value.rows());
          kernels.normalizeRows(value, unit, norms.rows(value.rows()));
          kernels.copy(unit, value);
        });
  }

  void putInto(ObjectiveInputs inputs, Signature.Input input) {
    inputs.put(input.name(), parameters.value(input.name()), shapes.get(input.name()));
  }

  void addGradient(String name, double factor, Matrix gradient) {
    kernels.addInPlace(parameters.gradient(name), factor, gradient);
  }
}
