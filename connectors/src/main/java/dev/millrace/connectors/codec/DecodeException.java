package dev.millrace.connectors.codec;

/**
 * Bytes are not the record they should be. The message says what was found and what is expected.
 *
 * <p>It has no stack trace: a topic full of garbage would otherwise spend its time on them.
 */
public final class DecodeException extends Exception {

  private static final long serialVersionUID = 1L;

  private final DecodeFault fault;

  public DecodeException(DecodeFault fault, String message) {
    super(message, null, false, false);
    this.fault = fault;
  }

  public DecodeFault fault() {
    return fault;
  }

  /** The fault's label, such as {@code TruncatedJson}. */
  public String errorClass() {
    return fault.label();
  }
}
