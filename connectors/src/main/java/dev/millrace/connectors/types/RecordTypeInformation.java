package dev.millrace.connectors.types;

import java.io.Serializable;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's view of an immutable record with a {@link RecordFormat}. */
final class RecordTypeInformation<T> extends TypeInformation<T> {

  private static final long serialVersionUID = 1L;

  private final transient RecordFormat<T> format;

  RecordTypeInformation(RecordFormat<T> format) {
    this.format = format;
  }

  @Override
  public TypeSerializer<T> createSerializer(SerializerConfig config) {
    return new RecordTypeSerializer<>(format, format.version());
  }

  @Override
  public Class<T> getTypeClass() {
    return format.recordClass();
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof RecordTypeInformation<?>;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordTypeInformation<?> that && format == that.format;
  }

  @Override
  public int hashCode() {
    return format.name().hashCode();
  }

  @Override
  public String toString() {
    return "RecordType(" + format.name() + ")";
  }

  private Object writeReplace() {
    return new ByName(format.name());
  }

  /** What Java serialization carries: the name of the format. */
  private record ByName(String name) implements Serializable {
    private Object readResolve() {
      return new RecordTypeInformation<>(RecordTypes.format(name));
    }
  }
}
