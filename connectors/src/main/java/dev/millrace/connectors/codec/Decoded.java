package dev.millrace.connectors.codec;

import dev.millrace.model.data.DeadLetter;

/**
 * What a record turned out to be: a value, or a dead letter. Exactly one of the two is there.
 *
 * @param value the decoded value; null for a dead letter
 * @param deadLetter what could not be decoded; null for a value
 */
public record Decoded<T>(T value, DeadLetter deadLetter) {

  public Decoded {
    if ((value == null) == (deadLetter == null)) {
      throw new IllegalArgumentException("either a value or a dead letter is expected");
    }
  }

  public static <T> Decoded<T> value(T value) {
    return new Decoded<>(value, null);
  }

  public static <T> Decoded<T> deadLetter(DeadLetter deadLetter) {
    return new Decoded<>(null, deadLetter);
  }

  public boolean isValue() {
    return value != null;
  }
}
