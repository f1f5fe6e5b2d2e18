package dev.millrace.connectors.codec;

/** Checks on the fields of records that Millrace itself writes. */
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
}
