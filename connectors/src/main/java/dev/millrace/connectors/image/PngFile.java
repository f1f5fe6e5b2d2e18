package dev.millrace.connectors.image;

import dev.millrace.connectors.codec.DecodeException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The structure of a PNG file (ISO/IEC 15948), read from chunk to chunk, checksums and all, without
 * inflating a byte.
 *
 * @param width pixels in a row
 * @param height rows
 * @param colours what its samples are
 * @param orientation EXIF orientation, 1 to 8
 * @param essence the file with its header, palette and pixels only: a text that inflates to
 *     gigabytes is among what was left out
 */
record PngFile(int width, int height, PngColours colours, int orientation, byte[] essence) {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int CHUNK_BYTES = 12;
  private static final int HEADER_BYTES = 13;

  /** Whether the first bytes, as far as there are any, are those of a PNG. */
  static boolean startsLike(byte[] file) {
    int there = Math.min(file.length, SIGNATURE.length);
    return there >= 4
        && ByteBuffer.wrap(file, 0, there).equals(ByteBuffer.wrap(SIGNATURE, 0, there));
  }

  /** Reads the structure of a file that {@linkplain #startsLike starts like} a PNG. */
  static PngFile parse(byte[] file) throws DecodeException {
    return new Walk(file).file();
  }

  private static final class Walk {
    private final byte[] file;
    private final ByteBuffer numbers;
    private final ByteArrayOutputStream essence;
    private int at = SIGNATURE.length;
    private int header = -1;
    private int pixels;
    private byte[] palette = {};
    private byte[] transparency = {};
    private int orientation = Exif.UPRIGHT;

    Walk(byte[] file) {
      this.file = file;
      this.numbers = ByteBuffer.wrap(file);
      this.essence = new ByteArrayOutputStream(file.length);
      essence.write(SIGNATURE, 0, SIGNATURE.length);
    }

    PngFile file() throws DecodeException {
      boolean more = true;
      while (more) {
        more = chunk();
      }
      if (pixels == 0) {
        throw Faults.corrupt("the PNG ends without pixels in it");
      }
      int type = file[header + 9];
      PngColours colours = PngColours.of(type, file[header + 8], palette, transparency);
      return new PngFile(
          numbers.getInt(header),
          numbers.getInt(header + 4),
          colours,
          orientation,
          essence.toByteArray());
    }

    /** Reads a chunk; false when it was the last. */
    private boolean chunk() throws DecodeException {
      requireBytes(CHUNK_BYTES);
      int length = numbers.getInt(at);
      if (length < 0) {
        throw Faults.corrupt("the chunk at byte " + at + " of the PNG has no length");
      }
      requireBytes((long) CHUNK_BYTES + length);
      CRC32 sum = new CRC32();
      sum.update(file, at + 4, 4 + length);
      if ((int) sum.getValue() != numbers.getInt(at + 8 + length)) {
        throw Faults.corrupt("the chunk at byte " + at + " of the PNG has a wrong checksum");
      }
      String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      content(type, at + 8, length);
      at += CHUNK_BYTES + length;
      return !type.equals("IEND");
    }

    private void content(String type, int from, int length) throws DecodeException {
      if ((header < 0) != type.equals("IHDR")) {
        throw Faults.corrupt("the PNG does not begin with one header");
      }
      switch (type) {
        case "IHDR" -> header(from, length);
        case "PLTE" -> palette = bytes(from, length);
        case "tRNS" -> transparency = bytes(from, length);
        case "eXIf" -> orientation = Exif.orientation(file, from, from + length);
        case "IDAT" -> pixels++;
        case "IEND" -> {}
        default -> {
          // A capital letter marks what nobody may pass over.
          if (Character.isUpperCase(type.charAt(0))) {
            throw Faults.unsupported("the PNG has a critical chunk that is not known");
          }
          return;
        }
      }
      if (!type.equals("tRNS") && !type.equals("eXIf")) {
        essence.write(file, at, CHUNK_BYTES + length);
      }
    }

    private void header(int from, int length) throws DecodeException {
      if (length != HEADER_BYTES) {
        throw Faults.corrupt("the header of the PNG has " + length + " bytes; 13 are expected");
      }
      if (numbers.getInt(from) <= 0 || numbers.getInt(from + 4) <= 0) {
        throw Faults.corrupt("the header of the PNG gives no size");
      }
      header = from;
    }

    private byte[] bytes(int from, int length) {
      byte[] bytes = new byte[length];
      System.arraycopy(file, from, bytes, 0, length);
      return bytes;
    }

    private void requireBytes(long count) throws DecodeException {
      if (at + count > file.length) {
        throw Faults.truncated(
            "the PNG ends after " + file.length + " bytes, before its last chunk");
      }
    }
  }
}
