package dev.millrace.model.encoder;

import dev.millrace.model.eval.NeighbourClassifier;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RunningWhitening;
import dev.millrace.model.kernel.SeededRandom;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Figures of {@link PatchCodes} on pictures in class folders, beside whitened pixels: one shuffled
 * pass over {@code DIR/train/CLASS/*}, then the classes of {@code DIR/test/CLASS/*} by neighbours.
 *
 * <p>Usage: {@code PatchCodesFigures DIR [threshold patchFloor atoms stride kept]}; pictures of 32
 * x 32.
 */
public final class PatchCodesFigures {

  private static final int BATCH = 64;

  private PatchCodesFigures() {}

  private record Pictures(byte[] pixels, int[] classes) {

    int count() {
      return classes.length;
    }
  }

  public static void main(String[] arguments) throws IOException {
    Pictures train = shuffled(load(Path.of(arguments[0], "train")), new SeededRandom(1));
    Pictures test = load(Path.of(arguments[0], "test"));
    PatchCodesConfig config = config(arguments);
    System.out.println(config);
    try (Kernels kernels = new CpuKernels()) {
      NeighbourClassifier classifier = new NeighbourClassifier(kernels);
      if (arguments.length == 1) {
        whitenedPixels(kernels, classifier, train, test);
      }
      PatchCodes codes = new PatchCodes(kernels, config, 7);
      long start = System.nanoTime();
      for (int from = 0; from < train.count(); from += BATCH) {
        int to = Math.min(train.count(), from + BATCH);
        codes.learn(
            Arrays.copyOfRange(
                train.pixels(), from * config.pictureBytes(), to * config.pictureBytes()),
            to - from);
      }
      start = report("pass with its solutions", start);
      codes.solveInPlace();
      start = report("last solution and whitening", start);
      Matrix gallery = kernels.allocate(train.count(), config.dimensions());
      Matrix queries = kernels.allocate(test.count(), config.dimensions());
      codes.embed(train.pixels(), train.count(), gallery);
      codes.embed(test.pixels(), test.count(), queries);
      report("embeddings", start);
      report("whitened", config.dimensions(), classifier, train, gallery, test, queries);
      gallery = kernels.allocate(train.count(), config.pooled());
      queries = kernels.allocate(test.count(), config.pooled());
      codes.embedPooled(train.pixels(), train.count(), gallery);
      codes.embedPooled(test.pixels(), test.count(), queries);
      report("pooled", config.pooled(), classifier, train, gallery, test, queries);
    }
  }

  private static PatchCodesConfig config(String[] arguments) {
    PatchCodesConfig standard = PatchCodesConfig.STANDARD;
    if (arguments.length == 1) {
      return standard;
    }
    return new PatchCodesConfig(
        standard.side(),
        standard.patch(),
        Integer.parseInt(arguments[4]),
        Integer.parseInt(arguments[3]),
        Double.parseDouble(arguments[1]),
        Double.parseDouble(arguments[2]),
        standard.warmUp(),
        Integer.parseInt(arguments[5]),
        standard.patchStep(),
        standard.components(),
        standard.ridge(),
        standard.cells(),
        standard.dimensions(),
        standard.whiteningFloor(),
        standard.growth());
  }

  private static void whitenedPixels(
      Kernels kernels, NeighbourClassifier classifier, Pictures train, Pictures test) {
    Matrix trainPixels = pixels(kernels, train);
    Matrix testPixels = pixels(kernels, test);
    RunningWhitening moments = new RunningWhitening(trainPixels.columns());
    moments.observe(trainPixels);
    Matrix gallery = kernels.allocate(train.count(), 256);
    Matrix queries = kernels.allocate(test.count(), 256);
    var whitening = moments.fit(kernels, 256, 0);
    whitening.apply(trainPixels, gallery);
    whitening.apply(testPixels, queries);
    report("whitened pixels", 256, classifier, train, gallery, test, queries);
  }

  private static Matrix pixels(Kernels kernels, Pictures pictures) {
    int width = pictures.pixels().length / pictures.count();
    Matrix rows = kernels.allocate(pictures.count(), width);
    float[] values = new float[pictures.pixels().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (pictures.pixels()[i] & 0xFF) / 255f;
    }
    rows.copyFrom(values, 0);
    return rows;
  }

  private static long report(String what, long start) {
    System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - start) / 1e9);
    return System.nanoTime();
  }

  private static void report(
      String what,
      int width,
      NeighbourClassifier classifier,
      Pictures train,
      Matrix gallery,
      Pictures test,
      Matrix queries) {
    double accuracy = classifier.accuracy(gallery, train.classes(), queries, test.classes());
    System.out.printf("%s, %d values: kNN %.4f%n", what, width, accuracy);
  }

  private static Pictures shuffled(Pictures pictures, SeededRandom random) {
    int[] order = new int[pictures.count()];
    Arrays.setAll(order, i -> i);
    random.shuffle(order);
    int bytes = pictures.pixels().length / order.length;
    byte[] pixels = new byte[pictures.pixels().length];
    int[] classes = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(pictures.pixels(), order[i] * bytes, pixels, i * bytes, bytes);
      classes[i] = pictures.classes()[order[i]];
    }
    return new Pictures(pixels, classes);
  }

  private static Pictures load(Path root) throws IOException {
    List<Path> files = files(root).stream().flatMap(c -> files(c).stream()).toList();
    List<Path> folders = files(root);
    byte[] pixels = new byte[files.size() * 3 * 32 * 32];
    int[] classes = new int[files.size()];
    int at = 0;
    for (int i = 0; i < classes.length; i++) {
      classes[i] = folders.indexOf(files.get(i).getParent());
      BufferedImage image = ImageIO.read(files.get(i).toFile());
      for (int rgb : image.getRGB(0, 0, 32, 32, null, 0, 32)) {
        pixels[at++] = (byte) (rgb >> 16);
        pixels[at++] = (byte) (rgb >> 8);
        pixels[at++] = (byte) rgb;
      }
    }
    return new Pictures(pixels, classes);
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot read " + folder, e);
    }
  }
}
