package dev.millrace.job.demo;

import dev.millrace.model.data.Picture;
import dev.millrace.model.eval.TexturedShapes;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * A small set of images with known groups, {@link TexturedShapes}, so that the demo runs with no
 * data: {@code train/GROUP/NNNN} and {@code test/GROUP/NNNN}, half of them JPEG and half PNG.
 */
public final class GeneratedImages {

  /** What the set is called in reports. */
  public static final String NAME = "generated shapes";

  private static final int SIDE = 40;
  private static final int TRAIN = 600;
  private static final int TEST = 150;
  private static final long SEED = 1;

  private GeneratedImages() {}

  /** Options that suit so small a set: windows that close, a dictionary that is drawn early. */
  static Map<String, String> options() {
    return Map.of(
        "learn.images.evaluation.window", "100",
        "learn.images.patches.warm-up", "150",
        "learn.images.patches.kept", "600",
        "learn.images.patches.atoms", "512",
        "learn.images.patches.dimensions", "128");
  }

  /** Draws the set into a directory that does not exist yet; the directory. */
  public static Path write(Path directory) throws IOException {
    return write(directory, TRAIN, TEST);
  }

  /** Draws so many images. */
  static Path write(Path directory, int train, int test) throws IOException {
    TexturedShapes shapes = new TexturedShapes(SEED, SIDE);
    for (int number = 0; number < train + test; number++) {
      Path group =
          directory
              .resolve(number < train ? "train" : "test")
              .resolve(TexturedShapes.name(shapes.group(number)));
      Files.createDirectories(group);
      String format = number % 2 == 0 ? "jpg" : "png";
      Path file = group.resolve(String.format(Locale.ROOT, "%04d.%s", number, format));
      if (!ImageIO.write(image(shapes.picture(number)), format, file.toFile())) {
        throw new IllegalStateException("this Java has no writer of " + format + " files");
      }
    }
    return directory;
  }

  /** A picture for Java's writers. */
  static BufferedImage image(Picture picture) {
    byte[] rgb = picture.rgb();
    int width = picture.width();
    BufferedImage image = new BufferedImage(width, picture.height(), BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < width * picture.height(); pixel++) {
      int value =
          (rgb[3 * pixel] & 0xff) << 16
              | (rgb[3 * pixel + 1] & 0xff) << 8
              | rgb[3 * pixel + 2] & 0xff;
      image.setRGB(pixel % width, pixel / width, value);
    }
    return image;
  }
}
