package dev.millrace.connectors.image;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.codec.DecodeFault;
import dev.millrace.connectors.codec.PictureReader;
import dev.millrace.model.data.Picture;
import java.awt.image.Raster;

/**
 * Reads JPEG (baseline and progressive; grey, RGB, YCbCr, CMYK, YCCK) and PNG (all colour types and
 * depths) files, turned upright as their EXIF orientation says, averaged down to the wanted size.
 * What is transparent lies over white.
 *
 * <p>The same bytes give the same pixels with the same build of Java. It has no state: any number
 * of threads may use one. Beside the JDK's own JPEG library everything is written here, so that no
 * class loader has to find a plug-in.
 */
public final class ImageDecoder implements PictureReader {

  private static final long serialVersionUID = 1L;

  // A block of 64 samples takes a bit at least; deflate packs 1032 bytes into one at most.
  private static final long MOST_JPEG_PIXELS_PER_BYTE = 64 * 8;
  private static final long MOST_DEFLATE_RATIO = 1032;

  private final PixelLimits limits;

  public ImageDecoder(PixelLimits limits) {
    this.limits = limits;
  }

  @Override
  public Picture read(byte[] image) throws DecodeException {
    if (JpegFile.startsLike(image)) {
      return jpeg(JpegFile.parse(image));
    }
    if (PngFile.startsLike(image)) {
      return png(PngFile.parse(image));
    }
    throw OtherFormats.fault(image);
  }

  private Picture jpeg(JpegFile file) throws DecodeException {
    requireAllowed(file.width(), file.height());
    requirePossible(file.width(), file.height(), file.essence().length, MOST_JPEG_PIXELS_PER_BYTE);
    Raster raster = JdkReaders.jpeg(file.essence());
    requireAsPromised(raster, file.width(), file.height(), file.colours().components());
    return rows(raster, file.orientation(), file.colours()::convert);
  }

  private Picture png(PngFile file) throws DecodeException {
    requireAllowed(file.width(), file.height());
    requirePossible(
        file.width(),
        file.height(),
        file.essence().length,
        MOST_DEFLATE_RATIO * 8 / Math.min(8, file.colours().bitsPerPixel()));
    Raster raster = JdkReaders.png(file.essence());
    requireAsPromised(raster, file.width(), file.height(), file.colours().components());
    return rows(raster, file.orientation(), file.colours()::convert);
  }

  private interface RowConversion {
    void convert(int[] samples, int[] rgb) throws DecodeException;
  }

  private Picture rows(Raster raster, int orientation, RowConversion conversion)
      throws DecodeException {
    int width = raster.getWidth();
    AreaAverage average = new AreaAverage(width, raster.getHeight(), limits.longestSide());
    int[] samples = new int[width * raster.getNumBands()];
    int[] rgb = new int[3 * width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, samples);
      conversion.convert(samples, rgb);
      average.add(rgb);
    }
    return Orientation.upright(average.picture(), orientation);
  }

  private void requireAllowed(int width, int height) throws DecodeException {
    if ((long) width * height > limits.maxPixels()) {
      throw new DecodeException(
          DecodeFault.IMAGE_TOO_LARGE,
          "the header promises %d x %d pixels; at most %d are allowed"
              .formatted(width, height, limits.maxPixels()));
    }
  }

  /** A few bytes behind a large header must not allocate what the header promises. */
  private static void requirePossible(int width, int height, long bytes, long mostPixelsPerByte)
      throws DecodeException {
    if ((long) width * height > bytes * mostPixelsPerByte) {
      throw Faults.truncated(
          "%d bytes cannot hold the %d x %d pixels of the header".formatted(bytes, width, height));
    }
  }

  private static void requireAsPromised(Raster raster, int width, int height, int components)
      throws DecodeException {
    if (raster.getWidth() != width
        || raster.getHeight() != height
        || raster.getNumBands() != components) {
      throw Faults.corrupt(
          "the pixels are %d x %d x %d; the header promises %d x %d x %d"
              .formatted(
                  raster.getWidth(),
                  raster.getHeight(),
                  raster.getNumBands(),
                  width,
                  height,
                  components));
    }
  }
}
