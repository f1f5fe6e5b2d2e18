package dev.millrace.model.augment;

import dev.millrace.model.augment.ImageViewConfig.Crops;
import dev.millrace.model.data.Picture;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.memory.IdIndex;
import java.util.List;

/**
 * Draws views of pictures: random resized crop, flip, colour jitter, grey, blur, normalisation.
 *
 * <p>A view of {@code S x S} pixels is a block of {@code S^2} rows of a matrix with three columns:
 * pixels row by row, then red, green and blue as {@code (x - mean) / deviation} of values in [0,
 * 1]. Blocks are crop-major: view {@code v} of picture {@code i} of {@code n} is block {@code v n +
 * i}.
 *
 * <p>All draws of a picture come from its seed, large crops first; pictures are split over threads
 * but neither their number nor the other pictures change a bit of a view. Pictures may have any
 * size; those with far more pixels than a view are averaged first ({@link #reduced}).
 */
public final class ImageViews {

  private final ImageViewConfig config;
  private final Parallel parallel;
  private final PictureReduction reduction;
  private final ViewPainter[] painters;

  private float[] largeValues = new float[0];
  private float[] smallValues = new float[0];

  public ImageViews(ImageViewConfig config, Parallel parallel) {
    this.config = config;
    this.parallel = parallel;
    reduction = new PictureReduction(config);
    painters = new ViewPainter[parallel.threads()];
    for (int i = 0; i < painters.length; i++) {
      painters[i] = new ViewPainter(config, reduction);
    }
  }

  /** The seed of a picture's views: a function of its id and of how often it was drawn before. */
  public static long seed(String id, long pass) {
    return SeededRandom.mix(IdIndex.hashOf(id) + SeededRandom.mix(pass + 1));
  }

  public ImageViewConfig config() {
    return config;
  }

  /** Rows of the matrix of large views of {@code count} pictures. */
  public int largeRows(int count) {
    return rows(config.large(), count);
  }

  /** Rows of the matrix of small views of {@code count} pictures; 0 if there are none. */
  public int smallRows(int count) {
    return rows(config.small(), count);
  }

  /** Rows of the matrix of {@link #plain} views of {@code count} pictures. */
  public int plainRows(int count) {
    return Math.multiplyExact(count, config.large().pixels());
  }

  private static int rows(Crops crops, int count) {
    return Math.multiplyExact(Math.multiplyExact(crops.count(), count), crops.pixels());
  }

  /**
   * What the views see of a picture: itself, or fewer pixels in a record of its own. Views of
   * either are the same, so a buffer of pictures need keep no more than this.
   */
  public Picture reduced(Picture picture) {
    return reduction.reduced(picture);
  }

  /**
   * All views of pictures.
   *
   * @param seeds one for each picture, see {@link #seed}
   * @param large {@code largeRows(n) x 3}
   * @param small {@code smallRows(n) x 3}
   */
  public void draw(List<Picture> pictures, long[] seeds, Matrix large, Matrix small) {
    int count = pictures.size();
    if (seeds.length < count) {
      throw new IllegalArgumentException(seeds.length + " seeds of " + count + " pictures");
    }
    requireShape("large views", large, largeRows(count));
    requireShape("small views", small, smallRows(count));
    largeValues = room(largeValues, large);
    smallValues = room(smallValues, small);
    parallel.run(
        count,
        (i, worker) -> {
          ViewPainter painter = painters[worker];
          painter.show(pictures.get(i));
          painter.seed(seeds[i]);
          draw(painter, config.large(), i, count, largeValues);
          draw(painter, config.small(), i, count, smallValues);
        });
    large.copyFrom(largeValues, 0);
    small.copyFrom(smallValues, 0);
  }

  private static void draw(ViewPainter painter, Crops crops, int picture, int count, float[] out) {
    int block = ImageOperations.CHANNELS * crops.pixels();
    for (int v = 0; v < crops.count(); v++) {
      painter.draw(crops, out, block * (v * count + picture));
    }
  }

  /**
   * The whole of each picture resized to the size of a large view, nothing drawn at random.
   *
   * @param out {@code plainRows(n) x 3}
   */
  public void plain(List<Picture> pictures, Matrix out) {
    requireShape("plain views", out, plainRows(pictures.size()));
    largeValues = room(largeValues, out);
    int block = ImageOperations.CHANNELS * config.large().pixels();
    parallel.run(
        pictures.size(),
        (i, worker) -> {
          painters[worker].show(pictures.get(i));
          painters[worker].plain(config.large(), largeValues, block * i);
        });
    out.copyFrom(largeValues, 0);
  }

  private static float[] room(float[] values, Matrix matrix) {
    int size = Math.toIntExact(matrix.size());
    return values.length < size ? new float[size] : values;
  }

  private static void requireShape(String what, Matrix matrix, int rows) {
    if (matrix.rows() != rows || matrix.columns() != ImageOperations.CHANNELS) {
      throw new IllegalArgumentException(
          what + " need a matrix of " + rows + " x 3, was " + matrix.shape());
    }
  }
}
