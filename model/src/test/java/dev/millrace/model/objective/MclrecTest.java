package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static dev.millrace.model.objective.ObjectiveFacts.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MclrecTest {

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void regulariserOfThreePairsByHand() {
    double[] a = unit(A);
    double[] b = unit(B);
    assertThat(evaluate(Map.of("regulariser", "row-wise"), a, b, A, B).scalars().get("regulariser"))
        .isCloseTo(3 * 1.138396, within(3e-6));
    assertThat(evaluate(Map.of("regulariser", "global"), a, b, A, B).scalars().get("regulariser"))
        .isCloseTo(0.897267, within(1e-6));
  }

  @Test
  void contrastWithAugmentersByHand() {
    double[] a = unit(A);
    double[] b = unit(B);
    double[] both = new double[a.length];
    Arrays.setAll(both, i -> a[i] + b[i]);
    assertThat(evaluate(Map.of(), a, b, C, both).scalars().get("lossCl2"))
        .isCloseTo(3.075048, within(1e-6));
  }

  @Test
  void contrastOfTheEncoderIsNtXentOfDotProducts() {
    LossAndGradient result = evaluate(Map.of("lambda", 1, "beta", 0), A, B, C, C);
    LossAndGradient expected =
        ObjectiveFacts.pair(
            kernels, Objectives.NT_XENT, Map.of("tau", 1, "normalize", false), A, B);
    assertThat(result.loss()).isCloseTo(expected.loss(), within(1e-12));
    double[] gradient = ObjectiveFacts.values(kernels, expected.gradient("z2"));
    assertThat(ObjectiveFacts.values(kernels, result.gradient("h2")))
        .containsExactly(gradient, within(1e-12));
    assertThat(ObjectiveFacts.values(kernels, result.gradient("a1"))).containsOnly(0);
  }

  @Test
  void positivesAboveTheBandAreDrawnDown() {
    // Positives of 1 and 2 above negatives of 0: the band is from 0 to the positive.
    double[] apart = {2, 0, 0, 0, 0, 2, 0, 0};
    for (String regulariser : new String[] {"row-wise", "global"}) {
      Map<String, ?> alone = Map.of("lambda", 0, "beta", 1, "regulariser", regulariser, "gamma", 1);
      LossAndGradient with = evaluate(alone, apart, apart, apart, apart);
      double expected = regulariser.equals("global") ? 2 : 2 + 2 * 4;
      assertThat(with.scalars().get("regulariser")).isCloseTo(expected, within(1e-12));
      assertThat(with.loss()).isCloseTo(with.scalars().get("lossCl2") + expected, within(1e-12));
    }
  }

  @Test
  void batchOfOneCostsNothing() {
    double[] one = Arrays.copyOf(A, 4);
    LossAndGradient result = evaluate(Map.of("lambda", 1), one, one, one, one);
    assertThat(result.loss()).isZero();
    for (Matrix gradient : result.gradients().values()) {
      assertThat(ObjectiveFacts.values(kernels, gradient)).containsOnly(0);
    }
  }

  @Test
  void augmentersThatCopyGiveWhatTheirOutputsGive() {
    // Far to the right GELU is the identity: shifted there and back, rows pass unchanged.
    double[] identity = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
    double[] right = {100, 100, 100, 100};
    double[] left = {-200, -200, -200, -200};
    ObjectiveInputs inputs = new ObjectiveInputs();
    inputs.put("h1", ObjectiveFacts.rows(kernels, A)).put("h2", ObjectiveFacts.rows(kernels, B));
    for (String name : new String[] {"aug1", "aug2"}) {
      for (int layer = 1; layer <= 3; layer++) {
        Matrix bias = kernels.of(1, 4, layer == 3 ? left : right);
        inputs.put(name + ".w" + layer, kernels.of(4, 4, identity));
        inputs.put(name + ".b" + layer, bias, 4);
      }
    }
    LossAndGradient result =
        Objectives.MCLREC
            .create(kernels, ObjectiveParameters.defaults(), inputs.shapes().keySet())
            .evaluate(inputs);
    LossAndGradient expected = evaluate(Map.of(), A, B, A, B);
    assertThat(result.loss()).isCloseTo(expected.loss(), within(1e-10));
    double[] throughBoth = ObjectiveFacts.values(kernels, expected.gradient("h1"));
    double[] ofOutput = ObjectiveFacts.values(kernels, expected.gradient("a1"));
    for (int i = 0; i < throughBoth.length; i++) {
      throughBoth[i] += ofOutput[i];
    }
    assertThat(ObjectiveFacts.values(kernels, result.gradient("h1")))
        .containsExactly(throughBoth, within(1e-10));
  }

  private LossAndGradient evaluate(
      Map<String, ?> parameters, double[] h1, double[] h2, double[] a1, double[] a2) {
    return ObjectiveFacts.create(kernels, Objectives.MCLREC, parameters)
        .evaluate(
            new ObjectiveInputs()
                .put("h1", ObjectiveFacts.rows(kernels, h1))
                .put("h2", ObjectiveFacts.rows(kernels, h2))
                .put("a1", ObjectiveFacts.rows(kernels, a1))
                .put("a2", ObjectiveFacts.rows(kernels, a2)));
  }

  private static double[] unit(double[] rows) {
    double[] unit = rows.clone();
    for (int from = 0; from < unit.length; from += 4) {
      double squares = 0;
      for (int j = from; j < from + 4; j++) {
        squares += rows[j] * rows[j];
      }
      for (int j = from; j < from + 4; j++) {
        unit[j] /= Math.sqrt(squares);
      }
    }
    return unit;
  }
}
