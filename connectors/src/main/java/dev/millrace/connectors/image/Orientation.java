package dev.millrace.connectors.image;

import dev.millrace.model.data.Picture;

/** Turns a picture as its EXIF orientation says. */
final class Orientation {

  private Orientation() {}

  /**
   * The upright picture.
   *
   * @param stored the picture as it is stored
   * @param orientation 1 to 8: what the first row and the first column of {@code stored} are. 1 top
   *     and left, 2 top and right, 3 bottom and right, 4 bottom and left, 5 left and top, 6 right
   *     and top, 7 right and bottom, 8 left and bottom
   */
  static Picture upright(Picture stored, int orientation) {
    if (orientation == Exif.UPRIGHT) {
      return stored;
    }
    boolean turned = orientation >= 5;
    int width = turned ? stored.height() : stored.width();
    int height = turned ? stored.width() : stored.height();
    // Where the upright picture's right or bottom side is stored first.
    boolean fromRight =
        switch (orientation) {
          case 2, 3, 6, 7 -> true;
          default -> false;
        };
    boolean fromBottom =
        switch (orientation) {
          case 3, 4, 7, 8 -> true;
          default -> false;
        };
    byte[] rgb = new byte[stored.rgb().length];
    int to = 0;
    for (int y = 0; y < height; y++) {
      int alongY = fromBottom ? height - 1 - y : y;
      for (int x = 0; x < width; x++) {
        int alongX = fromRight ? width - 1 - x : x;
        int pixel = turned ? alongX * stored.width() + alongY : alongY * stored.width() + alongX;
        System.arraycopy(stored.rgb(), 3 * pixel, rgb, to, 3);
        to += 3;
      }
    }
    return new Picture(width, height, rgb);
  }
}
