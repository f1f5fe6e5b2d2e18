package dev.millrace.model.augment;

import java.io.Serializable;
import java.util.Objects;

/**
 * How the views of an image are drawn, in the order of the components.
 *
 * @param large views that are assigned to prototypes and compared with each other; at least one
 * @param small further views of smaller parts; {@link Crops#NONE} for none
 * @param smallestRatio least width over height of a crop, before it is resized to a square
 * @param largestRatio greatest; the logarithm is uniform in between
 * @param flipChance of a mirrored view
 * @param jitter change of colours
 * @param greyChance of a view without colour
 * @param blur of the finished crop
 * @param mean subtracted from values in [0, 1]
 * @param deviation then divides them; above 0
 */
public record ImageViewConfig(
    Crops large,
    Crops small,
    double smallestRatio,
    double largestRatio,
    double flipChance,
    Jitter jitter,
    double greyChance,
    Blur blur,
    double mean,
    double deviation)
    implements Serializable {

  /**
   * Crops of one size.
   *
   * @param count views of an image; at least 0
   * @param size pixels of each side of the view; at least 1
   * @param smallestArea least share of the picture's area, above 0
   * @param largestArea greatest share, at most 1; uniform in between
   */
  public record Crops(int count, int size, double smallestArea, double largestArea)
      implements Serializable {

    public static final Crops NONE = new Crops(0, 1, 1, 1);

    public Crops {
      if (count < 0 || size < 1) {
        throw new IllegalArgumentException("there are no " + count + " crops of size " + size);
      }
      if (!(smallestArea > 0 && smallestArea <= largestArea && largestArea <= 1)) {
        throw new IllegalArgumentException(
            "areas of crops are an interval in (0, 1], were "
                + smallestArea
                + " to "
                + largestArea);
      }
    }

    /** Pixels of one view. */
    public int pixels() {
      return size * size;
    }
  }

  /**
   * Colour jitter: factors uniform in {@code [max(0, 1 - s), 1 + s]}, the hue turned by up to
   * {@code hue} of the circle either way.
   *
   * @param chance of a view with other colours
   * @param hue at most .5
   */
  public record Jitter(
      double chance, double brightness, double contrast, double saturation, double hue)
      implements Serializable {

    public static final Jitter NONE = new Jitter(0, 0, 0, 0, 0);

    public Jitter {
      requireChance("jitter", chance);
      if (!(brightness >= 0 && contrast >= 0 && saturation >= 0)) {
        throw new IllegalArgumentException(
            "strengths of jitter are at least 0, were brightness "
                + brightness
                + ", contrast "
                + contrast
                + ", saturation "
                + saturation);
      }
      if (!(hue >= 0 && hue <= 0.5)) {
        throw new IllegalArgumentException("hue lies in [0, .5], was " + hue);
      }
    }
  }

  /**
   * Gaussian blur of a width uniform in {@code [smallestSigma, largestSigma]} pixels of the view.
   *
   * @param chance of a blurred view
   * @param smallestSigma above 0
   */
  public record Blur(double chance, double smallestSigma, double largestSigma)
      implements Serializable {

    public static final Blur NONE = new Blur(0, 1, 1);

    public Blur {
      requireChance("blur", chance);
      if (!(smallestSigma > 0 && smallestSigma <= largestSigma && largestSigma < 1e6)) {
        throw new IllegalArgumentException(
            "sigmas of a blur are an interval above 0, were "
                + smallestSigma
                + " to "
                + largestSigma);
      }
    }
  }

  /**
   * Two views of 32 x 32 pixels, moderate colours, no blur: what was tried on small photographs.
   */
  public static final ImageViewConfig STANDARD =
      new ImageViewConfig(
          new Crops(2, 32, 0.25, 1),
          Crops.NONE,
          3.0 / 4,
          4.0 / 3,
          0.5,
          new Jitter(0.8, 0.4, 0.4, 0.4, 0.1),
          0.2,
          Blur.NONE,
          0.5,
          0.25);

  /**
   * Multi-crop with the areas, colours and blur of Caron et al., Unsupervised learning of visual
   * features by contrasting cluster assignments (SwAV), NeurIPS 2020, sections 3.3 and A.1, for
   * views of 32 and 18 pixels: two large ones and four small ones.
   */
  public static final ImageViewConfig SWAV =
      new ImageViewConfig(
          new Crops(2, 32, 0.14, 1),
          new Crops(4, 18, 0.05, 0.14),
          3.0 / 4,
          4.0 / 3,
          0.5,
          new Jitter(0.8, 0.8, 0.8, 0.8, 0.2),
          0.2,
          new Blur(0.5, 0.1, 2),
          0.5,
          0.25);

  public ImageViewConfig {
    Objects.requireNonNull(jitter, "jitter");
    Objects.requireNonNull(blur, "blur");
    if (large.count() < 1) {
      throw new IllegalArgumentException("an image has at least one large crop");
    }
    if (small.count() > 0 && small.size() > large.size()) {
      throw new IllegalArgumentException(
          "small crops of size "
              + small.size()
              + " are larger than large ones of size "
              + large.size());
    }
    if (!(smallestRatio > 0 && smallestRatio <= largestRatio && largestRatio < 1e6)) {
      throw new IllegalArgumentException(
          "ratios of crops are an interval above 0, were " + smallestRatio + " to " + largestRatio);
    }
    requireChance("flip", flipChance);
    requireChance("grey", greyChance);
    if (!(Math.abs(mean) < 1e6) || !(deviation > 0 && deviation < 1e6)) {
      throw new IllegalArgumentException(
          "values are normalised by a finite mean and a deviation above 0, were "
              + mean
              + " and "
              + deviation);
    }
  }

  /** The same with other large crops. */
  public ImageViewConfig withLarge(Crops other) {
    return new ImageViewConfig(
        other,
        small,
        smallestRatio,
        largestRatio,
        flipChance,
        jitter,
        greyChance,
        blur,
        mean,
        deviation);
  }

  /** The same with other small crops. */
  public ImageViewConfig withSmall(Crops other) {
    return new ImageViewConfig(
        large,
        other,
        smallestRatio,
        largestRatio,
        flipChance,
        jitter,
        greyChance,
        blur,
        mean,
        deviation);
  }

  private static void requireChance(String name, double chance) {
    if (!(chance >= 0 && chance <= 1)) {
      throw new IllegalArgumentException(
          "the chance of " + name + " lies in [0, 1], was " + chance);
    }
  }
}
