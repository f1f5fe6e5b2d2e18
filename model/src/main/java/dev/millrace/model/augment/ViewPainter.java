package dev.millrace.model.augment;

import dev.millrace.model.augment.ImageViewConfig.Blur;
import dev.millrace.model.augment.ImageViewConfig.Crops;
import dev.millrace.model.augment.ImageViewConfig.Jitter;
import dev.millrace.model.data.Picture;
import dev.millrace.model.kernel.SeededRandom;

/** Draws the views of one picture after the other with buffers of its own; one thread at a time. */
final class ViewPainter {

  /** A blur ends where a weight is below a hundredth of the middle one. */
  private static final double SIGMAS = 3;

  private final ImageViewConfig config;
  private final PictureReduction reduction;
  private final CropBox box;
  private final BilinearResize resize = new BilinearResize();
  private final GaussianBlur blur = new GaussianBlur();
  private final SeededRandom random = new SeededRandom(0);
  private final long[] state = random.state();
  private final double[] view;

  private double[] source = new double[0];
  private int rows;
  private int columns;

  ViewPainter(ImageViewConfig config, PictureReduction reduction) {
    this.config = config;
    this.reduction = reduction;
    box = new CropBox(config.smallestRatio(), config.largestRatio());
    int pixels = Math.max(config.large().pixels(), config.small().pixels());
    view = new double[ImageOperations.CHANNELS * pixels];
  }

  /** Takes a picture; what is drawn from now on shows it. */
  void show(Picture picture) {
    rows = reduction.height(picture);
    columns = reduction.width(picture);
    int length = ImageOperations.CHANNELS * rows * columns;
    if (source.length < length) {
      source = new double[length];
    }
    reduction.read(picture, source);
  }

  /** Begins the draws of a seed. */
  void seed(long seed) {
    state[0] = seed;
    state[1] = Double.doubleToRawLongBits(Double.NaN);
    random.restore(state);
  }

  /** The next view; normalised values of its pixels from {@code at} on. */
  void draw(Crops crops, float[] out, int at) {
    int size = crops.size();
    box.drawInPlace(crops, rows, columns, random);
    resize.resize(
        source, rows, columns, box.top(), box.left(), box.height(), box.width(), size, size, view);
    if (happens(config.flipChance())) {
      ImageOperations.flipInPlace(view, size, size);
    }
    jitterInPlace(size);
    if (happens(config.greyChance())) {
      ImageOperations.greyInPlace(view, size, size);
    }
    blurInPlace(size);
    normalize(crops, out, at);
  }

  /** The whole picture as a view, nothing drawn at random. */
  void plain(Crops crops, float[] out, int at) {
    resize.resize(source, rows, columns, crops.size(), crops.size(), view);
    normalize(crops, out, at);
  }

  private void jitterInPlace(int size) {
    Jitter jitter = config.jitter();
    if (happens(jitter.chance())) {
      double brightness = factor(jitter.brightness());
      double contrast = factor(jitter.contrast());
      double saturation = factor(jitter.saturation());
      double turn = CropBox.uniform(random, -jitter.hue(), jitter.hue());
      ImageOperations.jitterInPlace(view, size, size, brightness, contrast, saturation, turn);
    }
  }

  private void blurInPlace(int size) {
    Blur width = config.blur();
    if (happens(width.chance())) {
      double sigma = CropBox.uniform(random, width.smallestSigma(), width.largestSigma());
      int radius = (int) Math.min(size - 1, Math.ceil(SIGMAS * sigma));
      blur.blurInPlace(view, size, size, sigma, radius);
    }
  }

  private void normalize(Crops crops, float[] out, int at) {
    double scale = 1 / config.deviation();
    double mean = config.mean();
    int length = ImageOperations.CHANNELS * crops.pixels();
    for (int i = 0; i < length; i++) {
      out[at + i] = (float) ((view[i] - mean) * scale);
    }
  }

  private double factor(double strength) {
    return CropBox.uniform(random, Math.max(0, 1 - strength), 1 + strength);
  }

  /** One draw whatever the chance, so that a chance of 0 or 1 moves no later draw. */
  private boolean happens(double chance) {
    return random.nextDouble() < chance;
  }
}
