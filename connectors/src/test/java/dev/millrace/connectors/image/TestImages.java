package dev.millrace.connectors.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Image files, made on the spot. */
public final class TestImages {

  public static final int WIDTH = 40;
  public static final int HEIGHT = 24;

  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private TestImages() {}

  /** One file of each kind that is read, by name. */
  public static Map<String, byte[]> all() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("grey jpeg", jpeg(1, false));
    all.put("jpeg", jpeg(3, false));
    all.put("progressive jpeg", jpeg(3, true));
    all.put("rotated jpeg", withExif(jpeg(3, false), 6));
    all.put("cmyk jpeg", withAdobe(jpeg(4, false), 0));
    all.put("progressive ycck jpeg", withAdobe(jpeg(4, true), 2));
    all.put("palette png", png(paletteImage()));
    all.put("png", png(smooth(BufferedImage.TYPE_INT_RGB)));
    all.put("png with alpha", png(smooth(BufferedImage.TYPE_INT_ARGB)));
    all.put("grey png of 16 bits", png(grey16()));
    return all;
  }

  /** A JPEG of smooth samples of so many components, without any application segment. */
  public static byte[] jpeg(int components, boolean progressive) {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, WIDTH, HEIGHT, components, null);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        for (int c = 0; c < components; c++) {
          raster.setSample(x, y, c, sample(x, y, c));
        }
      }
    }
    return jpeg(raster, progressive);
  }

  /** The sample of {@link #jpeg(int, boolean)} before it was compressed. */
  public static int sample(int x, int y, int component) {
    return switch (component) {
      case 0 -> 40 + 4 * x;
      case 1 -> 60 + 5 * y;
      case 2 -> 200 - 3 * x;
      default -> 90 + 3 * x + y;
    };
  }

  /** A JPEG of the samples as they are, of high quality. */
  public static byte[] jpeg(Raster raster, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(0.98f);
      writer.write(null, new IIOImage(raster, null, null), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** The file with Adobe's segment: transform 0 none, 1 YCbCr, 2 YCCK. */
  public static byte[] withAdobe(byte[] jpeg, int transform) {
    return withSegment(
        jpeg, 0xEE, new byte[] {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform});
  }

  /** The file with an EXIF segment of that orientation. */
  public static byte[] withExif(byte[] jpeg, int orientation) {
    ByteBuffer segment = ByteBuffer.allocate(6 + 8 + 2 + 12 + 4);
    segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(tiff(orientation));
    return withSegment(jpeg, 0xE1, segment.array());
  }

  /** A TIFF structure whose one entry is the orientation. */
  static byte[] tiff(int orientation) {
    return ByteBuffer.allocate(8 + 2 + 12 + 4)
        .putShort((short) 0x4D4D)
        .putShort((short) 42)
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .putShort((short) 0)
        .putInt(0)
        .array();
  }

  /** The file with a segment behind its first marker. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    return ByteBuffer.allocate(jpeg.length + 4 + content.length)
        .put(jpeg, 0, 2)
        .put((byte) 0xFF)
        .put((byte) marker)
        .putShort((short) (content.length + 2))
        .put(content)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  public static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A smooth image; with an alpha channel it is clearer to the right. */
  public static BufferedImage smooth(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int colour = sample(x, y, 0) << 16 | sample(x, y, 1) << 8 | sample(x, y, 2);
        image.setRGB(x, y, (255 - 5 * x) << 24 | colour);
      }
    }
    return image;
  }

  private static BufferedImage paletteImage() {
    byte[] levels = {0, 85, (byte) 170, (byte) 255};
    byte[] reversed = {(byte) 255, (byte) 170, 85, 0};
    IndexColorModel colours = new IndexColorModel(2, 4, levels, reversed, levels);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_BINARY, colours);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.getRaster().setSample(x, y, 0, (x + y) % 4);
      }
    }
    return image;
  }

  private static BufferedImage grey16() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.getRaster().setSample(x, y, 0, 257 * sample(x, y, 0));
      }
    }
    return image;
  }

  /** A PNG written by hand, of rows that are not filtered. */
  public static byte[] rawPng(int width, int height, int bits, int type, byte[] rows) {
    return rawPng(width, height, bits, type, rows, new byte[0][]);
  }

  /**
   * The same with chunks before its pixels.
   *
   * @param chunks each the four letters of its type, then its content
   */
  public static byte[] rawPng(
      int width, int height, int bits, int type, byte[] rows, byte[]... chunks) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(PNG_SIGNATURE);
    png.writeBytes(
        chunk(
            "IHDR",
            ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {(byte) bits, (byte) type, 0, 0, 0})
                .array()));
    for (byte[] chunk : chunks) {
      png.writeBytes(
          chunk(
              new String(chunk, 0, 4, StandardCharsets.US_ASCII),
              Arrays.copyOfRange(chunk, 4, chunk.length)));
    }
    png.writeBytes(chunk("IDAT", deflated(rows)));
    png.writeBytes(chunk("IEND", new byte[0]));
    return png.toByteArray();
  }

  static byte[] chunk(String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    return ByteBuffer.allocate(12 + content.length)
        .putInt(content.length)
        .put(name)
        .put(content)
        .putInt((int) sum.getValue())
        .array();
  }

  /** As the content of a zlib stream. */
  static byte[] deflated(byte[] content) {
    Deflater deflater = new Deflater(9);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }
}
