package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Matrix;

/** Pictures as {@link PatchCodes} takes them, from pixels as views have them. */
public final class PixelBytes {

  private PixelBytes() {}

  /**
   * Undoes a normalisation.
   *
   * @param pixels {@code (count * side * side) x 3}, picture after picture, row after row, values
   *     {@code (x / 255 - mean) / deviation}
   * @return 8 bits a value, the nearest, which is the depth that pictures come with
   */
  public static byte[] of(Matrix pixels, double mean, double deviation) {
    float[] values = new float[Math.toIntExact(pixels.size())];
    pixels.copyTo(values, 0);
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      long value = Math.round(255 * (values[i] * deviation + mean));
      bytes[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return bytes;
  }
}
