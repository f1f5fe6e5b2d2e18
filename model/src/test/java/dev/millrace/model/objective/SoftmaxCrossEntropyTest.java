package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SoftmaxCrossEntropyTest {

  private final Kernels kernels = ObjectiveFacts.exact();
  private final Objective objective =
      ObjectiveFacts.create(kernels, Objectives.SOFTMAX_CE, Map.of());

  @Test
  void indifferentModelCostsTheLogarithmOfTheNumberOfItems() {
    assertThat(objective.evaluate(inputs(new double[28])).loss())
        .isCloseTo(Math.log(7), within(1e-14));
  }

  @Test
  void biasOfAnIndifferentModelIsItsPrediction() {
    double[] prior = {.5, .1, .1, .1, .1, .05, .05};
    ObjectiveInputs inputs = inputs(new double[28]);
    inputs.put("bias", kernels.of(1, 7, Arrays.stream(prior).map(Math::log).toArray()), 7);
    assertThat(objective.evaluate(inputs).loss())
        .isCloseTo(-(Math.log(.5) + Math.log(.1) + Math.log(.05)) / 3, within(1e-14));
  }

  @Test
  void gradientsOfAllItemsCancelAlongEveryFeature() {
    double[] items = new double[28];
    Arrays.setAll(items, i -> Math.sin(i));
    LossAndGradient result = objective.evaluate(inputs(items));
    double[] gradient = ObjectiveFacts.values(kernels, result.gradient("items"));
    for (int feature = 0; feature < 4; feature++) {
      double sum = 0;
      for (int i = feature; i < gradient.length; i += 4) {
        sum += gradient[i];
      }
      assertThat(sum).isCloseTo(0, within(1e-14));
    }
  }

  private ObjectiveInputs inputs(double[] items) {
    return new ObjectiveInputs()
        .put("h", ObjectiveFacts.rows(kernels, A))
        .put("items", ObjectiveFacts.rows(kernels, items))
        .put("targets", new int[] {0, 2, 6});
  }
}
