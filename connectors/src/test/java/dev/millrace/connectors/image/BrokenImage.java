package dev.millrace.connectors.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Files that are no picture, with the error class each must get.
 *
 * @param file the bytes
 * @param errorClass label of its fault
 */
public record BrokenImage(String name, byte[] file, String errorClass) {

  /** Bytes of the text that inflates from the PNG that brings one. */
  private static final int BOMB_BYTES = 64 << 20;

  /** Every kind once. */
  public static List<BrokenImage> all() {
    byte[] jpeg = TestImages.jpeg(3, false);
    byte[] progressive = TestImages.jpeg(3, true);
    byte[] png = TestImages.all().get("png");
    List<BrokenImage> all = new ArrayList<>();
    all.add(of("no bytes", new byte[0], "EmptyValue"));
    all.add(of("zeros", new byte[4096], "NotAnImage"));
    all.add(of("text", text("no image at all"), "NotAnImage"));
    all.add(of("page", text("<html><body>404</body></html>"), "NotAnImage"));
    all.add(of("GIF", text("GIF89a..."), "UnsupportedImage"));
    all.add(of("WebP", text("RIFF....WEBPVP8 "), "UnsupportedImage"));
    for (int percent : new int[] {1, 20, 50, 90, 99}) {
      all.add(of("JPEG cut at " + percent, cut(jpeg, percent), "TruncatedImage"));
      all.add(of("progressive cut at " + percent, cut(progressive, percent), "TruncatedImage"));
      all.add(of("PNG cut at " + percent, cut(png, Math.max(3, percent)), "TruncatedImage"));
    }
    byte[] hole = jpeg.clone();
    Arrays.fill(hole, hole.length / 2, hole.length - 2, (byte) 0);
    all.add(of("JPEG with half its pixels gone", hole, "CorruptImage"));
    byte[] flipped = png.clone();
    flipped[png.length / 2] ^= 0x10;
    all.add(of("PNG with a bit flipped", flipped, "CorruptImage"));
    all.add(of("JPEG of four gigapixels", resized(jpeg, 65_535, 65_535), "ImageTooLarge"));
    all.add(of("JPEG of 30,000 x 30,000", resized(jpeg, 30_000, 30_000), "ImageTooLarge"));
    all.add(of("JPEG that cannot be so large", resized(jpeg, 5_000, 5_000), "TruncatedImage"));
    all.add(
        of(
            "PNG of 30,000 x 30,000",
            TestImages.rawPng(30_000, 30_000, 8, 6, new byte[1000]),
            "ImageTooLarge"));
    all.add(
        of(
            "PNG of four exapixels",
            TestImages.rawPng(Integer.MAX_VALUE, Integer.MAX_VALUE, 16, 6, new byte[1000]),
            "ImageTooLarge"));
    all.add(
        of(
            "PNG that cannot be so large",
            TestImages.rawPng(5_000, 5_000, 8, 2, new byte[100]),
            "TruncatedImage"));
    all.add(
        of("PNG with too few pixels", TestImages.rawPng(9, 9, 8, 2, new byte[9]), "CorruptImage"));
    all.add(of("nested PNG chunk", nested(png), "CorruptImage"));
    all.add(of("JPEG of 200 scans", scans(progressive, 200), "UnsupportedImage"));
    return all;
  }

  /** A good PNG of one pixel with a compressed text and pixels that inflate without an end. */
  public static byte[] inflatingPng() {
    byte[] bomb = TestImages.deflated(new byte[BOMB_BYTES]);
    byte[] chunk =
        ByteBuffer.allocate(4 + 3 + bomb.length)
            .put("zTXt".getBytes(StandardCharsets.US_ASCII))
            .put(new byte[] {'a', 0, 0})
            .put(bomb)
            .array();
    return TestImages.rawPng(1, 1, 8, 0, new byte[BOMB_BYTES], chunk);
  }

  private static BrokenImage of(String name, byte[] file, String errorClass) {
    return new BrokenImage(name, file, errorClass);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] cut(byte[] file, int percent) {
    return Arrays.copyOf(file, Math.max(2, file.length * percent / 100));
  }

  /** The JPEG with another size in its frame header. */
  private static byte[] resized(byte[] jpeg, int width, int height) {
    byte[] file = jpeg.clone();
    for (int i = 0; i + 8 < file.length; i++) {
      if (file[i] == (byte) 0xFF && file[i + 1] == (byte) 0xC0) {
        ByteBuffer.wrap(file).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
        return file;
      }
    }
    throw new AssertionError("no frame header");
  }

  /** A chunk whose length reaches over the chunks behind it. */
  private static byte[] nested(byte[] png) {
    byte[] file = png.clone();
    int beyondTheHeader = 8 + 25;
    ByteBuffer.wrap(file).putInt(beyondTheHeader, file.length - beyondTheHeader - 12);
    return file;
  }

  /** The JPEG with its last scan over and over. */
  private static byte[] scans(byte[] jpeg, int count) {
    int last = 0;
    for (int i = 0; i + 1 < jpeg.length; i++) {
      last = jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xDA ? i : last;
    }
    int length = jpeg.length - 2 - last;
    ByteBuffer file = ByteBuffer.allocate(jpeg.length + count * length);
    file.put(jpeg, 0, jpeg.length - 2);
    for (int i = 0; i < count; i++) {
      file.put(jpeg, last, length);
    }
    return file.put((byte) 0xFF).put((byte) 0xD9).array();
  }
}
