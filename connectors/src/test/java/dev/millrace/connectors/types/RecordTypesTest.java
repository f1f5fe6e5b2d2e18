package dev.millrace.connectors.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.connectors.SampleRecords;
import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.Interaction;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordTypesTest {

  static Stream<Arguments> records() {
    Interaction longIds =
        new Interaction(
            SampleRecords.LONG_ID,
            SampleRecords.LONG_ID,
            "",
            -1,
            Float.MIN_VALUE,
            "",
            SampleRecords.POSITION,
            0);
    return Stream.of(
        Arguments.of(RecordTypes.INTERACTION, SampleRecords.INTERACTION),
        Arguments.of(RecordTypes.INTERACTION, longIds),
        Arguments.of(RecordTypes.EMBEDDING, SampleRecords.EMBEDDING),
        Arguments.of(RecordTypes.EMBEDDING, SampleRecords.TOMBSTONE),
        Arguments.of(RecordTypes.RECOMMENDATIONS, SampleRecords.RECOMMENDATIONS),
        Arguments.of(RecordTypes.LEARNING_METRICS, SampleRecords.METRICS),
        Arguments.of(RecordTypes.DEAD_LETTER, SampleRecords.DEAD_LETTER),
        Arguments.of(RecordTypes.DEAD_LETTER, SampleRecords.DEAD_TOMBSTONE),
        Arguments.of(RecordTypes.DECODED_INTERACTION, Decoded.value(SampleRecords.INTERACTION)),
        Arguments.of(
            RecordTypes.DECODED_INTERACTION, Decoded.deadLetter(SampleRecords.DEAD_LETTER)),
        Arguments.of(RecordTypes.IMAGE_EVENT, SampleRecords.IMAGE),
        Arguments.of(RecordTypes.IMAGE_EMBEDDING, SampleRecords.IMAGE_EMBEDDING),
        Arguments.of(RecordTypes.IMAGE_EMBEDDING, SampleRecords.IMAGE_WITHOUT_CLUSTER),
        Arguments.of(RecordTypes.PROTOTYPE, SampleRecords.PROTOTYPE),
        Arguments.of(RecordTypes.DECODED_IMAGE, Decoded.value(SampleRecords.IMAGE)),
        Arguments.of(RecordTypes.DECODED_IMAGE, Decoded.deadLetter(SampleRecords.DEAD_LETTER)));
  }

  @ParameterizedTest
  @MethodSource("records")
  <T> void aRecordComesBackEqualAndNothingIsLeftOver(TypeInformation<T> type, T value)
      throws IOException {
    TypeSerializer<T> serializer = serializer(type);
    DataInputDeserializer in = new DataInputDeserializer(serialized(serializer, value));

    assertThat(serializer.deserialize(in)).isEqualTo(value);
    assertThat(in.available()).isZero();
  }

  @ParameterizedTest
  @MethodSource("records")
  <T> void aSerializerRestoredFromItsSnapshotReadsTheState(TypeInformation<T> type, T value)
      throws IOException {
    TypeSerializer<T> serializer = serializer(type);
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());

    TypeSerializerSnapshot<T> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());

    assertThat(snapshot.restoreSerializer()).isEqualTo(serializer);
    assertThat(
            snapshot
                .restoreSerializer()
                .deserialize(new DataInputDeserializer(serialized(serializer, value))))
        .isEqualTo(value);
    assertThat(
            serializer
                .snapshotConfiguration()
                .resolveSchemaCompatibility(snapshot)
                .isCompatibleAsIs())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("records")
  <T> void typeAndSerializerSurviveTheWayToTheCluster(TypeInformation<T> type, T value)
      throws Exception {
    TypeSerializer<T> serializer = serializer(type);

    assertThat(InstantiationUtil.clone(type)).isEqualTo(type);
    assertThat(InstantiationUtil.clone(serializer)).isEqualTo(serializer);
    DataInputDeserializer in =
        new DataInputDeserializer(serialized(InstantiationUtil.clone(serializer), value));
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.copy(in, out);
    assertThat(out.getCopyOfBuffer()).isEqualTo(serialized(serializer, value));
  }

  @Test
  void stateOfAnOlderVersionIsMigratedAndOfANewerOneIsRefused() {
    VersionedFormat format = new VersionedFormat();
    TypeSerializerSnapshot<String> first = new RecordTypeSerializerSnapshot<>(format, 1);
    TypeSerializerSnapshot<String> second = new RecordTypeSerializerSnapshot<>(format, 2);
    TypeSerializerSnapshot<String> third = new RecordTypeSerializerSnapshot<>(format, 3);

    assertThat(second.resolveSchemaCompatibility(first).isCompatibleAfterMigration()).isTrue();
    assertThat(second.resolveSchemaCompatibility(third).isIncompatible()).isTrue();
    assertThat(
            second
                .resolveSchemaCompatibility(
                    new RecordTypeSerializerSnapshot<>(new VersionedFormat(), 2))
                .isIncompatible())
        .isTrue();
  }

  @Test
  void aSerializerOfAnOlderVersionReadsItsTimeAndDoesNotWrite() throws IOException {
    VersionedFormat format = new VersionedFormat();
    TypeSerializer<String> old = new RecordTypeSerializerSnapshot<>(format, 1).restoreSerializer();

    assertThat(old.deserialize(new DataInputDeserializer(new byte[0]))).isEqualTo("version 1");
    assertThatThrownBy(() -> old.serialize("x", new DataOutputSerializer(8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("only reads");
  }

  @Test
  void aSnapshotOfAnUnknownFormatIsNamed() {
    assertThatThrownBy(() -> RecordTypes.format("picture"))
        .hasMessageContaining("no record format is named picture")
        .hasMessageContaining("interaction");
  }

  @Test
  void everyTypeIsListed() {
    assertThat(List.copyOf(RecordTypes.all())).hasSize(10).doesNotHaveDuplicates();
  }

  private static <T> TypeSerializer<T> serializer(TypeInformation<T> type) {
    return type.createSerializer(new SerializerConfigImpl());
  }

  private static <T> byte[] serialized(TypeSerializer<T> serializer, T value) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    return out.getCopyOfBuffer();
  }

  /** A format at its second version. */
  private static final class VersionedFormat extends RecordFormat<String> {

    VersionedFormat() {
      super("versioned", 2, String.class);
    }

    @Override
    void write(String value, DataOutputView out) {}

    @Override
    String read(DataInputView in, int version) {
      return "version " + version;
    }
  }
}
