package dev.millrace.model.augment;

import java.util.Objects;

/**
 * Flip, grey, colour jitter and wavelet bands of an image for given draws.
 *
 * <p>An image is an array of {@code rows * columns} pixels, row-major, red, green and blue side by
 * side, values in [0, 1]; it may be longer than its pixels. Arithmetic is float64 and strict, so a
 * view has the same bits on every machine.
 *
 * <p>Grey is {@code .299 R + .587 G + .114 B} (ITU-R BT.601); jitter as in Chen et al., A simple
 * framework for contrastive learning of visual representations (SimCLR), ICML 2020, appendix A.
 */
public final class ImageOperations {

  /** Values of a pixel. */
  static final int CHANNELS = 3;

  private static final double RED = 0.299;
  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;

  private ImageOperations() {}

  /** Mirrors every row: {@code x[i, j] = x[i, columns - 1 - j]}. */
  public static void flipInPlace(double[] image, int rows, int columns) {
    requireRoom(image, rows, columns);
    for (int i = 0; i < rows; i++) {
      int left = CHANNELS * i * columns;
      int right = left + CHANNELS * (columns - 1);
      for (; left < right; left += CHANNELS, right -= CHANNELS) {
        for (int c = 0; c < CHANNELS; c++) {
          double value = image[left + c];
          image[left + c] = image[right + c];
          image[right + c] = value;
        }
      }
    }
  }

  /** Replaces the three values of every pixel by its grey. */
  public static void greyInPlace(double[] image, int rows, int columns) {
    requireRoom(image, rows, columns);
    for (int at = 0; at < CHANNELS * rows * columns; at += CHANNELS) {
      double grey = RED * image[at] + GREEN * image[at + 1] + BLUE * image[at + 2];
      image[at] = grey;
      image[at + 1] = grey;
      image[at + 2] = grey;
    }
  }

  /**
   * Changes brightness, contrast, saturation and hue, in this order.
   *
   * <p>{@code x = clamp(brightness x); x = clamp(contrast x + (1 - contrast) mean(grey(x))); x =
   * clamp(saturation x + (1 - saturation) grey(x))} with clamps to [0, 1]; then the hue is turned
   * in HSV.
   *
   * @param brightness at least 0; 1 changes nothing, as for the next two
   * @param turn of the hue, as a share of the full circle; of any sign
   */
  public static void jitterInPlace(
      double[] image,
      int rows,
      int columns,
      double brightness,
      double contrast,
      double saturation,
      double turn) {
    requireRoom(image, rows, columns);
    int length = CHANNELS * rows * columns;
    double sum = 0;
    for (int at = 0; at < length; at += CHANNELS) {
      double red = clamp(brightness * image[at]);
      double green = clamp(brightness * image[at + 1]);
      double blue = clamp(brightness * image[at + 2]);
      image[at] = red;
      image[at + 1] = green;
      image[at + 2] = blue;
      sum += RED * red + GREEN * green + BLUE * blue;
    }
    double shift = (1 - contrast) * (sum / (rows * columns));
    for (int at = 0; at < length; at += CHANNELS) {
      double red = clamp(contrast * image[at] + shift);
      double green = clamp(contrast * image[at + 1] + shift);
      double blue = clamp(contrast * image[at + 2] + shift);
      double grey = (1 - saturation) * (RED * red + GREEN * green + BLUE * blue);
      image[at] = clamp(saturation * red + grey);
      image[at + 1] = clamp(saturation * green + grey);
      image[at + 2] = clamp(saturation * blue + grey);
    }
    if (turn != 0) {
      turnHueInPlace(image, length, 6 * (turn - Math.floor(turn)));
    }
  }

  /**
   * Value and chroma stay, the hue moves on.
   *
   * @param sixths sixths of the circle, in [0, 6]
   */
  private static void turnHueInPlace(double[] image, int length, double sixths) {
    for (int at = 0; at < length; at += CHANNELS) {
      double red = image[at];
      double green = image[at + 1];
      double blue = image[at + 2];
      double value = Math.max(red, Math.max(green, blue));
      double chroma = value - Math.min(red, Math.min(green, blue));
      if (chroma > 0) {
        double hue = hue(red, green, blue, value, chroma) + sixths;
        image[at] = value - chroma * share(5 + hue);
        image[at + 1] = value - chroma * share(3 + hue);
        image[at + 2] = value - chroma * share(1 + hue);
      }
    }
  }

  /** In sixths of the circle, in [-1, 5]. */
  private static double hue(double red, double green, double blue, double value, double chroma) {
    if (value == red) {
      return (green - blue) / chroma;
    }
    return value == green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma;
  }

  /** How far a channel lies below the value at an angle of up to two turns, in chromas. */
  private static double share(double angle) {
    double within = angle >= 12 ? angle - 12 : angle >= 6 ? angle - 6 : angle;
    return clamp(Math.min(within, 4 - within));
  }

  /**
   * Orthonormal one-level Haar bands.
   *
   * <p>Of each block {@code [a b; c d]}: low {@code (a+b+c+d)/2}, row difference {@code
   * (a+b-c-d)/2}, column difference {@code (a-b+c-d)/2}, diagonal {@code (a-b-c+d)/2}.
   *
   * @param rows even
   * @param columns even
   * @return the four bands, each an image of half the rows and columns
   */
  public static double[][] haar(double[] image, int rows, int columns) {
    requireRoom(image, rows, columns);
    if (rows % 2 != 0 || columns % 2 != 0) {
      throw new IllegalArgumentException(
          "Haar bands need even sides, were " + rows + " x " + columns);
    }
    double[][] bands = new double[4][CHANNELS * rows * columns / 4];
    int below = CHANNELS * columns;
    int to = 0;
    for (int i = 0; i < rows; i += 2) {
      for (int j = 0; j < columns; j += 2) {
        for (int c = 0; c < CHANNELS; c++, to++) {
          int at = CHANNELS * (i * columns + j) + c;
          double a = image[at];
          double b = image[at + CHANNELS];
          double under = image[at + below];
          double d = image[at + below + CHANNELS];
          bands[0][to] = (a + b + under + d) / 2;
          bands[1][to] = (a + b - under - d) / 2;
          bands[2][to] = (a - b + under - d) / 2;
          bands[3][to] = (a - b - under + d) / 2;
        }
      }
    }
    return bands;
  }

  private static double clamp(double x) {
    return Math.min(1, Math.max(0, x));
  }

  static void requireRoom(double[] image, int rows, int columns) {
    Objects.checkFromIndexSize(0, Math.multiplyExact(CHANNELS, rows * columns), image.length);
  }
}
