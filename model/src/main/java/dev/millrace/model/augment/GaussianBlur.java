package dev.millrace.model.augment;

import static dev.millrace.model.augment.ImageOperations.CHANNELS;

/**
 * Separable Gaussian blur.
 *
 * <p>{@code y[i] = sum_k w[k] x[i + k]}, {@code k = -radius .. radius}, {@code w[k]} proportional
 * to {@code exp(-k^2 / (2 sigma^2))} with sum 1; first down the columns, then along the rows. The
 * border is a mirror that does not repeat the edge pixel.
 *
 * <p>Keeps its buffers from call to call; one thread at a time.
 */
public final class GaussianBlur {

  private double[] weights = new double[0];
  private double[] between = new double[0];

  /**
   * Blurs an image.
   *
   * @param image {@code rows x columns} pixels as in {@link ImageOperations}
   * @param sigma above 0, in pixels
   * @param radius at least 0 and below both sides
   */
  public void blurInPlace(double[] image, int rows, int columns, double sigma, int radius) {
    ImageOperations.requireRoom(image, rows, columns);
    if (!(sigma > 0)) {
      throw new IllegalArgumentException("sigma is above 0, was " + sigma);
    }
    if (radius < 0 || radius >= Math.min(rows, columns)) {
      throw new IllegalArgumentException(
          "a blur of radius " + radius + " does not fit " + rows + " x " + columns + " pixels");
    }
    weigh(sigma, radius);
    int line = CHANNELS * columns;
    if (between.length < rows * line) {
      between = new double[rows * line];
    }
    for (int i = 0; i < rows; i++) {
      for (int at = 0; at < line; at++) {
        double sum = 0;
        for (int k = -radius; k <= radius; k++) {
          sum += weights[k + radius] * image[mirror(i + k, rows) * line + at];
        }
        between[i * line + at] = sum;
      }
    }
    for (int i = 0; i < rows; i++) {
      for (int at = 0; at < line; at++) {
        int column = at / CHANNELS;
        int channel = i * line + at % CHANNELS;
        double sum = 0;
        for (int k = -radius; k <= radius; k++) {
          sum += weights[k + radius] * between[channel + CHANNELS * mirror(column + k, columns)];
        }
        image[i * line + at] = sum;
      }
    }
  }

  private void weigh(double sigma, int radius) {
    if (weights.length < 2 * radius + 1) {
      weights = new double[2 * radius + 1];
    }
    double sum = 0;
    for (int k = -radius; k <= radius; k++) {
      weights[k + radius] = StrictMath.exp(-(double) k * k / (2 * sigma * sigma));
      sum += weights[k + radius];
    }
    for (int k = 0; k <= 2 * radius; k++) {
      weights[k] /= sum;
    }
  }

  private static int mirror(int index, int size) {
    int inside = Math.abs(index);
    return inside < size ? inside : 2 * (size - 1) - inside;
  }
}
