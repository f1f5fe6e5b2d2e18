package dev.millrace.connectors.codec;

import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.SourcePosition;

/**
 * Dead letters as JSON: source, error, message, time, key and value. Key and value are the original
 * bytes in Base64 (RFC 4648), left out where the record had none.
 */
public final class DeadLetterJsonCodec {

  private DeadLetterJsonCodec() {}

  /** The bytes of a dead letter. Half surrogate pairs in its texts become U+FFFD. */
  public static byte[] encode(DeadLetter letter) {
    int content = length(letter.key()) + length(letter.value());
    JsonWriter writer = new JsonWriter((int) Math.min(1 << 30, 256 + 4L * content / 3));
    writer.field("source", generator -> SourceJson.write(generator, letter.position()));
    writer.text("error", Utf8.repaired(letter.errorClass()));
    writer.text("message", Utf8.repaired(letter.errorMessage()));
    writer.integer("time", letter.time());
    if (letter.key() != null) {
      writer.field("key", generator -> generator.writeBinary(letter.key()));
    }
    if (letter.value() != null) {
      writer.field("value", generator -> generator.writeBinary(letter.value()));
    }
    return writer.bytes();
  }

  /** The dead letter in a record's value. */
  public static DeadLetter decode(byte[] value) throws DecodeException {
    JsonReader reader = JsonReader.open(value, RecordFields.NO_LIMIT);
    SourcePosition source = null;
    String error = null;
    String message = null;
    Long time = null;
    byte[] originalKey = null;
    byte[] originalValue = null;
    for (String field = reader.nextField(); field != null; field = reader.nextField()) {
      switch (field) {
        case "source" -> source = SourceJson.read(reader);
        case "error" -> error = reader.text();
        case "message" -> message = reader.text();
        case "time" -> time = reader.integer(DecodeFault.TIME_OUT_OF_RANGE);
        case "key" -> originalKey = RecordFields.base64(reader);
        case "value" -> originalValue = RecordFields.base64(reader);
        default -> reader.skip();
      }
    }
    reader.end();
    return new DeadLetter(
        originalKey,
        originalValue,
        RecordFields.required(source, "source"),
        RecordFields.required(error, "error"),
        RecordFields.required(message, "message"),
        RecordFields.required(time, "time"));
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
