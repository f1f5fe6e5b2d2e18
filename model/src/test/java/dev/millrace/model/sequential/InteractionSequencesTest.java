package dev.millrace.model.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InteractionSequencesTest {

  @Test
  void itemsAreNumberedByValueWhateverTheOrderOfLines() {
    InteractionSequences data = Sequences.of("b 10 9 x", "", "a  2\t10 9 ");
    assertThat(data.users()).isEqualTo(2);
    assertThat(data.items()).isEqualTo(4);
    assertThat(data.interactions()).isEqualTo(6);
    assertThat(data.sequence(0)).containsExactly(3, 2, 4);
    assertThat(data.sequence(1)).containsExactly(1, 3, 2);
    assertThat(data.name(4)).isEqualTo("x");
  }

  @Test
  void lineThatIsTooShortIsNamedByItsNumber() {
    assertThatThrownBy(() -> Sequences.of("a 1 2 3", "", "b 4 5"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 3: user 'b' has 2 items")
        .hasMessageContaining("at least 3");
  }

  @Test
  void secondLineOfAUserIsNamedByItsNumber() {
    assertThatThrownBy(() -> Sequences.of("a 1 2 3", "a 4 5 6"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2: user 'a' has a line already");
  }

  @Test
  void fileWithoutLinesIsRefused() {
    assertThatThrownBy(() -> Sequences.of("", "  "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no sequences");
  }
}
