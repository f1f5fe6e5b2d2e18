package dev.millrace.model.objective;

import dev.millrace.model.kernel.Matrix;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of an evaluation. Its matrices belong to the objective and live until the next call.
 *
 * @param loss mean over the batch
 * @param gradients d loss / d input by the input's name, shaped as the input's matrix
 * @param outputs further named quantities: row losses, weights, monitors
 */
public record LossAndGradient(
    double loss, Map<String, Matrix> gradients, Map<String, Matrix> outputs) {

  /** A result without further outputs. */
  public static LossAndGradient of(double loss, Map<String, Matrix> gradients) {
    return new LossAndGradient(loss, gradients, new LinkedHashMap<>());
  }

  public Matrix gradient(String input) {
    Matrix gradient = gradients.get(input);
    if (gradient == null) {
      throw new IllegalArgumentException(
          "no gradient for '" + input + "'; there are " + gradients.keySet());
    }
    return gradient;
  }
}
