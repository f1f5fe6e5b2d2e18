package dev.millrace.connectors.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PacerTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void originalSpeedTimesTenWaitsATenthOfTheTimeBetweenEvents() {
    Pacer pacer = new Pacer(new Pace.Speed(10));
    assertThat(pacer.delayNanos(0, 50_000, 7 * SECOND)).isZero();
    assertThat(pacer.delayNanos(1, 60_000, 7 * SECOND)).isEqualTo(SECOND);
    assertThat(pacer.delayNanos(1, 60_000, 7 * SECOND + SECOND / 4)).isEqualTo(3 * SECOND / 4);
    assertThat(pacer.delayNanos(1, 60_000, 8 * SECOND)).isZero();
  }

  @Test
  void eventFromBeforeTheFirstOneIsDueAtOnce() {
    Pacer pacer = new Pacer(new Pace.Speed(1));
    assertThat(pacer.delayNanos(0, 50_000, 0)).isZero();
    assertThat(pacer.delayNanos(1, 10_000, 0)).isZero();
  }

  @Test
  void rateSpreadsRecordsEvenlyAndMakesUpForLostTime() {
    Pacer pacer = new Pacer(new Pace.Rate(4));
    assertThat(pacer.delayNanos(0, 0, 0)).isZero();
    assertThat(pacer.delayNanos(1, 0, 0)).isEqualTo(SECOND / 4);
    assertThat(pacer.delayNanos(2, 0, 2 * SECOND)).isZero();
    assertThat(pacer.delayNanos(9, 0, 2 * SECOND)).isEqualTo(SECOND / 4);
  }

  @Test
  void unlimitedNeverWaits() {
    Pacer pacer = new Pacer(new Pace.Unlimited());
    assertThat(pacer.delayNanos(0, 0, 0)).isZero();
    assertThat(pacer.delayNanos(1_000_000, 1_000_000_000, 0)).isZero();
  }

  @Test
  void paceThatIsNotPositiveIsRefused() {
    assertThatThrownBy(() -> new Pace.Speed(0)).hasMessageContaining("speed must be a positive");
    assertThatThrownBy(() -> new Pace.Rate(Double.NaN)).hasMessageContaining("rate must be");
  }
}
