package dev.millrace.connectors.codec;

import java.util.Base64;

/** Fields of JSON records, checked. */
final class RecordFields {

  /** Values of Millrace's own topics: as large as a Java array may be. */
  static final int NO_LIMIT = Integer.MAX_VALUE;

  private RecordFields() {}

  /** The field's value, which must have been there. */
  static <T> T required(T value, String field) throws DecodeException {
    if (value == null) {
      throw new DecodeException(
          DecodeFault.MISSING_FIELD, "field " + JsonReader.quoted(field) + " is absent");
    }
    return value;
  }

  /** The field's text, which must have been there and not be empty. */
  static String requiredText(String value, String field) throws DecodeException {
    if (required(value, field).isEmpty()) {
      throw new DecodeException(
          DecodeFault.MISSING_FIELD, "field " + JsonReader.quoted(field) + " is empty");
    }
    return value;
  }

  /** The bytes that the reader's value, a text in Base64 (RFC 4648), stands for. */
  static byte[] base64(JsonReader reader) throws DecodeException {
    String text = reader.text();
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new DecodeException(
          DecodeFault.INVALID_VALUE,
          reader.where() + " is " + JsonReader.quoted(text) + "; Base64 is expected");
    }
  }

  /** The reader's value, an index from 0. */
  static int index(JsonReader reader) throws DecodeException {
    long index = reader.integer(DecodeFault.INVALID_VALUE);
    if (index < 0 || index > Integer.MAX_VALUE) {
      throw new DecodeException(
          DecodeFault.INVALID_VALUE, reader.where() + " holds " + index + "; an index is expected");
    }
    return (int) index;
  }
}
