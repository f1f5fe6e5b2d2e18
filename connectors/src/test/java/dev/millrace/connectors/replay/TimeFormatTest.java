package dev.millrace.connectors.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeFormatTest {

  private static final long TIME = Instant.parse("2009-12-01T07:45:00Z").toEpochMilli();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2009-12-01 07:45:00",
        "2009-12-01T07:45",
        "2009-12-01T07:45:00Z",
        "2009-12-01 08:45:00+01:00",
        "2009-12-01T02:45:00.000-05:00",
        "1259653500",
        "1259653500.000",
        "1259653500000"
      })
  void everyCommonFormIsRecognised(String text) {
    assertThat(TimeFormat.of("auto").parse(text)).isEqualTo(TIME);
  }

  @Test
  void dateAloneIsItsMidnightInUtc() {
    assertThat(TimeFormat.auto().parse("2009-12-01"))
        .isEqualTo(Instant.parse("2009-12-01T00:00:00Z").toEpochMilli());
    assertThat(TimeFormat.of("dd.MM.yyyy").parse("01.12.2009"))
        .isEqualTo(Instant.parse("2009-12-01T00:00:00Z").toEpochMilli());
  }

  @Test
  void namedFormatsTakeNumbersForWhatTheyAreSaidToBe() {
    assertThat(TimeFormat.of("epoch-millis").parse("1500")).isEqualTo(1500);
    assertThat(TimeFormat.of("epoch-seconds").parse("1.5")).isEqualTo(1500);
    assertThat(TimeFormat.of("ISO-8601").parse("1970-01-01T00:00:01.5Z")).isEqualTo(1500);
  }

  @Test
  void patternIsInUtcUnlessItHasAZone() {
    assertThat(TimeFormat.of("d/M/yyyy H:mm").parse("1/12/2009 7:45")).isEqualTo(TIME);
    assertThat(TimeFormat.of("d/M/yyyy H:mm xxx").parse("1/12/2009 9:45 +02:00")).isEqualTo(TIME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2009-13-01", "1.2.3.4", "-", "2009-12-01 25:00:00"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> TimeFormat.auto().parse(text)).isInstanceOf(DateTimeException.class);
  }

  @Test
  void whatIsNoFormatIsRefusedWithTheFormatsThereAre() {
    assertThatThrownBy(() -> TimeFormat.of("epoch-minutes"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("epoch-seconds");
  }
}
