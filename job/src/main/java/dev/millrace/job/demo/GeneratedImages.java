package dev.millrace.job.demo;

import dev.millrace.model.data.Picture;
import dev.millrace.model.kernel.SeededRandom;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * A small set of images with known groups, drawn from a seed, so that the demo runs with no data:
 * {@code train/GROUP/NNN} and {@code test/GROUP/NNN}, half of them JPEG and half PNG.
 */
public final class GeneratedImages {

  /** What the set is called in reports. */
  public static final String NAME = "generated shapes";

  /** Images after which a window of the metrics closes: so few that there are some. */
  static final String WINDOW = "100";

  private static final int SIZE = 40;
  private static final int TRAIN = 50;
  private static final int TEST = 12;
  private static final long SEED = 20_240_501;

  private GeneratedImages() {}

  /** Draws the set into a directory that does not exist yet; the directory. */
  public static Path write(Path directory) throws IOException {
    return write(directory, TRAIN, TEST);
  }

  /** Draws so many images of each group. */
  static Path write(Path directory, int train, int test) throws IOException {
    for (TexturedShape.Shape shape : TexturedShape.Shape.values()) {
      for (TexturedShape.Texture texture : TexturedShape.Texture.values()) {
        String group = (texture + "-" + shape).toLowerCase(Locale.ROOT);
        SeededRandom random =
            new SeededRandom(SEED + 31L * shape.ordinal() + 1_009L * texture.ordinal());
        writeGroup(directory.resolve("train").resolve(group), shape, texture, train, random);
        writeGroup(directory.resolve("test").resolve(group), shape, texture, test, random);
      }
    }
    return directory;
  }

  private static void writeGroup(
      Path directory,
      TexturedShape.Shape shape,
      TexturedShape.Texture texture,
      int count,
      SeededRandom random)
      throws IOException {
    Files.createDirectories(directory);
    for (int i = 0; i < count; i++) {
      String format = i % 2 == 0 ? "jpg" : "png";
      Path file = directory.resolve(String.format(Locale.ROOT, "%03d.%s", i, format));
      if (!ImageIO.write(
          image(TexturedShape.draw(shape, texture, SIZE, random)), format, file.toFile())) {
        throw new IllegalStateException("this Java has no writer of " + format + " files");
      }
    }
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
