package dev.millrace.job.demo;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.image.ImageDecoder;
import dev.millrace.connectors.kafka.ImageSource;
import dev.millrace.connectors.replay.ImageSet;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.topology.ModelFile;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.KMeans;
import dev.millrace.model.eval.MutualInformation;
import dev.millrace.model.eval.NeighbourClassifier;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.learner.ImageEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What the final model makes of a set of images: every streamed one embedded anew, every test image
 * classified by its neighbours among them.
 *
 * @param folder where the images are
 * @param streamed the streamed images by the final model
 * @param labels class of each of them; empty where it has none
 * @param knnTop1 share of the test images that are classified as what they are; null without such
 * @param queries test images
 * @param nmiPrototypes normalised mutual information of clusters and classes; null without classes
 * @param nmiKmeans the same of k-means on the same embeddings
 * @param seconds how long that took
 */
record ImageEvaluation(
    Path folder,
    List<ImageEmbedding> streamed,
    List<String> labels,
    Double knnTop1,
    int queries,
    Double nmiPrototypes,
    Double nmiKmeans,
    double seconds) {

  private static final int BLOCK = 256;

  /** Images of one prefix with their labels. */
  private record Embedded(List<ImageEmbedding> embeddings, List<String> labels) {}

  /** Evaluates the model that a job has left in its model directory. */
  static ImageEvaluation of(JobConfig config, Path folder, ImageSplit split, Demo.Watcher watcher)
      throws IOException {
    long started = System.nanoTime();
    try (ImageEmbedder embedder = ModelFile.images(ModelFile.of(config), config);
        ImageSet images = ImageSet.open(folder);
        Kernels kernels = new CpuKernels()) {
      ImageDecoder decoder = ImageSource.decoder(config.options());
      Embedded train = embed(images, split.streamed(), embedder, decoder, watcher);
      List<String> classes = List.copyOf(new TreeSet<>(train.labels()));
      boolean labelled = classes.size() > 1 && !classes.contains("");
      Double knn = null;
      int queries = 0;
      if (labelled && split.test() != null) {
        Embedded test = embed(images, split.test(), embedder, decoder, watcher);
        watcher.show(1, "classifying the test images by their neighbours");
        queries = test.labels().size();
        knn =
            new NeighbourClassifier(kernels)
                .accuracy(
                    matrix(kernels, train.embeddings()),
                    numbers(train.labels(), classes),
                    matrix(kernels, test.embeddings()),
                    numbers(test.labels(), classes));
      }
      Double prototypes = null;
      Double kmeans = null;
      if (labelled) {
        watcher.show(1, "comparing clusters with classes");
        int[] labels = numbers(train.labels(), classes);
        prototypes = MutualInformation.normalized(clusters(train.embeddings()), labels);
        int k = Math.min(config.imageLearner().clusters().count(), labels.length);
        int[] assignment =
            new KMeans(kernels, k, 1)
                .cluster(
                    matrix(kernels, train.embeddings()),
                    new SeededRandom(config.imageLearner().seed()))
                .assignment();
        kmeans = MutualInformation.normalized(assignment, labels);
      }
      return new ImageEvaluation(
          folder,
          train.embeddings(),
          train.labels(),
          knn,
          queries,
          prototypes,
          kmeans,
          (System.nanoTime() - started) / 1e9);
    }
  }

  private static Embedded embed(
      ImageSet images,
      String prefix,
      ImageEmbedder embedder,
      ImageDecoder decoder,
      Demo.Watcher watcher)
      throws IOException {
    List<String> paths = images.paths().stream().filter(p -> p.startsWith(prefix)).toList();
    Embedded embedded = new Embedded(new ArrayList<>(), new ArrayList<>());
    List<ImageEvent> block = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i);
      String label = ImageSet.label(path, prefix);
      try {
        block.add(
            new ImageEvent(
                path,
                decoder.read(images.content(path)),
                0,
                "",
                label,
                new SourcePosition("", 0, i),
                0));
        embedded.labels().add(label);
      } catch (DecodeException e) {
        // The stream has reported it as a dead letter; it has no place among the embeddings.
        continue;
      }
      if (block.size() == BLOCK) {
        embedded.embeddings().addAll(embedder.describe(block));
        block.clear();
        watcher.show(
            (double) i / paths.size(), String.format("embedding %s with the final model", prefix));
      }
    }
    if (!block.isEmpty()) {
      embedded.embeddings().addAll(embedder.describe(block));
    }
    return embedded;
  }

  private static Matrix matrix(Kernels kernels, List<ImageEmbedding> embeddings) {
    Matrix rows = kernels.allocate(embeddings.size(), embeddings.get(0).vector().length);
    for (int i = 0; i < embeddings.size(); i++) {
      rows.rows(i, i + 1).copyFrom(embeddings.get(i).vector(), 0);
    }
    return rows;
  }

  private static int[] clusters(List<ImageEmbedding> embeddings) {
    return embeddings.stream().mapToInt(e -> Math.max(0, e.cluster())).toArray();
  }

  /** A class that was never streamed is one more, which no neighbour can name. */
  private static int[] numbers(List<String> labels, List<String> classes) {
    return labels.stream()
        .mapToInt(label -> classes.contains(label) ? classes.indexOf(label) : classes.size())
        .toArray();
  }
}
