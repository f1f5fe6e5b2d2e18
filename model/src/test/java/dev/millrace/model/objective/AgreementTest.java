package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementTest {

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void threeObjectsAsTwoCropsOfSwav() {
    LossAndGradient result = balanced(A, B);
    assertThat(result.loss()).isCloseTo(0.514453, within(1e-6));
    double[] both = new double[24];
    System.arraycopy(A, 0, both, 0, 12);
    System.arraycopy(B, 0, both, 12, 12);
    LossAndGradient swav =
        ObjectiveFacts.create(kernels, Objectives.SWAV, Map.of())
            .evaluate(
                new ObjectiveInputs()
                    .put("z", ObjectiveFacts.rows(kernels, both))
                    .put("prototypes", prototypes()));
    double[] expected = ObjectiveFacts.values(kernels, swav.gradient("z"));
    double[] image = ObjectiveFacts.values(kernels, result.gradient("image"));
    double[] sequence = ObjectiveFacts.values(kernels, result.gradient("sequence"));
    for (int i = 0; i < 12; i++) {
      assertThat(image[i]).isCloseTo(expected[i], within(1e-15));
      assertThat(sequence[i]).isCloseTo(expected[12 + i], within(1e-15));
    }
  }

  @Test
  void exchangingTheTowersExchangesTheTerms() {
    LossAndGradient there = balanced(A, B);
    LossAndGradient back = balanced(B, A);
    double sequenceTerm = there.scalars().get("sequenceTerm");
    assertThat(back.scalars().get("imageTerm")).isCloseTo(sequenceTerm, within(1e-14));
    assertThat(there.scalars().get("imageTerm")).isNotCloseTo(sequenceTerm, within(1e-6));
    assertThat(back.loss()).isCloseTo(there.loss(), within(1e-14));
  }

  @Test
  void sayingTheSameOfEverythingIsNotFree() {
    double[] same = new double[12];
    for (int i = 0; i < 12; i++) {
      same[i] = A[i % 4];
    }
    assertThat(balanced(same, same).loss()).isGreaterThan(balanced(A, A).loss() + 0.5);
  }

  @Test
  void squaredDifferenceOfOppositeOneHotPredictionsIsOne() {
    LossAndGradient result =
        squared(2, new double[] {1e4, 0, 0, 1e4}, new double[] {0, 1e4, 1e4, 0});
    assertThat(result.loss()).isEqualTo(1);
    assertThat(ObjectiveFacts.values(kernels, result.gradient("logits1")))
        .containsExactly(new double[4], within(1e-300));
  }

  @Test
  void squaredDifferenceByHandAndWithLogitsShifted() {
    double l = Math.log(3);
    // Predictions (3/4, 1/4) and (1/2, 1/2).
    LossAndGradient result = squared(2, new double[] {l, 0}, new double[] {7, 7});
    assertThat(result.loss()).isCloseTo(1.0 / 16, within(1e-15));
    assertThat(ObjectiveFacts.values(kernels, result.gradient("logits1")))
        .containsExactly(new double[] {3.0 / 32, -3.0 / 32}, within(1e-15));
    assertThat(ObjectiveFacts.values(kernels, result.gradient("logits2")))
        .containsExactly(new double[] {-1.0 / 8, 1.0 / 8}, within(1e-15));
    assertThat(squared(2, new double[] {l - 50, -50}, new double[] {0, 0}).loss())
        .isCloseTo(1.0 / 16, within(1e-14));
  }

  @Test
  void squaredDifferenceOfOneClassIsNothing() {
    assertThat(squared(1, new double[] {3, -2}, new double[] {0, 9}).loss()).isZero();
  }

  private Matrix prototypes() {
    Matrix raw = ObjectiveFacts.rows(kernels, 1, 0, 0, 0, 0, 1, 0, -1, 0, 0, 1, 1, 1, 1, 0, 0);
    return new UnitRows(kernels).forward(raw);
  }

  private LossAndGradient balanced(double[] image, double[] sequence) {
    return ObjectiveFacts.create(kernels, Objectives.AGREEMENT, Map.of())
        .evaluate(
            new ObjectiveInputs()
                .put("image", ObjectiveFacts.rows(kernels, image))
                .put("sequence", ObjectiveFacts.rows(kernels, sequence))
                .put("prototypes", prototypes()));
  }

  private LossAndGradient squared(int classes, double[] first, double[] second) {
    return ObjectiveFacts.create(kernels, Objectives.AGREEMENT, Map.of("variant", "squared"))
        .evaluate(
            new ObjectiveInputs()
                .put("logits1", kernels.of(first.length / classes, classes, first))
                .put("logits2", kernels.of(second.length / classes, classes, second)));
  }
}
