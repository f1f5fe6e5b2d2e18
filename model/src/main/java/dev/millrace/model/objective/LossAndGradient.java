package dev.millrace.model.objective;

import dev.millrace.model.kernel.Matrix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of an evaluation. Its matrices belong to the objective and live until the next call.
 */
public final class LossAndGradient {

  private final double loss;
  private final Map<String, Matrix> gradients = new LinkedHashMap<>();
  private final Map<String, Matrix> outputs = new LinkedHashMap<>();
  private final Map<String, Double> scalars = new LinkedHashMap<>();

  /** Starts a result with the mean loss over the batch. */
  public LossAndGradient(double loss) {
    this.loss = loss;
  }

  /** Adds d loss / d input, shaped as the input's matrix. */
  public LossAndGradient withGradient(String input, Matrix gradient) {
    gradients.put(input, gradient);
    return this;
  }

  /** Adds a further named array: row losses, weights, assignments. */
  public LossAndGradient withOutput(String name, Matrix output) {
    outputs.put(name, output);
    return this;
  }

  /** Adds a further named number: a term of the loss, a monitor. */
  public LossAndGradient withScalar(String name, double value) {
    scalars.put(name, value);
    return this;
  }

  public double loss() {
    return loss;
  }

  public Map<String, Matrix> gradients() {
    return Collections.unmodifiableMap(gradients);
  }

  public Map<String, Matrix> outputs() {
    return Collections.unmodifiableMap(outputs);
  }

  public Map<String, Double> scalars() {
    return Collections.unmodifiableMap(scalars);
  }

  public Matrix gradient(String input) {
    Matrix gradient = gradients.get(input);
    if (gradient == null) {
      throw new IllegalArgumentException(
          "no gradient for '" + input + "'" + Nearest.suggestion(input, gradients.keySet()));
    }
    return gradient;
  }
}
