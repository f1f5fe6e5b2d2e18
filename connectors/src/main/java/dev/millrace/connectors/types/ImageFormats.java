package dev.millrace.connectors.types;

import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.Prototype;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Binary forms of what the image stream brings and makes. */
final class ImageFormats {

  private ImageFormats() {}

  static final class EventFormat extends RecordFormat<ImageEvent> {

    EventFormat() {
      super("image-event", 1, ImageEvent.class);
    }

    @Override
    void write(ImageEvent value, DataOutputView out) throws IOException {
      writeText(value.id(), out);
      out.writeInt(value.picture().width());
      out.writeInt(value.picture().height());
      out.write(value.picture().rgb());
      out.writeLong(value.eventTime());
      writeText(value.item(), out);
      writeText(value.label(), out);
      RecordFormats.writePosition(value.position(), out);
      out.writeLong(value.arrivalTime());
    }

    @Override
    ImageEvent read(DataInputView in, int version) throws IOException {
      return new ImageEvent(
          readText(in),
          readPicture(in),
          in.readLong(),
          readText(in),
          readText(in),
          RecordFormats.readPosition(in),
          in.readLong());
    }

    private static Picture readPicture(DataInputView in) throws IOException {
      int width = in.readInt();
      int height = in.readInt();
      byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
      in.readFully(rgb);
      return new Picture(width, height, rgb);
    }
  }

  static final class EmbeddingFormat extends RecordFormat<ImageEmbedding> {

    EmbeddingFormat() {
      super("image-embedding", 1, ImageEmbedding.class);
    }

    @Override
    void write(ImageEmbedding value, DataOutputView out) throws IOException {
      writeText(value.id(), out);
      writeFloats(value.vector(), out);
      out.writeDouble(value.norm());
      out.writeInt(value.clusters().length);
      for (int cluster : value.clusters()) {
        out.writeInt(cluster);
      }
      writeFloats(value.assignment(), out);
      out.writeLong(value.modelVersion());
      out.writeLong(value.eventTime());
      RecordFormats.writePosition(value.cause(), out);
    }

    @Override
    ImageEmbedding read(DataInputView in, int version) throws IOException {
      return new ImageEmbedding(
          readText(in),
          readFloats(in),
          in.readDouble(),
          readClusters(in),
          readFloats(in),
          in.readLong(),
          in.readLong(),
          RecordFormats.readPosition(in));
    }

    private static int[] readClusters(DataInputView in) throws IOException {
      int[] clusters = new int[in.readInt()];
      for (int i = 0; i < clusters.length; i++) {
        clusters[i] = in.readInt();
      }
      return clusters;
    }
  }

  static final class PrototypeFormat extends RecordFormat<Prototype> {

    PrototypeFormat() {
      super("prototype", 1, Prototype.class);
    }

    @Override
    void write(Prototype value, DataOutputView out) throws IOException {
      out.writeInt(value.index());
      writeFloats(value.vector(), out);
      out.writeDouble(value.usage());
      out.writeLong(value.modelVersion());
      out.writeLong(value.eventTime());
      RecordFormats.writePosition(value.cause(), out);
    }

    @Override
    Prototype read(DataInputView in, int version) throws IOException {
      return new Prototype(
          in.readInt(),
          readFloats(in),
          in.readDouble(),
          in.readLong(),
          in.readLong(),
          RecordFormats.readPosition(in));
    }
  }
}
