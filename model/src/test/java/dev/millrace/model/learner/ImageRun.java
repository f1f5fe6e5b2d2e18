package dev.millrace.model.learner;

import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.MutualInformation;
import dev.millrace.model.eval.NeighbourClassifier;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Streams the pictures under {@code DIR/train/CLASS/} once into a learner, in a fixed random order,
 * and classifies those under {@code DIR/test/CLASS/} by their nearest neighbours; a main for
 * people, not a test.
 *
 * <p>Options, {@code name=value}: {@code images, objective, k, epsilon, tau, queue, freeze, rho,
 * batch, replay, ring, rate, method, schedule, warmup, seed, threads, average, floor, decay,
 * weight, patches, order} (patches=yes: joined with the codes of patches; order=classes: class
 * after class, overlapping).
 */
public final class ImageRun {

  private ImageRun() {}

  private record Labelled(String id, Picture picture, int label) {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Map<String, String> options = new TreeMap<>();
    for (int i = 1; i < arguments.length; i++) {
      String[] parts = arguments[i].split("=", 2);
      options.put(parts[0], parts[1]);
    }
    ImageLearnerConfig config = config(options);
    List<Labelled> train = read(directory.resolve("train"));
    List<Labelled> test = read(directory.resolve("test"));
    Collections.shuffle(train, new Random(7));
    int images = Integer.parseInt(options.getOrDefault("images", "" + train.size()));
    List<Labelled> stream = new ArrayList<>(train.subList(0, images));
    if (options.getOrDefault("order", "").equals("classes")) {
      drift(stream);
    }
    int threads = Integer.parseInt(options.getOrDefault("threads", "2"));
    try (ImageLearner learner = new ImageLearnerFactory(config, threads).create()) {
      long start = System.nanoTime();
      LearnerOutput printer = new Printer(start);
      for (int i = 0; i < stream.size(); i++) {
        Labelled one = stream.get(i);
        ImageEvent event =
            new ImageEvent(
                one.id(),
                one.picture(),
                1000L * (i + 1),
                "",
                Integer.toString(one.label()),
                new SourcePosition("images", 0, i),
                0);
        learner.observe(new EventGroup<>(event.eventTime(), List.of(event)), printer);
      }
      learner.finish(printer);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(Locale.ROOT, "streamed %d in %.0f s%n", stream.size(), seconds);
      evaluate(learner, train, test);
    }
  }

  private static ImageLearnerConfig config(Map<String, String> options) {
    String objective = options.getOrDefault("objective", "dcl");
    long seed = Long.parseLong(options.getOrDefault("seed", "1"));
    ImageLearnerConfig config = ImageLearnerConfig.standard(objective, seed);
    ImageLearnerConfig.Training training = config.training();
    ImageLearnerConfig.Clusters clusters = config.clusters();
    if (options.containsKey("objective.tau")) {
      training = training.withObjective(objective, Map.of("tau", options.get("objective.tau")));
    } else if (objective.equals("dcl")) {
      training = ImageLearnerConfig.Training.STANDARD;
    }
    training =
        training.withBatch(
            integer(options, "batch", training.batchImages()),
            integer(options, "replay", training.replaySteps()),
            integer(options, "ring", training.ringImages()));
    training =
        training.withRate(
            ImageLearnerConfig.Method.valueOf(
                options.getOrDefault("method", training.method().name())),
            number(options, "rate", training.rate()));
    int images = integer(options, "images", 20_000);
    training =
        training.withSchedule(
            ImageLearnerConfig.Schedule.valueOf(
                options.getOrDefault("schedule", training.schedule().name())),
            integer(options, "warmup", training.warmUpSteps()),
            images);
    clusters =
        clusters
            .withCount(
                integer(options, "k", clusters.count()),
                integer(options, "queue", clusters.queue()))
            .withSharpness(
                number(options, "epsilon", clusters.epsilon()),
                number(options, "tau", clusters.tau()))
            .withFreeze(
                integer(options, "freeze", clusters.freezeSteps()),
                number(options, "rho", clusters.relaxation()));
    ImageLearnerConfig.Model model =
        new ImageLearnerConfig.Model(
            config.model().encoder(),
            number(options, "average", config.model().average()),
            number(options, "floor", config.model().whiteningFloor()),
            number(options, "decay", config.model().whiteningDecay()),
            options.containsKey("patches") ? config.model().patches() : null,
            number(options, "weight", config.model().learnedWeight()));
    return new ImageLearnerConfig(
        model, training, config.views(), clusters, config.guard(), config.output(), seed);
  }

