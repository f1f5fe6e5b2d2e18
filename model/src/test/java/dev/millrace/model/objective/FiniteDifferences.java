package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Map;

/**
 * Compares gradients with five-point central differences, with up to three step sizes until one
 * agrees, at up to twelve entries of every differentiable input. Stop-gradients are replayed as
 * constants.
 */
final class FiniteDifferences {

  private static final double[] STEPS = {1e-3, 1e-2, 1e-4};
  private static final int ENTRIES = 12;
  private static final double TOLERANCE = 1e-7;

  private final Kernels kernels;
  private final Objective objective;
  private final SeededRandom random = new SeededRandom(20);

  FiniteDifferences(ContractSubject subject, Kernels kernels) {
    this.kernels = kernels;
    this.objective = subject.create(kernels);
  }

  void check(RandomBatch batch) {
    objective.stopGradient().record();
    Map<String, double[]> gradients =
        ContractSubject.evaluate(objective, kernels, batch).gradients();
    objective.stopGradient().replay();
    gradients.forEach(
        (name, gradient) -> {
          double largest = 1e-6;
          for (double value : gradient) {
            largest = Math.max(largest, Math.abs(value));
          }
          double allowed = TOLERANCE * largest;
          for (int n = 0; n < Math.min(ENTRIES, gradient.length); n++) {
            int index = gradient.length <= ENTRIES ? n : random.nextInt(gradient.length);
            assertThat(error(batch, name, index, gradient[index], allowed))
                .as("d loss / d %s[%d] = %s, relative error", name, index, gradient[index])
                .isLessThan(allowed);
          }
        });
    objective.stopGradient().off();
  }

  private double error(RandomBatch batch, String name, int index, double expected, double allowed) {
    double best = Double.POSITIVE_INFINITY;
    for (double step : STEPS) {
      double near = loss(batch, name, index, step) - loss(batch, name, index, -step);
      double far = loss(batch, name, index, 2 * step) - loss(batch, name, index, -2 * step);
      double difference = (8 * near - far) / (12 * step);
      best = Math.min(best, Math.abs(difference - expected));
      if (best < allowed) {
        break;
      }
    }
    return best;
  }

  private double loss(RandomBatch batch, String name, int index, double step) {
    return objective.evaluate(batch.shifted(name, index, step).inputs(kernels)).loss();
  }
}
