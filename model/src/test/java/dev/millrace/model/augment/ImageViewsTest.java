package dev.millrace.model.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.model.augment.ImageViewConfig.Blur;
import dev.millrace.model.augment.ImageViewConfig.Crops;
import dev.millrace.model.augment.ImageViewConfig.Jitter;
import dev.millrace.model.data.Picture;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.kernel.SeededRandom;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageViewsTest {

  private static final ImageViewConfig SMALL_TOO =
      ImageViewConfig.SWAV.withSmall(new Crops(3, 4, 0.1, 0.2)).withLarge(new Crops(2, 8, 0.25, 1));

  /** Crops alone: what is drawn is part of the picture as it is. */
  private static final ImageViewConfig CROPS_ONLY =
      new ImageViewConfig(
          new Crops(2, 8, 1, 1), Crops.NONE, 1, 1, 0, Jitter.NONE, 0, Blur.NONE, 0, 1);

  private final Kernels kernels = new CpuKernels(1);
  private final Parallel parallel = new Parallel(1);

  @AfterEach
  void close() {
    parallel.close();
    kernels.close();
  }

  private static Picture random(int width, int height, int seed) {
    SeededRandom random = new SeededRandom(seed);
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) random.nextInt(256);
    }
    return new Picture(width, height, rgb);
  }

  private static List<Picture> pictures(int count) {
    return IntStream.range(0, count).mapToObj(i -> random(20 + i, 30 - i, i)).toList();
  }

  private static long[] seeds(int count, long pass) {
    return IntStream.range(0, count)
        .mapToLong(i -> ImageViews.seed("picture " + i, pass))
        .toArray();
  }

  /** Values of the large views, then of the small ones. */
  private float[][] draw(ImageViewConfig config, List<Picture> pictures, long[] seeds) {
    return draw(new ImageViews(config, parallel), pictures, seeds);
  }

  private float[][] draw(ImageViews views, List<Picture> pictures, long[] seeds) {
    Matrix large = kernels.allocate(views.largeRows(pictures.size()), 3);
    Matrix small = kernels.allocate(views.smallRows(pictures.size()), 3);
    views.draw(pictures, seeds, large, small);
    return new float[][] {values(large), values(small)};
  }

  private float[] plain(ImageViewConfig config, List<Picture> pictures) {
    ImageViews views = new ImageViews(config, parallel);
    Matrix out = kernels.allocate(views.plainRows(pictures.size()), 3);
    views.plain(pictures, out);
    return values(out);
  }

  private static float[] values(Matrix matrix) {
    float[] values = new float[(int) matrix.size()];
    matrix.copyTo(values, 0);
    return values;
  }

  @Test
  void theSameSeedsGiveTheSameBitsAndAnotherPassGivesOtherViews() {
    List<Picture> pictures = pictures(5);
    float[][] first = draw(SMALL_TOO, pictures, seeds(5, 0));
    float[][] again = draw(SMALL_TOO, pictures, seeds(5, 0));
    float[][] later = draw(SMALL_TOO, pictures, seeds(5, 1));
    assertThat(again).isDeepEqualTo(first);
    for (int kind = 0; kind < 2; kind++) {
      int block = first[kind].length / (5 * (kind == 0 ? 2 : 3));
      for (int at = 0; at < first[kind].length; at += block) {
        assertThat(Arrays.copyOfRange(later[kind], at, at + block))
            .isNotEqualTo(Arrays.copyOfRange(first[kind], at, at + block));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2", "3"})
  void theNumberOfThreadsChangesNoBit(int threads) {
    List<Picture> pictures = pictures(9);
    float[][] alone = draw(SMALL_TOO, pictures, seeds(9, 0));
    try (Parallel several = new Parallel(threads)) {
      ImageViews views = new ImageViews(SMALL_TOO, several);
      assertThat(draw(views, pictures, seeds(9, 0))).isDeepEqualTo(alone);
    }
  }

  @Test
  void theViewsOfAPictureDoNotDependOnTheOthersInItsBatch() {
    List<Picture> pictures = pictures(4);
    float[][] together = draw(SMALL_TOO, pictures, seeds(4, 0));
    float[][] alone =
        draw(SMALL_TOO, pictures.subList(2, 3), Arrays.copyOfRange(seeds(4, 0), 2, 3));
    int large = 8 * 8 * 3;
    for (int v = 0; v < 2; v++) {
      assertThat(Arrays.copyOfRange(alone[0], v * large, (v + 1) * large))
          .isEqualTo(Arrays.copyOfRange(together[0], (v * 4 + 2) * large, (v * 4 + 3) * large));
    }
    int small = 4 * 4 * 3;
    for (int v = 0; v < 3; v++) {
      assertThat(Arrays.copyOfRange(alone[1], v * small, (v + 1) * small))
          .isEqualTo(Arrays.copyOfRange(together[1], (v * 4 + 2) * small, (v * 4 + 3) * small));
    }
  }

  @Test
  void largeViewsAreTheSameWithAndWithoutSmallOnes() {
    List<Picture> pictures = pictures(3);
    assertThat(draw(SMALL_TOO.withSmall(Crops.NONE), pictures, seeds(3, 0))[0])
        .isEqualTo(draw(SMALL_TOO, pictures, seeds(3, 0))[0]);
  }

  @Test
  void viewsAreBlocksOfPixelsCropByCropWithThreeColumns() {
    Picture picture = random(8, 8, 1);
    Picture other = random(8, 8, 2);
    float[] views = draw(CROPS_ONLY, List.of(picture, other), seeds(2, 0))[0];
    for (int v = 0; v < 2; v++) {
      for (int i = 0; i < 192; i++) {
        assertThat(views[(2 * v) * 192 + i]).isEqualTo((float) ((picture.rgb()[i] & 0xFF) / 255.0));
        assertThat(views[(2 * v + 1) * 192 + i])
            .isEqualTo((float) ((other.rgb()[i] & 0xFF) / 255.0));
      }
    }
  }

  @Test
  void valuesAreNormalisedByMeanAndDeviation() {
    float[] views =
        plain(ImageViewConfig.STANDARD, List.of(new Picture(1, 1, new byte[] {0, -1, 51})));
    assertThat(views).hasSize(32 * 32 * 3);
    for (int i = 0; i < views.length; i += 3) {
      assertThat(Arrays.copyOfRange(views, i, i + 3)).containsExactly(-2f, 2f, -1.2f);
    }
  }

  @Test
  void aPlainViewOfTheRightSizeIsThePictureAndDoesNotDependOnChance() {
    Picture picture = random(32, 32, 3);
    float[] first = plain(ImageViewConfig.STANDARD, List.of(picture));
    assertThat(plain(ImageViewConfig.SWAV, List.of(picture))).isEqualTo(first);
    for (int i = 0; i < first.length; i++) {
      assertThat(first[i]).isEqualTo((float) (((picture.rgb()[i] & 0xFF) / 255.0 - 0.5) * 4));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 50", "50, 1", "2, 3", "5, 400", "1, 100000", "640, 480", "4000, 3000"})
  void picturesOfAnySizeHaveFiniteViews(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 37);
    }
    List<Picture> pictures = Collections.nCopies(3, new Picture(width, height, rgb));
    for (ImageViewConfig config : List.of(ImageViewConfig.STANDARD, ImageViewConfig.SWAV)) {
      for (float[] views : draw(config, pictures, seeds(3, 0))) {
        for (float value : views) {
          assertThat(value).isBetween(-2f, 2f);
        }
      }
    }
  }

  @Test
  void aPictureIsAveragedDownOnceToFewPixelsAndItsViewsStayTheSame() {
    ImageViews views = new ImageViews(ImageViewConfig.STANDARD, parallel);
    Picture picture = random(400, 300, 4);
    Picture reduced = views.reduced(picture);
    // The smallest crop needs a picture of 64 pixels: 300 / floor(300 / 64).
    assertThat(reduced.width()).isEqualTo(100);
    assertThat(reduced.height()).isEqualTo(75);
    assertThat(views.reduced(reduced)).isSameAs(reduced);
    int sum = 0;
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        sum += picture.rgb()[3 * (400 * y + x)] & 0xFF;
      }
    }
    assertThat(reduced.rgb()[0] & 0xFF).isEqualTo(Math.round(sum / 16f));
    assertThat(draw(views, List.of(reduced), seeds(1, 0)))
        .isDeepEqualTo(draw(views, List.of(picture), seeds(1, 0)));
    Picture small = random(32, 32, 5);
    assertThat(views.reduced(small)).isSameAs(small);
  }

  @Test
  void cropsHaveTheirAreaAndRatioAndReachEveryBorder() {
    CropBox box = new CropBox(3.0 / 4, 4.0 / 3);
    SeededRandom random = new SeededRandom(6);
    Crops crops = new Crops(1, 32, 0.25, 1);
    Set<String> touched = new HashSet<>();
    double area = 0;
    for (int i = 0; i < 4000; i++) {
      box.drawInPlace(crops, 100, 100, random);
      double ratio = (double) box.width() / box.height();
      assertThat(ratio).isBetween(0.735, 1.36);
      assertThat(box.width() * box.height()).isBetween(2450, 10000);
      assertThat(box.top() + box.height()).isLessThanOrEqualTo(100);
      assertThat(box.left() + box.width()).isLessThanOrEqualTo(100);
      area += box.width() * box.height() / 4000.0;
      if (box.top() == 0) {
        touched.add("top");
      }
      if (box.left() == 0) {
        touched.add("left");
      }
      if (box.top() + box.height() == 100) {
        touched.add("bottom");
      }
      if (box.left() + box.width() == 100) {
        touched.add("right");
      }
    }
    assertThat(area).isBetween(5500.0, 6250.0);
    assertThat(touched).containsExactlyInAnyOrder("top", "left", "bottom", "right");
  }

  @Test
  void aStripHasTheLargestBoxOfAnAllowedRatioInItsMiddle() {
    CropBox box = new CropBox(3.0 / 4, 4.0 / 3);
    box.drawInPlace(new Crops(1, 32, 1, 1), 30, 300, new SeededRandom(7));
    assertThat(List.of(box.top(), box.left(), box.height(), box.width()))
        .isEqualTo(List.of(0, 130, 30, 40));
  }

  @Test
  void chancesAreThoseOfTheConfiguration() {
    ImageViewConfig config =
        new ImageViewConfig(
            new Crops(400, 4, 1, 1), Crops.NONE, 1, 1, 0.5, Jitter.NONE, 0.2, Blur.NONE, 0, 1);
    float[] views = draw(config, List.of(random(4, 4, 8)), seeds(1, 0))[0];
    float[] same =
        draw(CROPS_ONLY.withLarge(new Crops(1, 4, 1, 1)), List.of(random(4, 4, 8)), seeds(1, 0))[0];
    int grey = 0;
    int kept = 0;
    for (int v = 0; v < 400; v++) {
      boolean isGrey = views[48 * v] == views[48 * v + 1] && views[48 * v] == views[48 * v + 2];
      grey += isGrey ? 1 : 0;
      kept += !isGrey && views[48 * v] == same[0] ? 1 : 0;
    }
    assertThat(grey).isBetween(56, 104);
    assertThat(kept).isBetween(125, 195);
  }

  @Test
  void drawingAllocatesPerBatchAndNotPerView() {
    ImageViewConfig config = SMALL_TOO;
    List<Picture> few = pictures(2);
    List<Picture> many = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      many.addAll(few);
    }
    long batchOfFew = allocatedBytes(config, few);
    long batchOfMany = allocatedBytes(config, many);
    // 640 views against 10: a single object of 16 bytes a view would be 10,080 bytes more.
    assertThat(batchOfMany).isLessThan(batchOfFew + 4096);
  }

  /** The least of some batches, after the loops have been compiled. */
  private long allocatedBytes(ImageViewConfig config, List<Picture> pictures) {
    ImageViews views = new ImageViews(config, parallel);
    long[] seeds = seeds(pictures.size(), 0);
    Matrix large = kernels.allocate(views.largeRows(pictures.size()), 3);
    Matrix small = kernels.allocate(views.smallRows(pictures.size()), 3);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 50; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      views.draw(pictures, seeds, large, small);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    ImageViews views = new ImageViews(ImageViewConfig.STANDARD, parallel);
    Matrix wrong = kernels.allocate(5, 3);
    Matrix none = kernels.allocate(0, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> views.draw(pictures(1), seeds(1, 0), wrong, none))
        .withMessageContaining("large views need a matrix of 2048 x 3, was 5 x 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> views.draw(pictures(2), seeds(1, 0), wrong, none))
        .withMessageContaining("1 seeds of 2 pictures");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Crops(2, 32, 0, 1))
        .withMessageContaining("areas of crops");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageViewConfig.STANDARD.withSmall(new Crops(1, 33, 0.1, 0.2)))
        .withMessageContaining("larger than large ones");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Jitter(1.1, 0, 0, 0, 0))
        .withMessageContaining("the chance of jitter lies in [0, 1], was 1.1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new BilinearResize().resize(new double[27], 3, 3, 1, 1, 3, 2, 1, 1, new double[3]))
        .withMessageContaining("3 x 2 at (1, 1) is not inside an image of 3 x 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GaussianBlur().blurInPlace(new double[27], 3, 3, 1, 3))
        .withMessageContaining("radius 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageOperations.haar(new double[27], 3, 3))
        .withMessageContaining("even sides");
  }
}
