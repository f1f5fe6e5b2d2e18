package dev.millrace.model.eval;

import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.SeededRandom;
import java.util.List;

/**
 * Generated pictures with known groups: a shape with a texture on a background of another colour.
 *
 * <p>Five shapes (disc, square, triangle, ring, cross), each plain and striped, are ten groups.
 * Colours, place, size, turn and noise are drawn anew for each picture and say nothing of its
 * group. Picture {@code n} of a seed is the same everywhere.
 */
public final class TexturedShapes {

  /** Number of groups. */
  public static final int GROUPS = 10;

  private static final List<String> SHAPES = List.of("disc", "square", "triangle", "ring", "cross");

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

  /** The name of a group, such as {@code striped-ring}. */
  public static String name(int group) {
    return (group < SHAPES.size() ? "plain-" : "striped-") + SHAPES.get(group % SHAPES.size());
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
    double[] back = colour(random);
    double[] fore = colour(random);
    double[] other = colour(random);
    double centreX = side * (0.4 + 0.2 * random.nextDouble());
    double centreY = side * (0.4 + 0.2 * random.nextDouble());
    double radius = side * (0.26 + 0.12 * random.nextDouble());
    double turn = 0.4 * (random.nextDouble() - 0.5);
    double cos = StrictMath.cos(turn);
    double sin = StrictMath.sin(turn);
    double period = side / 9.0 * (0.8 + 0.4 * random.nextDouble());
    byte[] rgb = new byte[3 * side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double dx = x + 0.5 - centreX;
        double dy = y + 0.5 - centreY;
        double u = (cos * dx + sin * dy) / radius;
        double v = (cos * dy - sin * dx) / radius;
        boolean stripe =
            group >= SHAPES.size() && Math.floorMod((int) (u * radius / period), 2) == 0;
        double[] colour = !isInside(group % SHAPES.size(), u, v) ? back : stripe ? other : fore;
        for (int c = 0; c < 3; c++) {
          double value = colour[c] + 12 * (random.nextDouble() - 0.5);
          rgb[3 * (y * side + x) + c] = (byte) Math.max(0, Math.min(255, Math.round(value)));
        }
      }
    }
    return new Picture(side, side, rgb);
  }

  private static boolean isInside(int shape, double u, double v) {
    double square = u * u + v * v;
    return switch (shape) {
      case 0 -> square < 1;
      case 1 -> Math.abs(u) < 0.85 && Math.abs(v) < 0.85;
      case 2 -> v < 0.75 && v > -1 && Math.abs(u) < (v + 1) * 0.6;
      case 3 -> square < 1 && square > 0.36;
      default -> Math.min(Math.abs(u), Math.abs(v)) < 0.3 && Math.max(Math.abs(u), Math.abs(v)) < 1;
    };
  }

  private static double[] colour(SeededRandom random) {
    return new double[] {
      20 + 215 * random.nextDouble(), 20 + 215 * random.nextDouble(), 20 + 215 * random.nextDouble()
    };
  }
}
