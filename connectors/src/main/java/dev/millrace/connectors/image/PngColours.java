package dev.millrace.connectors.image;

import dev.millrace.connectors.codec.DecodeException;

/**
 * What the samples of a PNG are, and how they become red, green and blue in [0, 255].
 *
 * <p>A sample of {@code b} bits is scaled by {@code 255 / (2^b - 1)}, rounded. What is transparent
 * is laid over white: {@code (a c + (m - a) 255) / m} with {@code m} the largest alpha. Gamma and
 * colour profiles are passed over.
 */
final class PngColours {

  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  private final int type;
  private final int largest;
  private final byte[] palette;
  private final byte[] transparency;

  private PngColours(int type, int largest, byte[] palette, byte[] transparency) {
    this.type = type;
    this.largest = largest;
    this.palette = palette;
    this.transparency = transparency;
  }

  /**
   * The colours of a file.
   *
   * @param type colour type of its header
   * @param bits bits of a sample
   * @param palette content of its palette chunk; empty without
   * @param transparency content of its transparency chunk; empty without
   */
  static PngColours of(int type, int bits, byte[] palette, byte[] transparency)
      throws DecodeException {
    boolean allowed =
        switch (type) {
          case GREY -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
          case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
          case RGB, GREY_ALPHA, RGB_ALPHA -> bits == 8 || bits == 16;
          default -> false;
        };
    if (!allowed) {
      throw Faults.corrupt("a PNG of colour type " + type + " with " + bits + " bits");
    }
    if (type == PALETTE && (palette.length == 0 || palette.length % 3 != 0)) {
      throw Faults.corrupt("the PNG has no palette for its colours");
    }
    return new PngColours(type, (1 << bits) - 1, palette, transparency);
  }

  /** How many samples a pixel has. */
  int components() {
    return switch (type) {
      case GREY, PALETTE -> 1;
      case GREY_ALPHA -> 2;
      case RGB -> 3;
      default -> 4;
    };
  }

  /** How many bits a pixel has at least, compressed by nothing. */
  int bitsPerPixel() {
    return components() * Integer.bitCount(largest);
  }

  /**
   * A row of pixels as red, green and blue.
   *
   * @param samples the samples of each pixel side by side
   * @param rgb where the row is written, three numbers a pixel
   */
  void convert(int[] samples, int[] rgb) throws DecodeException {
    int components = components();
    for (int x = 0; x < rgb.length / 3; x++) {
      int from = components * x;
      int to = 3 * x;
      switch (type) {
        case GREY, GREY_ALPHA -> {
          int alpha = type == GREY ? keyed(samples, from, 1) : samples[from + 1];
          int grey = overWhite(samples[from], alpha);
          rgb[to] = grey;
          rgb[to + 1] = grey;
          rgb[to + 2] = grey;
        }
        case PALETTE -> entry(samples[from], rgb, to);
        default -> {
          int alpha = type == RGB ? keyed(samples, from, 3) : samples[from + 3];
          for (int c = 0; c < 3; c++) {
            rgb[to + c] = overWhite(samples[from + c], alpha);
          }
        }
      }
    }
  }

  /** The alpha of a pixel where one colour is named as transparent. */
  private int keyed(int[] samples, int from, int count) {
    if (transparency.length < 2 * count) {
      return largest;
    }
    for (int c = 0; c < count; c++) {
      int key = (transparency[2 * c] & 0xFF) << 8 | transparency[2 * c + 1] & 0xFF;
      if (samples[from + c] != key) {
        return largest;
      }
    }
    return 0;
  }

  private void entry(int index, int[] rgb, int to) throws DecodeException {
    if (3 * index >= palette.length) {
      throw Faults.corrupt(
          "a pixel of the PNG has colour " + index + " of a palette of " + palette.length / 3);
    }
    int alpha = index < transparency.length ? transparency[index] & 0xFF : 255;
    for (int c = 0; c < 3; c++) {
      int colour = palette[3 * index + c] & 0xFF;
      rgb[to + c] = (colour * alpha + 255 * (255 - alpha) + 127) / 255;
    }
  }

  /** {@code 255 (s a + m (m - a)) / m^2}, rounded. */
  private int overWhite(int sample, int alpha) {
    long square = (long) largest * largest;
    long over = (long) sample * alpha + (long) largest * (largest - alpha);
    return (int) ((2 * 255 * over + square) / (2 * square));
  }
}
