package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NtXentTest {

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void threePairsByHand() {
    assertThat(loss(0.5, A, B)).isCloseTo(0.736066, within(1e-6));
    assertThat(loss(1, A, B)).isCloseTo(1.098898, within(1e-6));
  }

  @Test
  void identicalRowsCostTheLogarithmOfTheOtherRows() {
    double[] same = new double[12];
    Arrays.fill(same, 1);
    assertThat(loss(0.1, same, same)).isCloseTo(Math.log(5), within(1e-12));
  }

  @Test
  void lengthOfARowDoesNotMatter() {
    double[] longer = Arrays.stream(A).map(x -> 1e3 * x).toArray();
    assertThat(loss(0.2, longer, B)).isCloseTo(loss(0.2, A, B), within(1e-12));
  }

  @Test
  void rowsOfOneIdAreNoNegatives() {
    LossAndGradient result =
        ObjectiveFacts.create(kernels, Objectives.NT_XENT, Map.of())
            .evaluate(
                new ObjectiveInputs()
                    .put("z1", ObjectiveFacts.rows(kernels, A))
                    .put("z2", ObjectiveFacts.rows(kernels, B))
                    .put("ids", new int[] {7, 7, 7}));
    assertThat(result.loss()).isZero();
    assertThat(ObjectiveFacts.values(kernels, result.gradient("z1"))).containsOnly(0);
  }

  private double loss(double tau, double[] z1, double[] z2) {
    return ObjectiveFacts.pair(kernels, Objectives.NT_XENT, Map.of("tau", tau), z1, z2).loss();
  }
}
