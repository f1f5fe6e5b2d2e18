package dev.millrace.connectors.types;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serializer of an immutable record. One restored from a savepoint reads the format's version of
 * that time; only one of the newest version writes.
 */
final class RecordTypeSerializer<T> extends TypeSerializer<T> {

  private static final long serialVersionUID = 1L;

  private final transient RecordFormat<T> format;
  private final transient int version;

  RecordTypeSerializer(RecordFormat<T> format, int version) {
    this.format = format;
    this.version = version;
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TypeSerializer<T> duplicate() {
    return this;
  }

  @Override
  public T createInstance() {
    return null;
  }

  @Override
  public T copy(T from) {
    return from;
  }

  @Override
  public T copy(T from, T reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(T value, DataOutputView target) throws IOException {
    if (version != format.version()) {
      throw new IllegalStateException(
          "the serializer of version " + version + " of " + format.name() + " only reads");
    }
    format.write(value, target);
  }

  @Override
  public T deserialize(DataInputView source) throws IOException {
    return format.read(source, version);
  }

  @Override
  public T deserialize(T reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<T> snapshotConfiguration() {
    return new RecordTypeSerializerSnapshot<>(format, version);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordTypeSerializer<?> that
        && format == that.format
        && version == that.version;
  }

  @Override
  public int hashCode() {
    return 31 * format.name().hashCode() + version;
  }

  private Object writeReplace() {
    return new ByName(format.name(), version);
  }

  /** What Java serialization carries: the name of the format and its version. */
  private record ByName(String name, int version) implements Serializable {
    private Object readResolve() {
      return new RecordTypeSerializer<>(RecordTypes.format(name), version);
    }
  }
}
