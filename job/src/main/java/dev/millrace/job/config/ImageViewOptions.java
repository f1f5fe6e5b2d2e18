package dev.millrace.job.config;

import static dev.millrace.job.config.ImageSetting.integer;
import static dev.millrace.job.config.ImageSetting.real;

import dev.millrace.model.augment.ImageViewConfig;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** Options of how an image is seen. */
final class ImageViewOptions {

  static final ImageSetting<Integer> LARGE =
      integer("views.large", "Large crops of an image, 2 or more.", c -> c.views().large().count());

  static final ImageSetting<Integer> LARGE_SIZE =
      integer("views.large.size", "Their side in pixels.", c -> c.views().large().size());

  static final ImageSetting<Double> LARGE_SMALLEST =
      real(
          "views.large.smallest-area",
          "Least share of the image that a large crop shows.",
          c -> c.views().large().smallestArea());

  static final ImageSetting<Double> LARGE_LARGEST =
      real(
          "views.large.largest-area",
          "Greatest share of the image that a large crop shows.",
          c -> c.views().large().largestArea());

  static final ImageSetting<Integer> SMALL =
      integer("views.small", "Small crops of an image.", c -> c.views().small().count());

  static final ImageSetting<Integer> SMALL_SIZE =
      integer(
          "views.small.size",
          "Their side in pixels, where there are any.",
          c -> ImageViewConfig.SWAV.small().size());

  static final ImageSetting<Double> SMALL_SMALLEST =
      real(
          "views.small.smallest-area",
          "Least share of the image that a small crop shows.",
          c -> ImageViewConfig.SWAV.small().smallestArea());

  static final ImageSetting<Double> SMALL_LARGEST =
      real(
          "views.small.largest-area",
          "Greatest share of the image that a small crop shows.",
          c -> ImageViewConfig.SWAV.small().largestArea());

  static final ImageSetting<Double> FLIP =
      real("views.flip", "Chance of a mirrored view.", c -> c.views().flipChance());

  static final ImageSetting<Double> JITTER =
      real("views.jitter", "Chance of changed colours.", c -> c.views().jitter().chance());

  static final ImageSetting<Double> BRIGHTNESS =
      real(
          "views.jitter.brightness",
          "Largest change of brightness.",
          c -> c.views().jitter().brightness());

  static final ImageSetting<Double> CONTRAST =
      real(
          "views.jitter.contrast",
          "Largest change of contrast.",
          c -> c.views().jitter().contrast());

  static final ImageSetting<Double> SATURATION =
      real(
          "views.jitter.saturation",
          "Largest change of saturation.",
          c -> c.views().jitter().saturation());

  static final ImageSetting<Double> HUE =
      real(
          "views.jitter.hue",
          "Largest turn of the hue, as a part of the circle.",
          c -> c.views().jitter().hue());

  static final ImageSetting<Double> GREY =
      real("views.grey", "Chance of a view without colour.", c -> c.views().greyChance());

  static final ImageSetting<Double> BLUR =
      real("views.blur", "Chance of a blurred view.", c -> c.views().blur().chance());

  private ImageViewOptions() {}

  static List<ImageSetting<?>> all() {
    return List.of(
        LARGE,
        LARGE_SIZE,
        LARGE_SMALLEST,
        LARGE_LARGEST,
        SMALL,
        SMALL_SIZE,
        SMALL_SMALLEST,
        SMALL_LARGEST,
        FLIP,
        JITTER,
        BRIGHTNESS,
        CONTRAST,
        SATURATION,
        HUE,
        GREY,
        BLUR);
  }

  static ImageViewConfig of(Configuration c) {
    ImageViewConfig standard = ImageViewConfig.STANDARD;
    ImageViewConfig.Blur blur = ImageViewConfig.SWAV.blur();
    return new ImageViewConfig(
        new ImageViewConfig.Crops(
            LARGE.in(c), LARGE_SIZE.in(c), LARGE_SMALLEST.in(c), LARGE_LARGEST.in(c)),
        SMALL.in(c) == 0
            ? ImageViewConfig.Crops.NONE
            : new ImageViewConfig.Crops(
                SMALL.in(c), SMALL_SIZE.in(c), SMALL_SMALLEST.in(c), SMALL_LARGEST.in(c)),
        standard.smallestRatio(),
        standard.largestRatio(),
        FLIP.in(c),
        new ImageViewConfig.Jitter(
            JITTER.in(c), BRIGHTNESS.in(c), CONTRAST.in(c), SATURATION.in(c), HUE.in(c)),
        GREY.in(c),
        BLUR.in(c) == 0
            ? ImageViewConfig.Blur.NONE
            : new ImageViewConfig.Blur(BLUR.in(c), blur.smallestSigma(), blur.largestSigma()),
        standard.mean(),
        standard.deviation());
  }
}
