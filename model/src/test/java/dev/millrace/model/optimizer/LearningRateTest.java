package dev.millrace.model.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {

  @Test
  void aConstantRateStays() {
    LearningRate rate = LearningRate.constant(0.01);
    assertThat(rate.at(1)).isEqualTo(0.01);
    assertThat(rate.at(1_000_000_000_000L)).isEqualTo(0.01);
  }

  @Test
  void warmUpRisesInAStraightLineAndStays() {
    LearningRate rate = LearningRate.warmUp(1.0, 4);
    assertThat(rate.at(1)).isEqualTo(0.25);
    assertThat(rate.at(3)).isEqualTo(0.75);
    assertThat(rate.at(4)).isEqualTo(1.0);
    assertThat(rate.at(400)).isEqualTo(1.0);
  }

  @Test
  void cosineFallsFromTheHighestToTheLastRateAndStays() {
    LearningRate rate = LearningRate.cosine(1.0, 0.2, 10, 110);
    assertThat(rate.at(5)).isEqualTo(0.5);
    assertThat(rate.at(10)).isEqualTo(1.0);
    assertThat(rate.at(60)).isCloseTo(0.6, within(1e-12));
    assertThat(rate.at(110)).isCloseTo(0.2, within(1e-12));
    assertThat(rate.at(100_000)).isCloseTo(0.2, within(1e-12));
    for (long step = 10; step < 110; step++) {
      assertThat(rate.at(step + 1)).isLessThan(rate.at(step));
    }
  }

  @Test
  void impossibleSchedulesAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> LearningRate.constant(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> LearningRate.constant(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> LearningRate.warmUp(1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LearningRate.cosine(1, 0, 10, 10))
        .withMessageContaining("more steps than its warm-up");
  }
}
