package dev.millrace.connectors.types;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a savepoint keeps of a record's serializer: the format's name and version. State of an older
 * version is migrated; state of a newer one, or of another format, is refused.
 *
 * <p>Public, and with a constructor without arguments, because Flink makes it by its class name.
 */
public final class RecordTypeSerializerSnapshot<T> implements TypeSerializerSnapshot<T> {

  /** Version 1: the format's name, the format's version. */
  private static final int VERSION = 1;

  private RecordFormat<T> format;
  private int formatVersion;

  /** An empty snapshot, to be read. */
  public RecordTypeSerializerSnapshot() {}

  RecordTypeSerializerSnapshot(RecordFormat<T> format, int formatVersion) {
    this.format = format;
    this.formatVersion = formatVersion;
  }

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    out.writeUTF(format.name());
    out.writeInt(formatVersion);
  }

  @Override
  @SuppressWarnings("unchecked") // the name stands for the type
  public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader)
      throws IOException {
    if (readVersion != VERSION) {
      throw new IOException(
          "a record serializer's snapshot of version "
              + readVersion
              + " comes from a newer Millrace; this one knows version "
              + VERSION);
    }
    format = (RecordFormat<T>) RecordTypes.format(in.readUTF());
    formatVersion = in.readInt();
  }

  @Override
  public TypeSerializer<T> restoreSerializer() {
    return new RecordTypeSerializer<>(format, formatVersion);
  }

  @Override
  public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> oldSnapshot) {
    if (!(oldSnapshot instanceof RecordTypeSerializerSnapshot<T> old)
        || old.format != format
        || old.formatVersion > formatVersion) {
      return TypeSerializerSchemaCompatibility.incompatible();
    }
    return old.formatVersion == formatVersion
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
  }
}
