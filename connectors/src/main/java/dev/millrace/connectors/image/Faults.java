package dev.millrace.connectors.image;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.codec.DecodeFault;

/** Faults of image files. */
final class Faults {

  private Faults() {}

  static DecodeException truncated(String message) {
    return new DecodeException(DecodeFault.TRUNCATED_IMAGE, message);
  }

  static DecodeException corrupt(String message) {
    return new DecodeException(DecodeFault.CORRUPT_IMAGE, message);
  }

  static DecodeException unsupported(String message) {
    return new DecodeException(DecodeFault.UNSUPPORTED_IMAGE, message);
  }
}
