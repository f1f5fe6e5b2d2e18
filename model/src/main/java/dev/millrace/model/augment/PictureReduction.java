package dev.millrace.model.augment;

import dev.millrace.model.augment.ImageViewConfig.Crops;
import dev.millrace.model.data.Picture;

/**
 * Shrinks pictures that have more pixels than any view needs.
 *
 * <p>Where the smallest crop still has a view's pixels, resizing bilinearly would skip pixels and
 * alias; so each side is first divided by a whole number and blocks are averaged. With {@code need}
 * the side of a picture whose smallest crop has just the pixels of its view, the short side becomes
 * {@code short / floor(short / need)}, below {@code 2 need}; the long side keeps the ratio but is
 * at most {@code 8 need}. What is small enough stays as it is, so reducing twice is reducing once.
 */
final class PictureReduction {

  private static final int LONGEST = 8;

  private final double need;

  PictureReduction(ImageViewConfig config) {
    need = Math.max(need(config.large()), need(config.small()));
  }

  private static double need(Crops crops) {
    return crops.size() / Math.sqrt(crops.smallestArea());
  }

  int width(Picture picture) {
    return side(picture.width(), picture);
  }

  int height(Picture picture) {
    return side(picture.height(), picture);
  }

  private int side(int side, Picture picture) {
    int factor = Math.max(1, (int) (Math.min(picture.width(), picture.height()) / need));
    return Math.max(1, Math.min(side / factor, (int) (LONGEST * need)));
  }

  /** The picture with fewer pixels, or itself if it has no more than needed. */
  Picture reduced(Picture picture) {
    int width = width(picture);
    int height = height(picture);
    if (width == picture.width() && height == picture.height()) {
      return picture;
    }
    byte[] rgb = new byte[3 * width * height];
    int to = 0;
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        for (int c = 0; c < 3; c++, to++) {
          rgb[to] = (byte) blockMean(picture, i, height, j, width, c);
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  /** Values in [0, 1] of the reduced picture, rounded to whole bytes before as a stored one is. */
  void read(Picture picture, double[] out) {
    int width = width(picture);
    int height = height(picture);
    if (width == picture.width() && height == picture.height()) {
      byte[] rgb = picture.rgb();
      for (int i = 0; i < rgb.length; i++) {
        out[i] = (rgb[i] & 0xFF) / 255.0;
      }
      return;
    }
    int to = 0;
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        for (int c = 0; c < 3; c++, to++) {
          out[to] = blockMean(picture, i, height, j, width, c) / 255.0;
        }
      }
    }
  }

  /** Mean of block {@code (i, j)} of {@code height x width}, rounded half up. */
  private static int blockMean(Picture picture, int i, int height, int j, int width, int channel) {
    int top = start(i, picture.height(), height);
    int bottom = start(i + 1, picture.height(), height);
    int left = start(j, picture.width(), width);
    int right = start(j + 1, picture.width(), width);
    byte[] rgb = picture.rgb();
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      int line = 3 * y * picture.width() + channel;
      for (int x = left; x < right; x++) {
        sum += rgb[line + 3 * x] & 0xFF;
      }
    }
    long count = (long) (bottom - top) * (right - left);
    return (int) ((2 * sum + count) / (2 * count));
  }

  private static int start(int block, int side, int blocks) {
    return (int) ((long) block * side / blocks);
  }
}
