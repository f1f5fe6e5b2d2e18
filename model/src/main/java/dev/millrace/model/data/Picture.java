package dev.millrace.model.data;

import java.util.Arrays;

/**
 * Pixels of a decoded image.
 *
 * @param width pixels in a row, above 0
 * @param height rows, above 0
 * @param rgb unsigned bytes, row-major, red, green and blue of each pixel side by side; {@code 3 *
 *     width * height} of them, owned by the record, not to be changed
 */
public record Picture(int width, int height, byte[] rgb) {

  public Picture {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "a picture of " + width + " x " + height + " cannot have " + rgb.length + " bytes");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Picture that
        && width == that.width
        && height == that.height
        && Arrays.equals(rgb, that.rgb);
  }

  @Override
  public int hashCode() {
    return 31 * width + Arrays.hashCode(rgb);
  }

  @Override
  public String toString() {
    return "picture of " + width + " x " + height;
  }
}
