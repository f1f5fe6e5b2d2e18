package dev.millrace.connectors.codec;

/** How a record carries an image. */
public enum ImageFormat {
  /** The value is the image file; key and headers say the rest. */
  RAW,
  /** The value is a JSON object with the image file in Base64. */
  JSON
}
