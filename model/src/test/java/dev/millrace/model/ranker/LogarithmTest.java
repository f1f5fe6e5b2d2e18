package dev.millrace.model.ranker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogarithmTest {

  @Test
  void agreesWithTheLibrary() {
    assertThat(Logarithm.of(1)).isZero();
    for (float x = 1e-30f; x < 1e30f; x *= 1.0007f) {
      double expected = Math.log(x);
      assertThat((double) Logarithm.of(x))
          .as("log %s", x)
          .isCloseTo(expected, within(2e-6 + 2e-7 * Math.abs(expected)));
    }
  }
}
