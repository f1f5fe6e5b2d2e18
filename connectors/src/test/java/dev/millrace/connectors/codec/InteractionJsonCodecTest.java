package dev.millrace.connectors.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InteractionJsonCodecTest {

  private static final SourcePosition POSITION = new SourcePosition("interactions", 1, 7);
  private static final long TIME = Instant.parse("2010-12-01T08:26:00Z").toEpochMilli();

  private final InteractionJsonCodec codec = new InteractionJsonCodec(InteractionFields.DEFAULT);

  @Test
  void readsAllFieldsAndPassesOverUnknownOnes() throws DecodeException {
    Interaction interaction =
        decode(
            """
            {"x": {"user": [1, {}]}, "user": "ada", "item": 85123, "type": "purchase",
             "time": 1291191960000, "weight": 2.5, "category": "lamps", "y": null}
            """);

    assertThat(interaction)
        .isEqualTo(new Interaction("ada", "85123", "purchase", TIME, 2.5f, "lamps", POSITION, 99));
  }

  @Test
  void leavesOutWhatIsUsual() {
    Interaction interaction = new Interaction("17850", "é", "", TIME, 1, "", POSITION, 99);

    assertThat(new String(codec.encode(interaction), StandardCharsets.UTF_8))
        .isEqualTo("{\"user\":\"17850\",\"item\":\"é\",\"time\":1291191960000}");
  }

  @Test
  void writesFieldsInOneOrder() {
    Interaction interaction = new Interaction("u", "i", "view", TIME, 0.1f, "c", POSITION, 99);

    assertThat(new String(codec.encode(interaction), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"user\":\"u\",\"item\":\"i\",\"type\":\"view\",\"time\":1291191960000,"
                + "\"weight\":0.1,\"category\":\"c\"}");
  }

  @Test
  void whatIsWrittenReadsBackEqual() throws DecodeException {
    String longId = "\"\\\n\u0001😀".repeat(20_000);
    Interaction interaction =
        new Interaction("u", longId, "t", TIME, Float.MIN_VALUE, "c", POSITION, 99);

    assertThat(codec.decode(codec.encode(interaction), POSITION, 99)).isEqualTo(interaction);
  }

  @Test
  void fieldsMayHaveOtherNames() throws DecodeException {
    InteractionJsonCodec renamed =
        new InteractionJsonCodec(
            new InteractionFields("CustomerID", "StockCode", "t", "InvoiceDate", "w", "c"));
    byte[] value =
        "{\"CustomerID\":17850,\"StockCode\":\"85123A\",\"InvoiceDate\":\"2010-12-01T08:26:00Z\",\"user\":[]}"
            .getBytes(StandardCharsets.UTF_8);

    Interaction interaction = renamed.decode(value, POSITION, 99);

    assertThat(interaction.user()).isEqualTo("17850");
    assertThat(interaction.item()).isEqualTo("85123A");
    assertThat(interaction.eventTime()).isEqualTo(TIME);
  }

  @ParameterizedTest
  @CsvSource({
    "1291191960000",
    "'\"2010-12-01T08:26:00Z\"'",
    "'\"2010-12-01T08:26Z\"'",
    "'\"2010-12-01T09:26:00.000999+01:00\"'",
    "'\"2010-12-01T09:26:00+01:00[Europe/Paris]\"'"
  })
  void aTimeIsAnInstantInMillisecondsOrWithItsZone(String time) throws DecodeException {
    assertThat(decode("{\"user\":1,\"item\":2,\"time\":" + time + "}").eventTime()).isEqualTo(TIME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"user\":1,\"item\":2,\"time\":1291191960000 | TruncatedJson",
        "{\"user\":1,\"item\":\"2 | TruncatedJson",
        "{ | TruncatedJson",
        "{\"user\":1,\"item\":2,\"time\":12911919 | TruncatedJson",
        "{\"user\":true,\"item\":2,\"time\": | TruncatedJson",
        "{\"a\":[{\"b\": | TruncatedJson",
        "{\"user\":1,\"item\":2,\"time\":1291191960000}} | TrailingContent",
        "{\"user\":1,\"item\":2,\"time\":1291191960000} {} | TrailingContent",
        "{user:1} | MalformedJson",
        "{\"user\":1,} | MalformedJson",
        "hello | MalformedJson",
        "[1] | NotAnObject",
        "12 | NotAnObject",
        "null | NotAnObject",
        "\"user\" | NotAnObject",
        "{\"item\":2,\"time\":1291191960000} | MissingField",
        "{\"user\":null,\"item\":2,\"time\":1291191960000} | MissingField",
        "{\"user\":\"\",\"item\":2,\"time\":1291191960000} | MissingField",
        "{\"user\":1,\"time\":1291191960000} | MissingField",
        "{\"user\":1,\"item\":2} | MissingField",
        "{} | MissingField",
        "{\"user\":1.5,\"item\":2,\"time\":1291191960000} | WrongType",
        "{\"user\":true,\"item\":2,\"time\":1291191960000} | WrongType",
        "{\"user\":{},\"item\":2,\"time\":1291191960000} | WrongType",
        "{\"user\":1,\"item\":[2],\"time\":1291191960000} | WrongType",
        "{\"user\":1,\"item\":2,\"time\":1.29119196E12} | WrongType",
        "{\"user\":1,\"item\":2,\"time\":false} | WrongType",
        "{\"user\":1,\"item\":2,\"type\":3,\"time\":1291191960000} | WrongType",
        "{\"user\":1,\"item\":2,\"time\":1291191960000,\"weight\":\"2\"} | WrongType",
        "{\"user\":1,\"item\":2,\"time\":\"yesterday\"} | InvalidTime",
        "{\"user\":1,\"item\":2,\"time\":\"2010-12-01T08:26:00\"} | InvalidTime",
        "{\"user\":1,\"item\":2,\"time\":\"\"} | InvalidTime",
        "{\"user\":1,\"item\":2,\"time\":1291191960} | TimeOutOfRange",
        "{\"user\":1,\"item\":2,\"time\":-1} | TimeOutOfRange",
        "{\"user\":1,\"item\":2,\"time\":4102444800001} | TimeOutOfRange",
        "{\"user\":1,\"item\":2,\"time\":99999999999999999999} | TimeOutOfRange",
        "{\"user\":1,\"item\":2,\"time\":\"+999999999-01-01T00:00:00Z\"} | TimeOutOfRange",
        "{\"user\":1,\"item\":2,\"time\":\"-999999999-01-01T00:00:00Z\"} | TimeOutOfRange",
        "{\"user\":1,\"item\":2,\"time\":1291191960000,\"weight\":0} | InvalidWeight",
        "{\"user\":1,\"item\":2,\"time\":1291191960000,\"weight\":-1} | InvalidWeight",
        "{\"user\":1,\"item\":2,\"time\":1291191960000,\"weight\":1e39} | InvalidWeight",
        "{\"user\":1,\"item\":2,\"time\":1291191960000,\"weight\":1e-50} | InvalidWeight",
        "{\"user\":1,\"user\":1,\"item\":2,\"time\":1291191960000} | DuplicateField",
        "{\"z\":1,\"user\":1,\"item\":2,\"z\":2,\"time\":1291191960000} | DuplicateField",
        "{\"user\":\"\\ud800\",\"item\":2,\"time\":1291191960000} | InvalidUtf8",
      })
  void eachFlawHasItsName(String json, String errorClass) {
    assertThatThrownBy(() -> decode(json))
        .isInstanceOfSatisfying(
            DecodeException.class,
            e -> assertThat(e.errorClass()).as(e.getMessage()).isEqualTo(errorClass));
  }

  @Test
  void aTombstoneAnEmptyValueAndWhiteSpaceHaveTheirNames() {
    assertFault(null, DecodeFault.TOMBSTONE);
    assertFault(new byte[0], DecodeFault.EMPTY_VALUE);
    assertFault(bytes(" \n\t"), DecodeFault.EMPTY_VALUE);
  }

  @Test
  void aValueOfTheLargestSizeIsReadAndOneByteMoreIsNot() throws DecodeException {
    String json = "{\"user\":1,\"item\":2,\"time\":1291191960000}";
    byte[] largest = bytes(json + " ".repeat((1 << 20) - json.length()));

    assertThat(codec.decode(largest, POSITION, 0).user()).isEqualTo("1");
    assertFault(Arrays.copyOf(largest, largest.length + 1), DecodeFault.VALUE_TOO_LARGE);
  }

  @Test
  void bytesThatAreNotUtf8AreNotReadAsSomethingElse() {
    byte[] latin1 =
        "{\"user\":\"é\",\"item\":2,\"time\":1291191960000}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] overlong = bytes("{\"user\":\"??\",\"item\":2,\"time\":1291191960000}");
    overlong[9] = (byte) 0xC0;
    overlong[10] = (byte) 0xAF;

    assertFault(latin1, DecodeFault.INVALID_UTF8);
    assertFault(overlong, DecodeFault.INVALID_UTF8);
    assertFault(
        "{\"user\":1,\"item\":2,\"time\":1291191960000}".getBytes(StandardCharsets.UTF_16LE),
        DecodeFault.MALFORMED_JSON);
  }

  @Test
  void nestingWithoutEndIsAFaultAndNoStackOverflow() {
    assertFault(bytes("{\"a\":" + "[".repeat(500_000)), DecodeFault.MALFORMED_JSON);
  }

  @Test
  void aMessageSaysWhatWasFoundAndWhatIsExpected() {
    assertThatThrownBy(() -> decode("{\"user\":1,\"item\":true,\"time\":1}"))
        .hasMessage("field \"item\" is the boolean true; a string or an integer is expected");
    assertThatThrownBy(() -> decode("{\"user\":1,\"item\":2,\"time\":1291191960}"))
        .hasMessage(
            "field \"time\" is 1291191960; a time from 1990-01-01T00:00:00Z to"
                + " 2100-01-01T00:00:00Z is expected, in milliseconds if it is a number");
  }

  @Test
  void twoFieldsOfOneNameAreRefused() {
    assertThatThrownBy(() -> new InteractionFields("a", "a", "type", "time", "w", "c"))
        .hasMessageContaining("two fields have one name");
  }

  private Interaction decode(String json) throws DecodeException {
    return codec.decode(bytes(json), POSITION, 99);
  }

  private void assertFault(byte[] value, DecodeFault fault) {
    assertThatThrownBy(() -> codec.decode(value, POSITION, 99))
        .isInstanceOfSatisfying(DecodeException.class, e -> assertThat(e.fault()).isEqualTo(fault));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
