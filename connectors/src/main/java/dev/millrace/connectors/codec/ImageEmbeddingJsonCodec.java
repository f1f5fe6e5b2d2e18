package dev.millrace.connectors.codec;

import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.SourcePosition;
import java.util.Arrays;

/**
 * Image embeddings as JSON: id, vector, norm, cluster, clusters, assignment, version, time, source.
 * The cluster is the first of the clusters and stands there for whoever wants only it; reading
 * passes over it.
 */
public final class ImageEmbeddingJsonCodec {

  private ImageEmbeddingJsonCodec() {}

  /**
   * The bytes of an embedding.
   *
   * @throws IllegalArgumentException if an element of the vector or an assignment is not finite
   */
  public static byte[] encode(ImageEmbedding embedding) {
    String owner = "image " + embedding.id();
    int numbers = embedding.vector().length + 2 * embedding.clusters().length;
    JsonWriter writer = new JsonWriter(200 + 12 * numbers);
    writer.text("id", embedding.id());
    writer.field("vector", generator -> VectorJson.write(generator, embedding.vector(), owner));
    writer.real("norm", embedding.norm());
    writer.integer("cluster", embedding.cluster());
    writer.field(
        "clusters",
        generator -> generator.writeArray(embedding.clusters(), 0, embedding.clusters().length));
    writer.field(
        "assignment", generator -> VectorJson.write(generator, embedding.assignment(), owner));
    writer.integer("version", embedding.modelVersion());
    writer.integer("time", embedding.eventTime());
    writer.field("source", generator -> SourceJson.write(generator, embedding.cause()));
    return writer.bytes();
  }

  /** The embedding in a record's value. */
  public static ImageEmbedding decode(byte[] value) throws DecodeException {
    JsonReader reader = JsonReader.open(value, RecordFields.NO_LIMIT);
    String id = null;
    float[] vector = null;
    Double norm = null;
    int[] clusters = null;
    float[] assignment = null;
    Long version = null;
    Long time = null;
    SourcePosition source = null;
    for (String field = reader.nextField(); field != null; field = reader.nextField()) {
      switch (field) {
        case "id" -> id = reader.text();
        case "vector" -> vector = VectorJson.read(reader);
        case "norm" -> norm = reader.real();
        case "clusters" -> clusters = indices(reader);
        case "assignment" -> assignment = VectorJson.read(reader);
        case "version" -> version = reader.integer(DecodeFault.INVALID_VALUE);
        case "time" -> time = reader.integer(DecodeFault.TIME_OUT_OF_RANGE);
        case "source" -> source = SourceJson.read(reader);
        default -> reader.skip();
      }
    }
    reader.end();
    requireSameLength(
        RecordFields.required(clusters, "clusters"),
        RecordFields.required(assignment, "assignment"));
    return new ImageEmbedding(
        RecordFields.requiredText(id, "id"),
        RecordFields.required(vector, "vector"),
        RecordFields.required(norm, "norm"),
        clusters,
        assignment,
        RecordFields.required(version, "version"),
        RecordFields.required(time, "time"),
        RecordFields.required(source, "source"));
  }

  private static int[] indices(JsonReader reader) throws DecodeException {
    reader.beginArray();
    int[] indices = new int[8];
    int length = 0;
    while (reader.nextElement()) {
      if (length == indices.length) {
        indices = Arrays.copyOf(indices, 2 * length);
      }
      indices[length++] = RecordFields.index(reader);
    }
    return Arrays.copyOf(indices, length);
  }

  private static void requireSameLength(int[] clusters, float[] assignment) throws DecodeException {
    if (clusters.length != assignment.length) {
      throw new DecodeException(
          DecodeFault.INVALID_VALUE,
          clusters.length
              + " clusters have "
              + assignment.length
              + " assignments; one each is"
              + " expected");
    }
  }
}
