package dev.millrace.connectors.image;

import dev.millrace.connectors.codec.DecodeException;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Samples by the image readers that the JDK itself brings. Other readers that a class path happens
 * to hold could give other pixels, so they are not asked. Nothing is cached in files.
 */
final class JdkReaders {

  private static final ImageReaderSpi JPEG = provider("jpeg");
  private static final ImageReaderSpi PNG = provider("png");

  private JdkReaders() {}

  /** The samples of a JPEG file in the colours in which it stores them. */
  static Raster jpeg(byte[] file) throws DecodeException {
    return read(JPEG, file, reader -> reader.readRaster(0, null));
  }

  /** The samples of a PNG file: grey, colours or palette indices, of as many bits as it has. */
  static Raster png(byte[] file) throws DecodeException {
    return read(PNG, file, reader -> reader.read(0).getRaster());
  }

  private interface Reading {
    Raster by(ImageReader reader) throws IOException;
  }

  private static Raster read(ImageReaderSpi provider, byte[] file, Reading reading)
      throws DecodeException {
    String[] damage = new String[1];
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      ImageReader reader = provider.createReaderInstance();
      try {
        reader.addIIOReadWarningListener(
            (source, warning) -> {
              if (damage[0] == null && isDamage(warning)) {
                damage[0] = warning;
              }
            });
        reader.setInput(in, true, true);
        Raster raster = reading.by(reader);
        if (damage[0] != null) {
          throw Faults.corrupt("the pixels are damaged: " + damage[0]);
        }
        return raster;
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // The readers say of a damaged file whatever their arrays and numbers happen to say.
      throw Faults.corrupt("the pixels cannot be decoded: " + reason(e));
    }
  }

  /** Whether a warning means wrong pixels; stray bytes between segments do not. */
  private static boolean isDamage(String warning) {
    return !warning.contains("extraneous bytes") && !warning.contains("Invalid SOS parameters");
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() instanceof IOException ? e.getCause() : e;
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }

  private static ImageReaderSpi provider(String format) {
    Iterator<ImageReaderSpi> all =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (all.hasNext()) {
      ImageReaderSpi provider = all.next();
      if (provider.getClass().getModule().equals(ImageIO.class.getModule())
          && Arrays.asList(provider.getFormatNames()).contains(format)) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "this Java runtime has no reader for " + format + "; run it with the module java.desktop");
  }
}
