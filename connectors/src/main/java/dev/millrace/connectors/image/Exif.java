package dev.millrace.connectors.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The orientation in EXIF metadata, the only part of it that changes pixels. */
final class Exif {

  /** The first row is the top, the first column the left side. */
  static final int UPRIGHT = 1;

  private static final int ORIENTATION_TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private Exif() {}

  /**
   * The orientation, 1 to 8, that the first directory of a TIFF structure names (EXIF 2.32, 4.6.4);
   * {@link #UPRIGHT} when it names none or is no such structure: metadata costs no picture.
   *
   * @param bytes holds the structure from {@code from} to before {@code to}
   */
  static int orientation(byte[] bytes, int from, int to) {
    if (to - from < 14) {
      return UPRIGHT;
    }
    ByteBuffer tiff = ByteBuffer.wrap(bytes, from, to - from).slice();
    int order = tiff.getShort(0);
    if (order != 0x4949 && order != 0x4D4D) {
      return UPRIGHT;
    }
    tiff.order(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (tiff.getShort(2) != 42 || directory > tiff.limit() - 2) {
      return UPRIGHT;
    }
    int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) ENTRY_BYTES * i;
      if (entry + ENTRY_BYTES > tiff.limit()) {
        return UPRIGHT;
      }
      if (Short.toUnsignedInt(tiff.getShort((int) entry)) == ORIENTATION_TAG) {
        int value = Short.toUnsignedInt(tiff.getShort((int) entry + 8));
        boolean known = tiff.getShort((int) entry + 2) == SHORT && value >= 1 && value <= 8;
        return known ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }
}
