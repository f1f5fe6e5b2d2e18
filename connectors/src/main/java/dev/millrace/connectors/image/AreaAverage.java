package dev.millrace.connectors.image;

import dev.millrace.model.data.Picture;
import java.util.Arrays;

/**
 * Takes the rows of a picture from top to bottom and keeps their average over areas.
 *
 * <p>A pixel of the result covers {@code width / w} by {@code height / h} pixels of the source; its
 * value is their mean, each weighted by the area of it that is covered, rounded half up. All sums
 * are whole numbers, so the result does not depend on their order. A picture whose longer side is
 * not above the wanted one stays as it is.
 */
final class AreaAverage {

  // configuration
  private final int width;
  private final int height;
  private final int outWidth;
  private final int outHeight;

  // runtime
  private final byte[] rgb;
  private final long[] across;
  private final long[] sums;
  private int row;

  /**
   * @param width pixels in a row of the source
   * @param height its rows
   * @param longestSide longer side of the result at most
   */
  AreaAverage(int width, int height, int longestSide) {
    this.width = width;
    this.height = height;
    int longer = Math.max(width, height);
    this.outWidth = longer <= longestSide ? width : shortened(width, longer, longestSide);
    this.outHeight = longer <= longestSide ? height : shortened(height, longer, longestSide);
    this.rgb = new byte[3 * outWidth * outHeight];
    this.across = new long[3 * outWidth];
    this.sums = new long[3 * outWidth];
  }

  private static int shortened(int side, int longer, int longestSide) {
    return (int) Math.max(1, ((long) side * longestSide + longer / 2) / longer);
  }

  /**
   * Adds the next row.
   *
   * @param samples red, green and blue of each pixel, 0 to 255
   */
  void add(int[] samples) {
    if (outWidth == width && outHeight == height) {
      int from = 3 * width * row;
      for (int i = 0; i < 3 * width; i++) {
        rgb[from + i] = (byte) samples[i];
      }
      row++;
      return;
    }
    sumAcross(samples);
    // A source row is outHeight units high, a row of the result height units: at most two overlap.
    long top = (long) row * outHeight;
    long bottom = top + outHeight;
    int out = (int) (top / height);
    long edge = (out + 1L) * height;
    addAcross(Math.min(bottom, edge) - top);
    if (bottom >= edge) {
      finish(out);
      addAcross(bottom - edge);
    }
    row++;
  }

  private void sumAcross(int[] samples) {
    Arrays.fill(across, 0);
    int out = 0;
    long edge = width;
    long left = 0;
    for (int x = 0; x < width; x++) {
      long right = left + outWidth;
      long here = Math.min(right, edge) - left;
      for (int c = 0; c < 3; c++) {
        across[3 * out + c] += here * samples[3 * x + c];
      }
      if (right >= edge) {
        out++;
        edge += width;
        long there = outWidth - here;
        for (int c = 0; there > 0 && c < 3; c++) {
          across[3 * out + c] += there * samples[3 * x + c];
        }
      }
      left = right;
    }
  }

  private void addAcross(long weight) {
    for (int i = 0; weight > 0 && i < sums.length; i++) {
      sums[i] += weight * across[i];
    }
  }

  private void finish(int out) {
    long area = (long) width * height;
    for (int i = 0; i < sums.length; i++) {
      rgb[3 * outWidth * out + i] = (byte) ((2 * sums[i] + area) / (2 * area));
      sums[i] = 0;
    }
  }

  /** The picture, when all rows were added. */
  Picture picture() {
    return new Picture(outWidth, outHeight, rgb);
  }
}
