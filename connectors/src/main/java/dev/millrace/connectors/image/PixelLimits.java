package dev.millrace.connectors.image;

import java.io.Serializable;

/**
 * How many pixels are read and how many are kept.
 *
 * @param maxPixels most pixels that a header may promise, positive; decoding takes for a moment 3
 *     to 8 bytes for each, and a progressive JPEG 6 more
 * @param longestSide width or height above which a picture is made smaller, positive
 */
public record PixelLimits(long maxPixels, int longestSide) implements Serializable {

  /** A photograph of 25 megapixels; 256 pixels are kept of the longer side. */
  public static final PixelLimits DEFAULT = new PixelLimits(25_000_000, 256);

  public PixelLimits {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("maxPixels must be positive, was " + maxPixels);
    }
    if (longestSide < 1) {
      throw new IllegalArgumentException("longestSide must be positive, was " + longestSide);
    }
  }
}
