package dev.millrace.model.eval;

import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.SeededRandom;
import java.util.List;

/**
 * Generated pictures with known groups: a light shape with a dark texture on a dark background.
 *
 * <p>Two shapes (disc, cross), each plain, with bars across, with bars upright, chequered or
 * dotted, are ten groups. Hues, place, size, turn and noise are drawn anew for each picture and say
 * nothing of its group. Picture {@code n} of a seed is the same everywhere.
 */
public final class TexturedShapes {

  /** Number of groups. */
  public static final int GROUPS = 10;

  private static final List<String> TEXTURES =
      List.of("plain", "barred", "striped", "chequered", "dotted");

  private final long seed;
  private final int side;

  /**
   * @param side pixels of each side of a picture, at least 8
   */
  public TexturedShapes(long seed, int side) {
    if (side < 8) {
      throw new IllegalArgumentException("a shape needs a side of at least 8, was " + side);
    }
    this.seed = seed;
    this.side = side;
  }

  /** The name of a group, such as {@code striped-disc}. */
  public static String name(int group) {
    return TEXTURES.get(group / 2) + (group % 2 == 0 ? "-disc" : "-cross");
  }

  /** The group of the picture of a number, drawn evenly. */
  public int group(long number) {
    return random(number).nextInt(GROUPS);
  }

  private SeededRandom random(long number) {
    return new SeededRandom(SeededRandom.mix(seed + SeededRandom.mix(number)));
  }

  /** The event of a number, labelled with its group's name; one every second. */
  public ImageEvent event(long number) {
    return new ImageEvent(
        "shape-" + number,
        picture(number),
        1_000 * (number + 1),
        "",
        name(group(number)),
        new SourcePosition("images", 0, number),
        0);
  }

  /** The picture of a number. */
  public Picture picture(long number) {
    SeededRandom random = random(number);
    int group = random.nextInt(GROUPS);
    double[] back = colour(random, 20);
    double[] fore = colour(random, 160);
    double[] dark = colour(random, 20);
    double centreX = side * (0.45 + 0.1 * random.nextDouble());
    double centreY = side * (0.45 + 0.1 * random.nextDouble());
    double radius = side * (0.36 + 0.1 * random.nextDouble());
    double turn = 0.3 * (random.nextDouble() - 0.5);
    double cos = StrictMath.cos(turn);
    double sin = StrictMath.sin(turn);
    byte[] rgb = new byte[3 * side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double dx = x + 0.5 - centreX;
        double dy = y + 0.5 - centreY;
        double u = (cos * dx + sin * dy) / radius;
        double v = (cos * dy - sin * dx) / radius;
        double[] colour = !isInside(group % 2, u, v) ? back : isDark(group / 2, u, v) ? dark : fore;
        for (int c = 0; c < 3; c++) {
          double value = colour[c] + 12 * (random.nextDouble() - 0.5);
          rgb[3 * (y * side + x) + c] = (byte) Math.max(0, Math.min(255, Math.round(value)));
        }
      }
    }
    return new Picture(side, side, rgb);
  }

  private static boolean isInside(int shape, double u, double v) {
    return shape == 0
        ? u * u + v * v < 1
        : Math.min(Math.abs(u), Math.abs(v)) < 0.45 && Math.max(Math.abs(u), Math.abs(v)) < 1;
  }

  private static boolean isDark(int texture, double u, double v) {
    int across = (int) Math.floor(2.5 * (v + 2));
    int upright = (int) Math.floor(2.5 * (u + 2));
    return switch (texture) {
      case 0 -> false;
      case 1 -> across % 2 == 0;
      case 2 -> upright % 2 == 0;
      case 3 -> (across + upright) % 2 == 0;
      default -> across % 2 == 0 && upright % 2 == 0;
    };
  }

  /** A hue that is random, of a brightness that is not. */
  private static double[] colour(SeededRandom random, double least) {
    return new double[] {
      least + 70 * random.nextDouble(),
      least + 70 * random.nextDouble(),
      least + 70 * random.nextDouble()
    };
  }
}
