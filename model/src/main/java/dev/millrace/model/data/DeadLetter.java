package dev.millrace.model.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * A record that could not be decoded, with its original bytes, so that nothing is lost.
 *
 * @param key the record's key; null if it had none
 * @param value the record's value; null for a tombstone
 * @param position where it stands in Kafka
 * @param errorClass kind of error, such as {@code MissingField}
 * @param errorMessage what is wrong and what was expected
 * @param time the record's Kafka timestamp in milliseconds since the epoch
 */
public record DeadLetter(
    byte[] key,
    byte[] value,
    SourcePosition position,
    String errorClass,
    String errorMessage,
    long time) {

  public DeadLetter {
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(errorClass, "errorClass");
    Objects.requireNonNull(errorMessage, "errorMessage");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeadLetter that
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && position.equals(that.position)
        && errorClass.equals(that.errorClass)
        && errorMessage.equals(that.errorMessage)
        && time == that.time;
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(key), Arrays.hashCode(value), position, errorClass, time);
  }
}
