package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MutualInformationTest {

  @Test
  void renamedLabelsAgreeWholly() {
    assertThat(nmi(new int[] {0, 0, 1, 1, 2}, new int[] {7, 7, 0, 0, 3}))
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void independentLabelsHaveNothingInCommon() {
    assertThat(nmi(new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1})).isCloseTo(0, within(1e-12));
  }

  @Test
  void aSplitClassByHand() {
    // I = H(A) = log 2, H(B) = 1.5 log 2: 2 / 2.5.
    assertThat(nmi(new int[] {0, 0, 1, 1}, new int[] {0, 0, 1, 2})).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void oneLabelKnowsNothingOfManyAndEverythingOfOne() {
    assertThat(nmi(new int[] {0, 0, 0}, new int[] {0, 1, 2})).isCloseTo(0, within(1e-12));
    assertThat(nmi(new int[] {4, 4}, new int[] {0, 0})).isEqualTo(1);
  }

  @Test
  void itIsSymmetric() {
    int[] first = {0, 1, 1, 2, 2, 2};
    int[] second = {1, 1, 0, 0, 0, 2};

    assertThat(nmi(first, second)).isCloseTo(nmi(second, first), within(1e-12));
  }

  @Test
  void refusesNothingAndNegativeLabels() {
    assertThatThrownBy(() -> nmi(new int[0], new int[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> nmi(new int[] {-1}, new int[] {0})).hasMessageContaining("begin at 0");
  }

  private static double nmi(int[] first, int[] second) {
    return MutualInformation.normalized(first, second);
  }
}
