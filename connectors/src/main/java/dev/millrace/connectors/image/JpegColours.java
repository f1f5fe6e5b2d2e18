package dev.millrace.connectors.image;

import dev.millrace.connectors.codec.DecodeException;
import java.util.Arrays;

/**
 * What the components of a JPEG are, and how they become red, green and blue in [0, 255].
 *
 * <p>Y, Cb, Cr as JFIF 1.02 says: {@code R = Y + 1.402 (Cr - 128)}, {@code G = Y - 0.344136 (Cb -
 * 128) - 0.714136 (Cr - 128)}, {@code B = Y + 1.772 (Cb - 128)}, in fixed point with 16 bits,
 * rounded half up. CMYK without a colour profile: {@code R = C K / 255} of the inverted inks, which
 * is how Adobe and everybody after it stores them. Colour profiles are passed over.
 */
enum JpegColours {
  GREY(1),
  RGB(3),
  YCC(3),
  CMYK(4),
  YCCK(4);

  /** Stands for the transform of a file that has no segment of Adobe's. */
  static final int NO_ADOBE = -1;

  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);
  private static final int CR_TO_RED = fixed(1.402);
  private static final int CB_TO_GREEN = fixed(0.344136286);
  private static final int CR_TO_GREEN = fixed(0.714136286);
  private static final int CB_TO_BLUE = fixed(1.772);
  private static final byte[] RED_GREEN_BLUE = {'R', 'G', 'B'};

  private final int components;

  JpegColours(int components) {
    this.components = components;
  }

  /**
   * The colours of a file: by Adobe's segment if there is one, else by JFIF, else by the names of
   * the components.
   *
   * @param count number of components
   * @param jfif whether there is a JFIF segment
   * @param adobe the transform in Adobe's segment, or {@link #NO_ADOBE}
   * @param specifications three bytes for each component, its name first
   */
  static JpegColours of(int count, boolean jfif, int adobe, byte[] specifications)
      throws DecodeException {
    return switch (count) {
      case 1 -> GREY;
      case 3 -> {
        byte[] names = {specifications[0], specifications[3], specifications[6]};
        boolean plain = !jfif && (adobe == 0 || adobe < 0 && Arrays.equals(names, RED_GREEN_BLUE));
        yield plain ? RGB : YCC;
      }
      case 4 -> adobe == 2 ? YCCK : CMYK;
      default -> throw Faults.unsupported("a JPEG of " + count + " components; 1, 3 or 4 are read");
    };
  }

  /** How many components a pixel has. */
  int components() {
    return components;
  }

  /**
   * A row of pixels as red, green and blue.
   *
   * @param samples the components of each pixel side by side
   * @param rgb where the row is written, three numbers a pixel
   */
  void convert(int[] samples, int[] rgb) {
    int pixels = rgb.length / 3;
    for (int x = 0; x < pixels; x++) {
      int from = components * x;
      int to = 3 * x;
      switch (this) {
        case GREY -> Arrays.fill(rgb, to, to + 3, samples[from]);
        case RGB -> System.arraycopy(samples, from, rgb, to, 3);
        case YCC -> toRgb(samples, from, rgb, to);
        case CMYK -> {
          System.arraycopy(samples, from, rgb, to, 3);
          darken(rgb, to, samples[from + 3]);
        }
        case YCCK -> {
          toRgb(samples, from, rgb, to);
          for (int c = 0; c < 3; c++) {
            rgb[to + c] = 255 - rgb[to + c];
          }
          darken(rgb, to, samples[from + 3]);
        }
      }
    }
  }

  private static void toRgb(int[] samples, int from, int[] rgb, int to) {
    int y = (samples[from] << BITS) + HALF;
    int cb = samples[from + 1] - 128;
    int cr = samples[from + 2] - 128;
    rgb[to] = clamped(y + CR_TO_RED * cr);
    rgb[to + 1] = clamped(y - CB_TO_GREEN * cb - CR_TO_GREEN * cr);
    rgb[to + 2] = clamped(y + CB_TO_BLUE * cb);
  }

  private static void darken(int[] rgb, int to, int black) {
    for (int c = 0; c < 3; c++) {
      rgb[to + c] = (rgb[to + c] * black + 127) / 255;
    }
  }

  private static int clamped(int fixed) {
    return Math.max(0, Math.min(255, fixed >> BITS));
  }

  private static int fixed(double factor) {
    return (int) Math.round(factor * (1 << BITS));
  }
}
