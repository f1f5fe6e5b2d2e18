package dev.millrace.connectors.image;

import static dev.millrace.connectors.image.TestImages.HEIGHT;
import static dev.millrace.connectors.image.TestImages.WIDTH;
import static dev.millrace.connectors.image.TestImages.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.model.data.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageDecoderTest {

  private static final int[] SOME = {0, 7, 20, 39};

  private final ImageDecoder decoder = new ImageDecoder(PixelLimits.DEFAULT);

  @Test
  void aGreyJpegHasThreeEqualColours() throws DecodeException {
    Picture picture = decoder.read(TestImages.jpeg(1, false));

    for (int x : SOME) {
      int grey = sample(x, 5, 0);
      assertNear(picture, x, 5, grey, grey, grey, 2);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void colourJpegsAreReadAsTheJdkReadsThem(boolean progressive) throws Exception {
    byte[] file =
        TestImages.withSegment(
            TestImages.jpeg(3, progressive),
            0xE0,
            new byte[] {'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0});
    BufferedImage jdk =
        ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)));

    Picture picture = decoder.read(file);

    assertThat(picture.width()).isEqualTo(WIDTH);
    assertThat(picture.height()).isEqualTo(HEIGHT);
    for (int x = 0; x < WIDTH; x++) {
      for (int y = 0; y < HEIGHT; y++) {
        int rgb = jdk.getRGB(x, y);
        assertNear(picture, x, y, rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, 1);
      }
    }
  }

  @Test
  void adobesSegmentSaysThatAJpegIsRgb() throws DecodeException {
    Picture picture = decoder.read(TestImages.withAdobe(TestImages.jpeg(3, false), 0));

    for (int x : SOME) {
      assertNear(picture, x, 9, sample(x, 9, 0), sample(x, 9, 1), sample(x, 9, 2), 3);
    }
  }

  @Test
  void cmykWithoutAProfileIsTheProductOfItsInvertedInks() throws DecodeException {
    Picture picture = decoder.read(TestImages.withAdobe(TestImages.jpeg(4, false), 0));

    for (int x : SOME) {
      int black = sample(x, 9, 3);
      assertNear(
          picture,
          x,
          9,
          sample(x, 9, 0) * black / 255,
          sample(x, 9, 1) * black / 255,
          sample(x, 9, 2) * black / 255,
          7);
    }
  }

  @Test
  void ycckIsTurnedIntoInksFirst() throws DecodeException {
    Picture picture = decoder.read(TestImages.withAdobe(TestImages.jpeg(4, true), 2));

    for (int x : SOME) {
      double y = sample(x, 9, 0);
      double cb = sample(x, 9, 1) - 128;
      double cr = sample(x, 9, 2) - 128;
      double black = sample(x, 9, 3) / 255.0;
      assertNear(
          picture,
          x,
          9,
          inked(y + 1.402 * cr, black),
          inked(y - 0.344136 * cb - 0.714136 * cr, black),
          inked(y + 1.772 * cb, black),
          8);
    }
  }

  private static int inked(double colour, double black) {
    return (int) ((255 - Math.max(0, Math.min(255, colour))) * black);
  }

  @Test
  void paletteGreyAndColourPngsAreExact() throws DecodeException {
    Map<String, byte[]> all = TestImages.all();
    Picture palette = decoder.read(all.get("palette png"));
    Picture colour = decoder.read(all.get("png"));
    Picture grey = decoder.read(all.get("grey png of 16 bits"));

    for (int x : SOME) {
      int level = 85 * ((x + 3) % 4);
      assertNear(palette, x, 3, level, 255 - level, level, 0);
      assertNear(colour, x, 3, sample(x, 3, 0), sample(x, 3, 1), sample(x, 3, 2), 0);
      assertNear(grey, x, 3, sample(x, 3, 0), sample(x, 3, 0), sample(x, 3, 0), 0);
    }
  }

  @Test
  void whatIsTransparentLiesOverWhite() throws DecodeException {
    Picture picture = decoder.read(TestImages.all().get("png with alpha"));

    for (int x : SOME) {
      double alpha = (255 - 5 * x) / 255.0;
      assertNear(
          picture,
          x,
          3,
          (int) Math.round(sample(x, 3, 0) * alpha + 255 * (1 - alpha)),
          (int) Math.round(sample(x, 3, 1) * alpha + 255 * (1 - alpha)),
          (int) Math.round(sample(x, 3, 2) * alpha + 255 * (1 - alpha)),
          0);
    }
  }

  @Test
  void colourOfSixteenBitsWithAlphaIsScaledAndLaidOverWhite() throws DecodeException {
    byte[] row = {0, 0x40, 0, (byte) 0x80, 0, (byte) 0xC0, 0, (byte) 0xFF, (byte) 0xFF};
    byte[] clear = {0, 0x40, 0, (byte) 0x80, 0, (byte) 0xC0, 0, 0, 0};

    assertNear(decoder.read(TestImages.rawPng(1, 1, 16, 6, row)), 0, 0, 64, 128, 191, 0);
    assertNear(decoder.read(TestImages.rawPng(1, 1, 16, 6, clear)), 0, 0, 255, 255, 255, 0);
  }

  @ParameterizedTest
  @CsvSource({"1, 128, 255", "2, 64, 85", "4, 16, 17", "8, 77, 77"})
  void greyOfFewBitsIsScaledToAllLevels(int bits, int firstByte, int grey) throws DecodeException {
    Picture picture =
        decoder.read(TestImages.rawPng(1, 1, bits, 0, new byte[] {0, (byte) firstByte}));

    assertNear(picture, 0, 0, grey, grey, grey, 0);
  }

  @Test
  void oneColourAndOnePaletteEntryCanBeTransparent() throws DecodeException {
    byte[] keyed =
        TestImages.rawPng(
            2, 1, 8, 2, new byte[] {0, 1, 2, 3, 4, 5, 6}, chunk("tRNS", 0, 1, 0, 2, 0, 3));
    byte[] palette =
        TestImages.rawPng(
            2, 1, 8, 3, new byte[] {0, 0, 1}, chunk("PLTE", 9, 9, 9, 8, 8, 8), chunk("tRNS", 0));

    assertThat(decoder.read(keyed).rgb()).containsExactly(-1, -1, -1, 4, 5, 6);
    assertThat(decoder.read(palette).rgb()).containsExactly(-1, -1, -1, 8, 8, 8);
  }

  /** The corner that is stored first has the orientation's place in the upright picture. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 2, 0 1 2 3 4 5",
    "2, 3, 2, 2 1 0 5 4 3",
    "3, 3, 2, 5 4 3 2 1 0",
    "4, 3, 2, 3 4 5 0 1 2",
    "5, 2, 3, 0 3 1 4 2 5",
    "6, 2, 3, 3 0 4 1 5 2",
    "7, 2, 3, 5 2 4 1 3 0",
    "8, 2, 3, 2 5 1 4 0 3"
  })
  void everyOrientationIsTurnedUpright(int orientation, int width, int height, String pixels)
      throws DecodeException {
    byte[] exif = chunk("eXIf");
    byte[] tiff = TestImages.tiff(orientation);
    byte[] chunk = Arrays.copyOf(exif, 4 + tiff.length);
    System.arraycopy(tiff, 0, chunk, 4, tiff.length);

    Picture picture =
        decoder.read(TestImages.rawPng(3, 2, 8, 0, new byte[] {0, 0, 1, 2, 0, 3, 4, 5}, chunk));

    assertThat(picture.width()).isEqualTo(width);
    assertThat(picture.height()).isEqualTo(height);
    List<String> grey =
        IntStream.range(0, 6).mapToObj(i -> String.valueOf(picture.rgb()[3 * i])).toList();
    assertThat(String.join(" ", grey)).isEqualTo(pixels);
  }

  @Test
  void theOrientationInAJpegCounts() throws DecodeException {
    byte[] stored = TestImages.jpeg(3, false);
    Picture picture = decoder.read(TestImages.withExif(stored, 6));

    assertThat(picture).isEqualTo(Orientation.upright(decoder.read(stored), 6));
    assertThat(picture.width()).isEqualTo(HEIGHT);
  }

  @Test
  void aLargePictureIsAveragedOverAreas() throws DecodeException {
    byte[] file = TestImages.rawPng(4, 2, 8, 0, new byte[] {0, 10, 20, 30, 40, 0, 50, 60, 70, 81});
    ImageDecoder half = new ImageDecoder(new PixelLimits(100, 2));
    ImageDecoder thirds = new ImageDecoder(new PixelLimits(100, 3));

    // (10 + 20 + 50 + 60) / 4 and (30 + 40 + 70 + 81) / 4
    assertThat(half.read(file).rgb()).containsExactly(35, 35, 35, 55, 55, 55);
    // Columns of 4/3 pixels: (10 + 20/3) 3/4 = 12.5 above, and so on; rows of 1 to 2.
    Picture three = thirds.read(file);
    assertThat(three.width()).isEqualTo(3);
    assertThat(three.height()).isEqualTo(2);
    assertThat(new int[] {three.rgb()[0], three.rgb()[3], three.rgb()[6]})
        .containsExactly(13, 25, 38);
  }

  @Test
  void theMeanOfAPictureSurvivesAnySize() throws DecodeException {
    byte[] file = TestImages.all().get("png");
    double mean = mean(decoder.read(file));
    for (int side = 1; side <= WIDTH; side++) {
      Picture small = new ImageDecoder(new PixelLimits(10_000, side)).read(file);
      assertThat(Math.max(small.width(), small.height())).isEqualTo(side);
      assertThat(mean(small)).isCloseTo(mean, offset(0.6));
    }
  }

  @Test
  void severalThreadsReadTheSamePixels() throws Exception {
    List<byte[]> files = List.copyOf(TestImages.all().values());
    List<Picture> alone = IntStream.range(0, 200).mapToObj(i -> read(files, i)).toList();

    List<Picture> together =
        IntStream.range(0, 200).parallel().mapToObj(i -> read(files, i)).toList();

    assertThat(together).isEqualTo(alone);
    assertThat(InstantiationUtil.clone(decoder).read(files.get(0))).isEqualTo(alone.get(0));
  }

  private Picture read(List<byte[]> files, int i) {
    try {
      return decoder.read(files.get(i % files.size()));
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] chunk(String type, int... content) {
    byte[] chunk = Arrays.copyOf(type.getBytes(StandardCharsets.US_ASCII), 4 + content.length);
    for (int i = 0; i < content.length; i++) {
      chunk[4 + i] = (byte) content[i];
    }
    return chunk;
  }

  private static double mean(Picture picture) {
    double sum = 0;
    for (byte value : picture.rgb()) {
      sum += value & 255;
    }
    return sum / picture.rgb().length;
  }

  private static void assertNear(
      Picture picture, int x, int y, int red, int green, int blue, int tolerance) {
    int at = 3 * (y * picture.width() + x);
    int[] expected = {red, green, blue};
    for (int c = 0; c < 3; c++) {
      assertThat(picture.rgb()[at + c] & 255)
          .as("colour %d at %d, %d", c, x, y)
          .isBetween(expected[c] - tolerance, expected[c] + tolerance);
    }
  }
}
