package dev.millrace.connectors.codec;

/** The kinds of error that bytes can have. Its label is what a dead letter's error class says. */
public enum DecodeFault {
  /** The record has no value. */
  TOMBSTONE("Tombstone"),
  /** The value has no bytes, or nothing but white space. */
  EMPTY_VALUE("EmptyValue"),
  /** The value is larger than the limit. */
  VALUE_TOO_LARGE("ValueTooLarge"),
  /** The bytes are not UTF-8, or a text holds half a surrogate pair. */
  INVALID_UTF8("InvalidUtf8"),
  /** The JSON ends before it is complete. */
  TRUNCATED_JSON("TruncatedJson"),
  /** Not JSON. */
  MALFORMED_JSON("MalformedJson"),
  /** JSON, but not an object. */
  NOT_AN_OBJECT("NotAnObject"),
  /** Something follows the object. */
  TRAILING_CONTENT("TrailingContent"),
  // The faults above are those of bytes, the faults below those of content.
  /** A field occurs twice, so its meaning is not known. */
  DUPLICATE_FIELD("DuplicateField"),
  /** A field that must be there is absent, null or empty. */
  MISSING_FIELD("MissingField"),
  /** A field holds a value of another type. */
  WRONG_TYPE("WrongType"),
  /** A time is neither milliseconds since the epoch nor ISO-8601 with a zone. */
  INVALID_TIME("InvalidTime"),
  /** A time is absurdly early or late. */
  TIME_OUT_OF_RANGE("TimeOutOfRange"),
  /** A weight is not finite and positive as a float32. */
  INVALID_WEIGHT("InvalidWeight"),
  /** A field has the right type and a value that its record cannot hold. */
  INVALID_VALUE("InvalidValue"),
  // The faults below are those of images.
  /** The bytes start like no image format. */
  NOT_AN_IMAGE("NotAnImage"),
  /** An image, of a format or a variant that is not read. */
  UNSUPPORTED_IMAGE("UnsupportedImage"),
  /** The header promises more pixels than are allowed. */
  IMAGE_TOO_LARGE("ImageTooLarge"),
  /** The image ends before it is complete. */
  TRUNCATED_IMAGE("TruncatedImage"),
  /** The image is complete and its content contradicts itself. */
  CORRUPT_IMAGE("CorruptImage");

  private final String label;

  DecodeFault(String label) {
    this.label = label;
  }

  /** The name that dead letters carry, such as {@code MissingField}. */
  public String label() {
    return label;
  }

  /** Whether the bytes are no JSON at all, so that nothing can be said about their content. */
  boolean isSyntactic() {
    return compareTo(TRAILING_CONTENT) <= 0;
  }
}
