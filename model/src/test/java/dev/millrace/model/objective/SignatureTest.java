package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SignatureTest {

  private static final Signature SIGNATURE =
      Signature.of()
          .integers("labels", ValueRange.index("K"), "B")
          .integers("pairs", ValueRange.mask(), "12B", "2")
          .integers("bank", ValueRange.ids(), "M", "K")
          .optional("extra", Signature.Kind.INTEGERS, ValueRange.ids(), "B")
          .build();

  private static ObjectiveInputs inputs(int[] labels, int pairs, int bank) {
    return new ObjectiveInputs()
        .put("labels", labels)
        .put("pairs", new int[2 * pairs], pairs, 2)
        .put("bank", new int[3 * bank], bank, 3);
  }

  @Test
  void symbolsAreBoundThroughFactors() {
    assertThat(SIGNATURE.bind(inputs(new int[] {0, 2}, 24, 5)))
        .containsEntry("B", 2)
        .containsEntry("M", 5)
        .containsEntry("K", 3);
  }

  @Test
  void bankMayBeEmptyButTheBatchMayNot() {
    assertThat(SIGNATURE.bind(inputs(new int[] {0, 2}, 24, 0))).containsEntry("M", 0);
    assertThatThrownBy(() -> SIGNATURE.bind(inputs(new int[0], 0, 5)))
        .hasMessage("input 'labels' has shape [0], expected B of at least one row");
  }

  @Test
  void disagreementNamesInputExpectedAndActual() {
    assertThatThrownBy(() -> SIGNATURE.bind(inputs(new int[] {0, 2}, 36, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input 'pairs' has shape [36, 2], expected 12B x 2 with {B=2}");
  }

  @Test
  void indexOutsideItsDimensionIsRefused() {
    assertThatThrownBy(() -> SIGNATURE.bind(inputs(new int[] {0, 3}, 24, 5)))
        .hasMessage("input 'labels' holds 3 at position 1, expected an index below K = 3");
  }

  @Test
  void acceptsExactlyCompleteSetsOfKnownInputs() {
    assertThat(SIGNATURE.accepts(Set.of("labels", "pairs", "bank"))).isTrue();
    assertThat(SIGNATURE.accepts(Set.of("labels", "pairs", "bank", "extra"))).isTrue();
    assertThat(SIGNATURE.accepts(Set.of("labels", "pairs"))).isFalse();
    assertThat(SIGNATURE.accepts(Set.of("labels", "pairs", "bank", "other"))).isFalse();
  }
}
