package dev.millrace.connectors.types;

import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.data.Recommendations.ScoredItem;
import dev.millrace.model.data.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The binary forms of the records, each at version 1. */
final class RecordFormats {

  private RecordFormats() {}

  static final class InteractionFormat extends RecordFormat<Interaction> {

    InteractionFormat() {
      super("interaction", 1, Interaction.class);
    }

    @Override
    void write(Interaction value, DataOutputView out) throws IOException {
      writeText(value.user(), out);
      writeText(value.item(), out);
      writeText(value.type(), out);
      out.writeLong(value.eventTime());
      out.writeFloat(value.weight());
      writeText(value.category(), out);
      writePosition(value.position(), out);
      out.writeLong(value.arrivalTime());
    }

    @Override
    Interaction read(DataInputView in, int version) throws IOException {
      return new Interaction(
          readText(in),
          readText(in),
          readText(in),
          in.readLong(),
          in.readFloat(),
          readText(in),
          readPosition(in),
          in.readLong());
    }
  }

  static final class EmbeddingFormat extends RecordFormat<Embedding> {

    EmbeddingFormat() {
      super("embedding", 1, Embedding.class);
    }

    @Override
    void write(Embedding value, DataOutputView out) throws IOException {
      out.writeBoolean(value.kind() == Embedding.Kind.USER);
      writeText(value.id(), out);
      writeFloats(value.vector(), out);
      out.writeDouble(value.norm());
      out.writeLong(value.modelVersion());
      out.writeLong(value.eventTime());
      writePosition(value.cause(), out);
    }

    @Override
    Embedding read(DataInputView in, int version) throws IOException {
      Embedding.Kind kind = in.readBoolean() ? Embedding.Kind.USER : Embedding.Kind.ITEM;
      return new Embedding(
          kind,
          readText(in),
          readFloats(in),
          in.readDouble(),
          in.readLong(),
          in.readLong(),
          readPosition(in));
    }
  }

  static final class RecommendationsFormat extends RecordFormat<Recommendations> {

    RecommendationsFormat() {
      super("recommendations", 1, Recommendations.class);
    }

    @Override
    void write(Recommendations value, DataOutputView out) throws IOException {
      writeText(value.user(), out);
      out.writeInt(value.items().size());
      for (ScoredItem scored : value.items()) {
        writeText(scored.item(), out);
        out.writeFloat(scored.score());
      }
      out.writeLong(value.modelVersion());
      out.writeLong(value.eventTime());
      writePosition(value.cause(), out);
    }

    @Override
    Recommendations read(DataInputView in, int version) throws IOException {
      String user = readText(in);
      int size = in.readInt();
      List<ScoredItem> items = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        items.add(new ScoredItem(readText(in), in.readFloat()));
      }
      return new Recommendations(user, items, in.readLong(), in.readLong(), readPosition(in));
    }
  }

  static final class DeadLetterFormat extends RecordFormat<DeadLetter> {

    DeadLetterFormat() {
      super("dead-letter", 1, DeadLetter.class);
    }

    @Override
    void write(DeadLetter value, DataOutputView out) throws IOException {
      writeBytes(value.key(), out);
      writeBytes(value.value(), out);
      writePosition(value.position(), out);
      writeText(value.errorClass(), out);
      writeText(value.errorMessage(), out);
      out.writeLong(value.time());
    }

    @Override
    DeadLetter read(DataInputView in, int version) throws IOException {
      return new DeadLetter(
          readBytes(in),
          readBytes(in),
          readPosition(in),
          readText(in),
          readText(in),
          in.readLong());
    }
  }

  static void writePosition(SourcePosition position, DataOutputView out) throws IOException {
    RecordFormat.writeText(position.topic(), out);
    out.writeInt(position.partition());
    out.writeLong(position.offset());
  }

  static SourcePosition readPosition(DataInputView in) throws IOException {
    return new SourcePosition(RecordFormat.readText(in), in.readInt(), in.readLong());
  }
}
