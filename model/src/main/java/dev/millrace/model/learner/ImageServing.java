package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViews;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;

/** Vectors and clusters of images by the model as it is, and the records that are made of them. */
final class ImageServing {

  /** Images embedded at once: a nightly import may give thousands of them one time. */
  static final int AT_ONCE = 64;

  private final Kernels kernels;
  private final ImageViews views;
  private final ImageModel model;
  private final ServedVectors served;
  private final ImageClusters clusters;

  ImageServing(
      ImageLearnerConfig config,
      Kernels kernels,
      ImageViews views,
      ImageModel model,
      ServedVectors served) {
    this.kernels = kernels;
    this.views = views;
    this.model = model;
    this.served = served;
    this.clusters = new ImageClusters(kernels, config, model.prototypes());
  }

  /** A part of many, no larger than what is embedded at once. */
  static <T> List<T> part(List<T> all, int from) {
    return all.subList(from, Math.min(all.size(), from + AT_ONCE));
  }

  /** Pictures as views see them. */
  List<Picture> reduced(List<ImageEvent> events) {
    return events.stream().map(event -> views.reduced(event.picture())).toList();
  }

  List<ImageEmbedding> embeddings(
      List<ImageEvent> events, float[][] vectors, Matrix unit, long version) {
    ImageClusters.Nearest nearest = clusters.nearest(unit);
    List<ImageEmbedding> embeddings = new ArrayList<>(vectors.length);
    for (int i = 0; i < vectors.length; i++) {
      ImageEvent event = events.get(i);
      embeddings.add(
          new ImageEmbedding(
              event.id(),
              vectors[i],
              norm(vectors[i]),
              nearest.clusters(i),
              nearest.assignment(i),
              version,
              event.eventTime(),
              event.position()));
    }
    return embeddings;
  }

  private static double norm(float[] vector) {
    double square = 0;
    for (float element : vector) {
      square += element * element;
    }
    return Math.sqrt(square);
  }

  void publish(
      List<ImageEvent> events, float[][] vectors, Matrix unit, long version, LearnerOutput output) {
    List<ImageEmbedding> embeddings = embeddings(events, vectors, unit, version);
    for (int i = 0; i < vectors.length; i++) {
      output.imageEmbedding(embeddings.get(i), events.get(i).arrivalTime());
    }
  }

  void publishPrototypes(
      long version, long eventTime, SourcePosition position, LearnerOutput output) {
    double[] usage = model.prototypes().usage();
    for (int k = 0; k < usage.length; k++) {
      float[] vector = new float[model.prototypes().config().width()];
      model.prototypes().rows().rows(k, k + 1).copyTo(vector, 0);
      output.prototype(new Prototype(k, vector, usage[k], version, eventTime, position));
    }
  }

  /** See {@link ImageEmbedder#describe}. */
  List<ImageEmbedding> describe(List<ImageEvent> events, long version) {
    List<ImageEmbedding> described = new ArrayList<>(events.size());
    for (int from = 0; from < events.size(); from += AT_ONCE) {
      List<ImageEvent> some = part(events, from);
      ImageModel.Served seen = model.serve(reduced(some));
      described.addAll(embeddings(some, served.embed(seen), seen.unit(), version));
    }
    return described;
  }

  /** See {@link ImageEmbedder#embed}. */
  float[][] embed(List<Picture> pictures) {
    float[][] vectors = new float[pictures.size()][];
    for (int from = 0; from < vectors.length; from += AT_ONCE) {
      List<Picture> some = part(pictures, from).stream().map(views::reduced).toList();
      float[][] made = served.embed(model.serve(some));
      System.arraycopy(made, 0, vectors, from, made.length);
    }
    return vectors;
  }

  /** See {@link ImageEmbedder#clusters}. */
  int[] clusters(List<Picture> pictures) {
    int[] nearest = new int[pictures.size()];
    for (int from = 0; from < nearest.length; from += AT_ONCE) {
      List<Picture> some = part(pictures, from).stream().map(views::reduced).toList();
      ImageClusters.Nearest found = clusters.nearest(model.serve(some).unit());
      for (int i = 0; i < some.size(); i++) {
        nearest[from + i] = found.clusters(i)[0];
      }
    }
    return nearest;
  }

  /** Vectors as rows. */
  Matrix matrix(float[][] vectors) {
    Matrix rows = kernels.allocate(vectors.length, served.width());
    for (int i = 0; i < vectors.length; i++) {
      rows.rows(i, i + 1).copyFrom(vectors[i], 0);
    }
    return rows;
  }
}
