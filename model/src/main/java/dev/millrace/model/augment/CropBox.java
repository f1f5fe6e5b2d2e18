package dev.millrace.model.augment;

import dev.millrace.model.augment.ImageViewConfig.Crops;
import dev.millrace.model.kernel.SeededRandom;

/**
 * The box of a random resized crop, drawn again and again in place.
 *
 * <p>Area uniform, ratio log-uniform, position uniform among all that fit; a box that does not fit
 * is drawn anew, ten times at most, then it is the largest box of an allowed ratio in the middle
 * (Szegedy et al., Going deeper with convolutions, CVPR 2015, section 6).
 */
final class CropBox {

  private static final int ATTEMPTS = 10;

  private final double smallestRatio;
  private final double largestRatio;
  private final double lowLogRatio;
  private final double highLogRatio;

  private int top;
  private int left;
  private int height;
  private int width;

  CropBox(double smallestRatio, double largestRatio) {
    this.smallestRatio = smallestRatio;
    this.largestRatio = largestRatio;
    lowLogRatio = StrictMath.log(smallestRatio);
    highLogRatio = StrictMath.log(largestRatio);
  }

  int top() {
    return top;
  }

  int left() {
    return left;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  void drawInPlace(Crops crops, int rows, int columns, SeededRandom random) {
    for (int i = 0; i < ATTEMPTS; i++) {
      double area =
          (double) rows * columns * uniform(random, crops.smallestArea(), crops.largestArea());
      double ratio = StrictMath.exp(uniform(random, lowLogRatio, highLogRatio));
      width = round(Math.sqrt(area * ratio));
      height = round(Math.sqrt(area / ratio));
      if (width <= columns && height <= rows) {
        top = random.nextInt(rows - height + 1);
        left = random.nextInt(columns - width + 1);
        return;
      }
    }
    height = Math.min(rows, round(columns / smallestRatio));
    width = Math.min(columns, round(rows * largestRatio));
    top = (rows - height) / 2;
    left = (columns - width) / 2;
  }

  static double uniform(SeededRandom random, double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  private static int round(double side) {
    return Math.max(1, (int) Math.round(side));
  }
}
