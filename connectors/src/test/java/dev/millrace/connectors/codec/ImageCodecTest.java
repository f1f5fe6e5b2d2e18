package dev.millrace.connectors.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImageCodecTest {

  private static final SourcePosition POSITION = new SourcePosition("images", 2, 5);
  private static final long TIME = 1_291_191_960_000L;
  private static final Picture PICTURE = new Picture(1, 1, new byte[] {1, 2, 3});
  private static final PictureReader PICTURES =
      image -> {
        if (image[0] == '!') {
          throw new DecodeException(DecodeFault.NOT_AN_IMAGE, "it starts with an exclamation");
        }
        return PICTURE;
      };
  private static final ImageRecordLimits LIMITS = new ImageRecordLimits(6, 0, 2 * TIME);

  private final ImageCodec raw = new ImageCodec(ImageFormat.RAW, PICTURES, LIMITS);
  private final ImageCodec json = new ImageCodec(ImageFormat.JSON, PICTURES, LIMITS);

  @Test
  void keyAndHeadersSayWhatTheFileDoesNot() throws DecodeException {
    Map<String, byte[]> headers = new HashMap<>();
    headers.put("event-time", bytes("1291191960000"));
    headers.put("item", bytes("lamp"));
    headers.put("label", bytes("cät"));

    ImageEvent event = raw.decode(bytes("é"), bytes("file"), headers::get, 7, POSITION, 8);

    assertThat(event).isEqualTo(new ImageEvent("é", PICTURE, TIME, "lamp", "cät", POSITION, 8));
  }

  @Test
  void withoutHeadersTheTimestampIsTheTimeAndTheRestIsEmpty() throws DecodeException {
    assertThat(raw.decode(bytes("a"), bytes("file"), name -> null, TIME, POSITION, 8))
        .isEqualTo(new ImageEvent("a", PICTURE, TIME, "", "", POSITION, 8));
  }

  @Test
  void aTimeCanBeATextWithAZone() throws DecodeException {
    assertThat(decodeAt("2010-12-01T08:26:00Z").eventTime()).isEqualTo(TIME);
  }

  @ParameterizedTest
  @CsvSource({
    "soon, InvalidTime",
    "'', InvalidTime",
    "2010-12-01T08:26:00, InvalidTime",
    "-1, TimeOutOfRange",
    "99999999999999999999999, TimeOutOfRange"
  })
  void aTimeThatIsNoneIsAFault(String time, String errorClass) {
    assertThatThrownBy(() -> decodeAt(time))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("header \"event-time\"")
        .extracting(e -> ((DecodeException) e).errorClass())
        .isEqualTo(errorClass);
  }

  @Test
  void aRecordThatIsNoImageHasItsFault() {
    byte[] key = bytes("a");
    byte[] noUtf8 = {(byte) 0xC0, 1};

    assertFault(key, null, DecodeFault.TOMBSTONE);
    assertFault(key, new byte[0], DecodeFault.EMPTY_VALUE);
    assertFault(key, bytes("7 bytes"), DecodeFault.VALUE_TOO_LARGE);
    assertFault(null, bytes("file"), DecodeFault.MISSING_FIELD);
    assertFault(new byte[0], bytes("file"), DecodeFault.MISSING_FIELD);
    assertFault(noUtf8, bytes("file"), DecodeFault.INVALID_UTF8);
    assertFault(key, bytes("!"), DecodeFault.NOT_AN_IMAGE);
  }

  @Test
  void anEnvelopeReadsBack() throws DecodeException {
    byte[] value = ImageCodec.encodeJson("é", bytes("file"), TIME, "lamp", "");

    assertThat(new String(value, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"id\":\"é\",\"time\":1291191960000,\"item\":\"lamp\",\"image\":\"ZmlsZQ==\"}");
    assertThat(json.decode(null, value, name -> null, 7, POSITION, 8))
        .isEqualTo(new ImageEvent("é", PICTURE, TIME, "lamp", "", POSITION, 8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'id':'a','time':1}|MissingField",
        "{'id':'a','image':'ZmlsZQ=='}|MissingField",
        "{'time':1,'image':'ZmlsZQ=='}|MissingField",
        "{'id':'','time':1,'image':'ZmlsZQ=='}|MissingField",
        "{'id':'a','time':1,'image':''}|EmptyValue",
        "{'id':'a','time':1,'image':'*'}|InvalidValue",
        "{'id':'a','time':1,'image':'ZmlsZWZpbGU='}|ValueTooLarge",
        "{'id':'a','time':1,'image':'IQ=='}|NotAnImage",
        "{'id':'a','time':'soon','image':'ZmlsZQ=='}|InvalidTime",
        "{'id':'a','time':1,'image':'ZmlsZ|TruncatedJson",
        "[]|NotAnObject"
      })
  void anEnvelopeThatIsNoneHasItsFault(String value, String errorClass) {
    byte[] bytes = bytes(value.replace('\'', '"'));
    assertThatThrownBy(() -> json.decode(null, bytes, name -> null, 7, POSITION, 8))
        .isInstanceOf(DecodeException.class)
        .extracting(e -> ((DecodeException) e).errorClass())
        .isEqualTo(errorClass);
  }

  private ImageEvent decodeAt(String time) throws DecodeException {
    Map<String, byte[]> headers = Map.of("event-time", bytes(time));
    return raw.decode(bytes("a"), bytes("file"), headers::get, 7, POSITION, 8);
  }

  private void assertFault(byte[] key, byte[] value, DecodeFault fault) {
    assertThatThrownBy(() -> raw.decode(key, value, name -> null, TIME, POSITION, 8))
        .isInstanceOf(DecodeException.class)
        .extracting(e -> ((DecodeException) e).fault())
        .isEqualTo(fault);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
