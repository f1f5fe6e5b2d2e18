package dev.millrace.connectors.codec;

/** The strict check of UTF-8 (RFC 3629) that Jackson leaves out: overlong forms and surrogates. */
final class Utf8 {

  private Utf8() {}

  /** Index of the first byte that does not belong to well-formed UTF-8, or -1. */
  static int firstMalformed(byte[] bytes) {
    int i = 0;
    while (i < bytes.length) {
      if (bytes[i] >= 0) {
        i++;
        continue;
      }
      int length = sequenceLength(bytes, i);
      if (length == 0) {
        return i;
      }
      i += length;
    }
    return -1;
  }

  /** Length of the well-formed multi-byte sequence at {@code i}, or 0. Table 3-7 of Unicode. */
  private static int sequenceLength(byte[] bytes, int i) {
    int lead = bytes[i] & 0xFF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      return continues(bytes, i + 1, 0x80, 0xBF) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
      // E0 would allow overlong forms, ED the surrogates.
      boolean second =
          continues(bytes, i + 1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
      return second && continues(bytes, i + 2, 0x80, 0xBF) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
      // F0 would allow overlong forms, F4 code points beyond U+10FFFF.
      boolean second =
          continues(bytes, i + 1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
      boolean rest = continues(bytes, i + 2, 0x80, 0xBF) && continues(bytes, i + 3, 0x80, 0xBF);
      return second && rest ? 4 : 0;
    }
    return 0;
  }

  private static boolean continues(byte[] bytes, int i, int low, int high) {
    return i < bytes.length && (bytes[i] & 0xFF) >= low && (bytes[i] & 0xFF) <= high;
  }

  /** Whether a text, which escapes such as {@code \ud800} can spoil, has an unpaired surrogate. */
  static boolean hasUnpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  /** The text with U+FFFD in the place of each unpaired surrogate. */
  static String repaired(String text) {
    if (!hasUnpairedSurrogate(text)) {
      return text;
    }
    StringBuilder repaired = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(repaired::appendCodePoint);
    return repaired.toString();
  }
}
