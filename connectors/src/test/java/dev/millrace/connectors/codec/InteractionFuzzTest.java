package dev.millrace.connectors.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random and mutated bytes, from fixed seeds. */
final class InteractionFuzzTest {

  private static final SourcePosition POSITION = new SourcePosition("t", 0, 0);
  private static final List<String> SEEDS =
      List.of(
          "{\"user\":\"ada\",\"item\":85123,\"type\":\"view\",\"time\":1291191960000,"
              + "\"weight\":2.5e0,\"category\":\"lamps\"}",
          "{\"user\":\"\\u00e9\\ud83d\\ude00\",\"item\":\"é😀\","
              + "\"time\":\"2010-12-01T08:26:00+01:00[Europe/Paris]\",\"x\":[{\"y\":null},true]}",
          " {\"time\": \"2010-12-01T08:26Z\", \"item\":-5, \"user\":0, \"weight\":null } ");
  private static final String ALPHABET = "{}[]\",:\\u0123456789-+.eEtrufalsn \nTZ";

  private final InteractionJsonCodec codec = new InteractionJsonCodec(InteractionFields.DEFAULT);

  @Test
  void mutatedInteractionsAreReadOrHaveAFault() throws DecodeException {
    Random random = new Random(1);
    Map<DecodeFault, Integer> faults = new EnumMap<>(DecodeFault.class);
    int good = 0;
    for (int i = 0; i < 60_000; i++) {
      byte[] bytes = mutated(SEEDS.get(i % SEEDS.size()).getBytes(StandardCharsets.UTF_8), random);
      if (decodesOrCounts(bytes, faults)) {
        good++;
      }
    }
    assertThat(good).isPositive();
    assertThat(faults)
        .containsKeys(
            DecodeFault.INVALID_UTF8,
            DecodeFault.TRUNCATED_JSON,
            DecodeFault.MALFORMED_JSON,
            DecodeFault.MISSING_FIELD,
            DecodeFault.INVALID_TIME,
            DecodeFault.TIME_OUT_OF_RANGE);
  }

  @Test
  void randomBytesHaveAFault() throws DecodeException {
    Random random = new Random(2);
    Map<DecodeFault, Integer> faults = new EnumMap<>(DecodeFault.class);
    for (int i = 0; i < 40_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        for (int j = 0; j < bytes.length; j++) {
          bytes[j] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
      }
      assertThat(decodesOrCounts(bytes, faults)).isFalse();
    }
    assertThat(faults.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(40_000);
  }

  @Test
  void theUtf8CheckAgreesWithTheJdk() {
    Random random = new Random(3);
    int malformed = 0;
    for (int i = 0; i < 60_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(5)];
      random.nextBytes(bytes);
      bytes[0] = (byte) (0xC0 | random.nextInt(0x40));
      for (int j = 1; j < bytes.length; j++) {
        bytes[j] = (byte) (random.nextInt(8) == 0 ? bytes[j] : 0x80 | (bytes[j] & 0x3F));
      }
      boolean expected = isUtf8(bytes);
      assertThat(Utf8.firstMalformed(bytes) < 0).as(Arrays.toString(bytes)).isEqualTo(expected);
      malformed += expected ? 0 : 1;
    }
    assertThat(malformed).isBetween(1, 59_999);
  }

  /** Decodes; what decodes must survive the way back. Any other exception fails the test. */
  private boolean decodesOrCounts(byte[] bytes, Map<DecodeFault, Integer> faults)
      throws DecodeException {
    Interaction decoded;
    try {
      decoded = codec.decode(bytes, POSITION, 0);
    } catch (DecodeException e) {
      assertThat(e.getMessage()).isNotBlank();
      faults.merge(e.fault(), 1, Integer::sum);
      return false;
    }
    assertThat(codec.decode(codec.encode(decoded), POSITION, 0)).isEqualTo(decoded);
    return true;
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] mutated = bytes;
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(Math.max(1, mutated.length));
      switch (random.nextInt(5)) {
        case 0 -> mutated = Arrays.copyOf(mutated, at);
        case 1 -> mutated = replaced(mutated, at, (byte) random.nextInt(256));
        case 2 ->
            mutated =
                replaced(mutated, at, (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        case 3 -> mutated = without(mutated, at, 1 + random.nextInt(6));
        default -> mutated = doubled(mutated, at, 1 + random.nextInt(12));
      }
    }
    return mutated;
  }

  private static byte[] replaced(byte[] bytes, int at, byte value) {
    byte[] copy = bytes.clone();
    if (at < copy.length) {
      copy[at] = value;
    }
    return copy;
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    int end = Math.min(bytes.length, at + length);
    return ByteBuffer.allocate(bytes.length - Math.max(0, end - at))
        .put(bytes, 0, Math.min(at, bytes.length))
        .put(bytes, end, bytes.length - end)
        .array();
  }

  private static byte[] doubled(byte[] bytes, int at, int length) {
    int end = Math.min(bytes.length, at + length);
    int start = Math.min(at, end);
    return ByteBuffer.allocate(bytes.length + end - start)
        .put(bytes, 0, end)
        .put(bytes, start, bytes.length - start)
        .array();
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
