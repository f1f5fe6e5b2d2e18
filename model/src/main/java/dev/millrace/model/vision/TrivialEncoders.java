package dev.millrace.model.vision;

import dev.millrace.model.kernel.SeededRandom;

/** Encoders that have learned nothing: what a score is worth is its distance from theirs. */
public final class TrivialEncoders {

  private static final int CHANNELS = 3;
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] DEVIATION = {0.229, 0.224, 0.225};

  private TrivialEncoders() {}

  /** The pixels themselves. */
  public static VisionEncoder pixels() {
    return image -> image;
  }

  /** The pixels after the mean and deviation of ImageNet, channel by channel. */
  public static VisionEncoder normalizedPixels() {
    return image -> {
      double[] out = new double[image.length];
      for (int i = 0; i < image.length; i++) {
        out[i] = (image[i] - MEAN[i % CHANNELS]) / DEVIATION[i % CHANNELS];
      }
      return out;
    };
  }

  /**
   * Means of square blocks, channel by channel.
   *
   * @param size side of the image, a multiple of {@code block}
   */
  public static VisionEncoder averagePool(int size, int block) {
    if (block < 1 || size % block != 0) {
      throw new IllegalArgumentException(
          "blocks of side " + block + " do not tile an image of side " + size);
    }
    int side = size / block;
    return image -> {
      double[] out = new double[CHANNELS * side * side];
      for (int y = 0; y < size; y++) {
        int row = CHANNELS * (y / block) * side;
        for (int x = 0; x < size; x++) {
          int from = CHANNELS * (y * size + x);
          int to = row + CHANNELS * (x / block);
          for (int c = 0; c < CHANNELS; c++) {
            out[to + c] += image[from + c] / (block * block);
          }
        }
      }
      return out;
    };
  }

  /**
   * Random normal filters on adjoining patches, the positive part, the mean over all patches.
   *
   * @param size side of the image, a multiple of {@code patch}
   */
  public static VisionEncoder randomPatches(int size, int patch, int filters, long seed) {
    if (patch < 1 || size % patch != 0) {
      throw new IllegalArgumentException(
          "patches of side " + patch + " do not tile an image of side " + size);
    }
    int length = CHANNELS * patch * patch;
    double[][] weights = new double[filters][length];
    SeededRandom random = new SeededRandom(seed);
    for (double[] filter : weights) {
      for (int i = 0; i < length; i++) {
        filter[i] = random.nextGaussian();
      }
    }
    return image -> meanResponses(image, size, patch, weights);
  }

  private static double[] meanResponses(double[] image, int size, int patch, double[][] weights) {
    double[] out = new double[weights.length];
    double[] values = new double[CHANNELS * patch * patch];
    int line = CHANNELS * patch;
    for (int top = 0; top < size; top += patch) {
      for (int left = 0; left < size; left += patch) {
        for (int y = 0; y < patch; y++) {
          System.arraycopy(image, CHANNELS * ((top + y) * size + left), values, y * line, line);
        }
        for (int f = 0; f < weights.length; f++) {
          double response = 0;
          for (int i = 0; i < values.length; i++) {
            response += weights[f][i] * values[i];
          }
          out[f] += Math.max(0, response);
        }
      }
    }
    return out;
  }
}