  private static int integer(Map<String, String> options, String name, int standard) {
    return Integer.parseInt(options.getOrDefault(name, "" + standard));
  }

  private static double number(Map<String, String> options, String name, double standard) {
    return Double.parseDouble(options.getOrDefault(name, "" + standard));
  }

  /** Class after class, each mixed with its neighbours. */
  private static void drift(List<Labelled> stream) {
    SeededRandom random = new SeededRandom(3);
    Map<Labelled, Double> place = new java.util.IdentityHashMap<>();
    stream.forEach(one -> place.put(one, one.label() + 2 * random.nextDouble()));
    stream.sort((a, b) -> Double.compare(place.get(a), place.get(b)));
  }

  private static List<Labelled> read(Path directory) throws IOException {
    List<Path> classes;
    try (Stream<Path> list = Files.list(directory)) {
      classes = list.sorted().toList();
    }
    List<Labelled> all = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      List<Path> files;
      try (Stream<Path> list = Files.list(classes.get(label))) {
        files = list.sorted().toList();
      }
      for (Path file : files) {
        BufferedImage image = ImageIO.read(file.toFile());
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        byte[] rgb = new byte[3 * pixels.length];
        for (int i = 0; i < pixels.length; i++) {
          rgb[3 * i] = (byte) (pixels[i] >> 16);
          rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
          rgb[3 * i + 2] = (byte) pixels[i];
        }
        String id = classes.get(label).getFileName() + "/" + file.getFileName();
        all.add(new Labelled(id, new Picture(width, height, rgb), label));
      }
    }
    return all;
  }

  private static void evaluate(ImageLearner learner, List<Labelled> train, List<Labelled> test) {
    try (Kernels kernels = new CpuKernels(2)) {
      Matrix gallery = embed(kernels, learner, train);
      Matrix queries = embed(kernels, learner, test);
      int[] classes = train.stream().mapToInt(Labelled::label).toArray();
      int[] asked = test.stream().mapToInt(Labelled::label).toArray();
      double top1 = new NeighbourClassifier(kernels).accuracy(gallery, classes, queries, asked);
      int[] clusters = learner.clusters(train.stream().map(Labelled::picture).toList());
      System.out.printf(
          Locale.ROOT,
          "kNN %.4f, mutual information of prototypes and classes %.4f%n",
          top1,
          MutualInformation.normalized(clusters, classes));
    }
  }

  private static Matrix embed(Kernels kernels, ImageLearner learner, List<Labelled> images) {
    float[][] vectors = learner.embed(images.stream().map(Labelled::picture).toList());
    Matrix rows = kernels.allocate(vectors.length, vectors[0].length);
    for (int i = 0; i < vectors.length; i++) {
      rows.rows(i, i + 1).copyFrom(vectors[i], 0);
    }
    return rows;
  }

  private record Printer(long start) implements LearnerOutput {
    @Override
    public void metrics(LearningMetrics made) {
      StringBuilder line = new StringBuilder();
      made.figures()
          .forEach(
              (name, value) -> line.append(String.format(Locale.ROOT, " %s %.4g", name, value)));
      System.out.printf(
          Locale.ROOT,
          "%5.0f s %s%s %s%n",
          (System.nanoTime() - start) / 1e9,
          made.scope(),
          line,
          made.labels());
    }
  }
}
