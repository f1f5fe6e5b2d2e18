package dev.millrace.model.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EarlyStoppingTest {

  @Test
  void endsAfterAsManyPassesWithoutABetterFigureAsPatienceHas() {
    EarlyStopping stopping = new EarlyStopping(2);
    assertThat(stopping.isBest(0.1)).isTrue();
    assertThat(stopping.isBest(0.3)).isTrue();
    assertThat(stopping.isBest(0.3)).isFalse();
    assertThat(stopping.isOver()).isFalse();
    assertThat(stopping.isBest(0.2)).isFalse();
    assertThat(stopping.isOver()).isTrue();
    assertThat(stopping.bestPass()).isEqualTo(2);
    assertThat(stopping.best()).isEqualTo(0.3);
  }
}
