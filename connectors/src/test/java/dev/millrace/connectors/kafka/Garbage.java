package dev.millrace.connectors.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Values of every kind that is no interaction, with the error class each must get. */
public final class Garbage {

  public static final int LARGEST_VALUE = 4096;

  private final byte[] value;
  private final String errorClass;

  private Garbage(byte[] value, String errorClass) {
    this.value = value;
    this.errorClass = errorClass;
  }

  public byte[] value() {
    return value;
  }

  public String errorClass() {
    return errorClass;
  }

  public static List<Garbage> all() {
    List<Garbage> all = new ArrayList<>();
    all.add(new Garbage(null, "Tombstone"));
    all.add(new Garbage(new byte[0], "EmptyValue"));
    all.add(of("{\"user\":\"a\",\"item\":\"b\",\"time\":12911919", "TruncatedJson"));
    all.add(of("not json", "MalformedJson"));
    all.add(of("[\"a\",\"b\",1291191960000]", "NotAnObject"));
    all.add(of("{\"user\":\"a\",\"item\":\"b\",\"time\":1291191960000}{}", "TrailingContent"));
    all.add(of("{\"item\":\"b\",\"time\":1291191960000}", "MissingField"));
    all.add(of("{\"user\":[],\"item\":\"b\",\"time\":1291191960000}", "WrongType"));
    all.add(of("{\"user\":\"a\",\"item\":\"b\",\"time\":\"soon\"}", "InvalidTime"));
    all.add(of("{\"user\":\"a\",\"item\":\"b\",\"time\":9999999999999}", "TimeOutOfRange"));
    all.add(
        of(
            "{\"user\":\"a\",\"item\":\"b\",\"time\":1291191960000,\"weight\":-1}",
            "InvalidWeight"));
    all.add(of("{\"user\":1,\"user\":1,\"item\":2,\"time\":1291191960000}", "DuplicateField"));
    all.add(new Garbage(new byte[] {'{', '"', (byte) 0xC0, (byte) 0xAF, '"'}, "InvalidUtf8"));
    all.add(of("{\"user\":\"" + "a".repeat(LARGEST_VALUE) + "\"}", "ValueTooLarge"));
    return all;
  }

  private static Garbage of(String value, String errorClass) {
    return new Garbage(value.getBytes(StandardCharsets.UTF_8), errorClass);
  }
}
