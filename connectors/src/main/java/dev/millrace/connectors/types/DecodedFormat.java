package dev.millrace.connectors.types;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.DeadLetter;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The binary form of a value or a dead letter. Each part carries its own version, so that a change
 * of a part needs no change here.
 */
final class DecodedFormat<T> extends RecordFormat<Decoded<T>> {

  private final RecordFormat<T> values;
  private final RecordFormat<DeadLetter> deadLetters;

  @SuppressWarnings("unchecked") // a class object knows nothing of type arguments
  DecodedFormat(RecordFormat<T> values, RecordFormat<DeadLetter> deadLetters) {
    super("decoded-" + values.name(), 1, (Class<Decoded<T>>) (Class<?>) Decoded.class);
    this.values = values;
    this.deadLetters = deadLetters;
  }

  @Override
  void write(Decoded<T> decoded, DataOutputView out) throws IOException {
    out.writeBoolean(decoded.isValue());
    if (decoded.isValue()) {
      out.writeByte(values.version());
      values.write(decoded.value(), out);
    } else {
      out.writeByte(deadLetters.version());
      deadLetters.write(decoded.deadLetter(), out);
    }
  }

  @Override
  Decoded<T> read(DataInputView in, int version) throws IOException {
    boolean isValue = in.readBoolean();
    int partVersion = in.readByte();
    return isValue
        ? Decoded.value(values.read(in, partVersion))
        : Decoded.deadLetter(deadLetters.read(in, partVersion));
  }
}
