package dev.millrace.connectors.image;

import dev.millrace.connectors.codec.DecodeException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The structure of a JPEG file (ITU-T T.81, annex B), read from marker to marker without decoding a
 * pixel.
 *
 * @param width pixels in a row
 * @param height rows
 * @param colours what the components are
 * @param orientation EXIF orientation, 1 to 8
 * @param essence the file without its application segments and comments
 */
record JpegFile(int width, int height, JpegColours colours, int orientation, byte[] essence) {

  /** Scans cost time and hardly any bytes; encoders make about ten. */
  private static final int MOST_SCANS = 64;

  private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);

  static boolean startsLike(byte[] file) {
    return file.length >= 2 && file[0] == (byte) 0xFF && file[1] == (byte) 0xD8;
  }

  /** Reads the structure of a file that {@linkplain #startsLike starts like} a JPEG. */
  static JpegFile parse(byte[] file) throws DecodeException {
    return new Walk(file).file();
  }

  private static final class Walk {
    private final byte[] file;
    private final ByteArrayOutputStream essence;
    private int at = 2;
    private int frame = -1;
    private int scans;
    private boolean jfif;
    private int adobeTransform = JpegColours.NO_ADOBE;
    private int orientation = Exif.UPRIGHT;

    Walk(byte[] file) {
      this.file = file;
      this.essence = new ByteArrayOutputStream(file.length);
      essence.write(file, 0, 2);
    }

    JpegFile file() throws DecodeException {
      for (int marker = nextMarker(); marker != 0xD9; marker = nextMarker()) {
        segment(marker);
      }
      if (frame < 0 || scans == 0) {
        throw Faults.corrupt("the JPEG ends without a picture in it");
      }
      essence.write(0xFF);
      essence.write(0xD9);
      int components = file[frame + 5] & 0xFF;
      JpegColours colours =
          JpegColours.of(
              components,
              jfif,
              adobeTransform,
              Arrays.copyOfRange(file, frame + 6, frame + 6 + 3 * components));
      return new JpegFile(
          unsignedShort(frame + 3),
          unsignedShort(frame + 1),
          colours,
          orientation,
          essence.toByteArray());
    }

    private int nextMarker() throws DecodeException {
      requireBytes(at, 2);
      if (file[at] != (byte) 0xFF) {
        throw Faults.corrupt("byte %d of the JPEG is no marker".formatted(at));
      }
      while (at + 1 < file.length && file[at + 1] == (byte) 0xFF) {
        at++;
      }
      requireBytes(at, 2);
      at += 2;
      return file[at - 1] & 0xFF;
    }

    private void segment(int marker) throws DecodeException {
      if (marker < 0xC0 || marker >= 0xD0 && marker <= 0xD8) {
        throw Faults.corrupt(
            "marker 0xFF%02X at byte %d of the JPEG does not belong there"
                .formatted(marker, at - 2));
      }
      requireBytes(at, 2);
      int length = unsignedShort(at);
      requireBytes(at, length);
      if (length < 2) {
        throw Faults.corrupt("the segment at byte %d has no length".formatted(at - 2));
      }
      int content = at + 2;
      int end = at + length;
      switch (marker) {
        case 0xC0, 0xC1, 0xC2 -> frame(content, end);
        case 0xC3, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF, 0xDE ->
            throw Faults.unsupported(
                "a JPEG of type 0xFF%02X is lossless, hierarchical or arithmetically coded; baseline"
                        .formatted(marker)
                    + " and progressive ones are read");
        case 0xE0 -> jfif |= starts(content, end, JFIF);
        case 0xE1 -> exif(content, end);
        case 0xEE -> adobe(content, end);
        case 0xDA -> end = scan(end);
        default -> {}
      }
      boolean metadata = marker >= 0xE0 && marker <= 0xEF || marker == 0xFE;
      if (!metadata) {
        essence.write(0xFF);
        essence.write(marker);
        essence.write(file, at, end - at);
      }
      at = end;
    }

    private void frame(int content, int end) throws DecodeException {
      if (frame >= 0) {
        throw Faults.corrupt("the JPEG has two frame headers");
      }
      if (end - content < 6 || end - content < 6 + 3 * (file[content + 5] & 0xFF)) {
        throw Faults.corrupt("the frame header of the JPEG is too short");
      }
      if (file[content] != 8) {
        throw Faults.unsupported("a JPEG of " + file[content] + " bits a sample; 8 bits are read");
      }
      if (unsignedShort(content + 1) == 0 || unsignedShort(content + 3) == 0) {
        throw Faults.unsupported("the frame header of the JPEG gives no size");
      }
      frame = content;
    }

    /** Index of the marker that ends the scan whose header ends at {@code i}. */
    private int scan(int headerEnd) throws DecodeException {
      if (frame < 0) {
        throw Faults.corrupt("the JPEG has pixels before its frame header");
      }
      scans++;
      if (scans > MOST_SCANS) {
        throw Faults.unsupported("the JPEG has more than " + MOST_SCANS + " scans");
      }
      for (int i = headerEnd; i + 1 < file.length; i++) {
        if (file[i] == (byte) 0xFF) {
          int next = file[i + 1] & 0xFF;
          // A stuffed zero, a restart or a fill byte.
          if (next != 0 && (next < 0xD0 || next > 0xD7) && next != 0xFF) {
            return i;
          }
        }
      }
      throw Faults.truncated(
          "the JPEG ends inside its pixels after " + file.length + " bytes, without an end marker");
    }

    private void exif(int content, int end) {
      if (starts(content, end, EXIF) && orientation == Exif.UPRIGHT) {
        orientation = Exif.orientation(file, content + EXIF.length, end);
      }
    }

    private void adobe(int content, int end) {
      if (starts(content, end, ADOBE) && end - content >= 12) {
        adobeTransform = file[content + 11] & 0xFF;
      }
    }

    private boolean starts(int from, int to, byte[] prefix) {
      return to - from >= prefix.length
          && Arrays.equals(file, from, from + prefix.length, prefix, 0, prefix.length);
    }

    private void requireBytes(int from, int count) throws DecodeException {
      if (from + count > file.length) {
        throw Faults.truncated(
            "the JPEG ends after " + file.length + " bytes, before its pixels are complete");
      }
    }

    private int unsignedShort(int index) {
      return (file[index] & 0xFF) << 8 | file[index + 1] & 0xFF;
    }
  }
}
