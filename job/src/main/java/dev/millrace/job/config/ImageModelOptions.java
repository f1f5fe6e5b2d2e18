package dev.millrace.job.config;

import static dev.millrace.job.config.ImageSetting.flag;
import static dev.millrace.job.config.ImageSetting.integer;
import static dev.millrace.job.config.ImageSetting.real;
import static dev.millrace.job.config.ImageSetting.text;

import dev.millrace.model.encoder.ConvEncoderConfig;
import dev.millrace.model.encoder.PatchCodesConfig;
import dev.millrace.model.learner.ImageLearnerConfig;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;

/** Options of the image encoder and of the vector that it serves. */
final class ImageModelOptions {

  static final ImageSetting<Integer> STEM =
      integer(
          "encoder.stem",
          "Channels of the encoder's first convolution.",
          c -> c.model().encoder().stem().width());

  static final ImageSetting<String> BLOCKS =
      text(
          "encoder.blocks",
          "Channels of its residual blocks, each at half the size of the one before.",
          c ->
              c.model().encoder().blocks().stream()
                  .map(block -> Integer.toString(block.width()))
                  .collect(Collectors.joining(",")));

  static final ImageSetting<Integer> NORM_GROUPS =
      integer(
          "encoder.norm-groups",
          "Groups of group normalisation, 0 for batch normalisation.",
          c -> c.model().encoder().norm().groups());

  static final ImageSetting<Integer> HEAD_INNER =
      integer(
          "encoder.head.inner",
          "Width inside the projection head.",
          c -> c.model().encoder().head().inner());

  static final ImageSetting<Integer> HEAD_WIDTH =
      integer(
          "encoder.head.width",
          "Width of what the objective contrasts.",
          c -> c.model().encoder().head().width());

  static final ImageSetting<Double> AVERAGE =
      real(
          "encoder.average",
          "Momentum of the averaged weights that serve.",
          c -> c.model().average());

  static final ImageSetting<Double> WHITENING_FLOOR =
      real(
          "whitening.floor",
          "Smallest variance that a served vector is divided by, as a part of the largest.",
          c -> c.model().whiteningFloor());

  static final ImageSetting<Double> WHITENING_DECAY =
      real(
          "whitening.decay",
          "What an image's weight in the running covariance is multiplied by with each later one.",
          c -> c.model().whiteningDecay());

  static final ImageSetting<Boolean> PATCHES =
      flag(
          "patches",
          "Whether the learned vector is joined with codes of patches, which need no gradient.",
          c -> c.model().patches() != null);

  static final ImageSetting<Integer> PATCH_ATOMS =
      integer("patches.atoms", "Patches in the dictionary.", c -> codes(c).atoms());

  static final ImageSetting<Integer> PATCH_WARM_UP =
      integer(
          "patches.warm-up",
          "Images from which the dictionary is drawn; before it there are no codes.",
          c -> codes(c).warmUp());

  static final ImageSetting<Integer> PATCH_KEPT =
      integer(
          "patches.kept",
          "Images of the whole stream that are kept to fit the last whitening.",
          c -> codes(c).kept());

  static final ImageSetting<Integer> PATCH_COMPONENTS =
      integer(
          "patches.components",
          "Components kept of the code of a patch.",
          c -> codes(c).components());

  static final ImageSetting<Integer> PATCH_DIMENSIONS =
      integer(
          "patches.dimensions",
          "Elements that they add to a served vector.",
          c -> codes(c).dimensions());

  static final ImageSetting<Double> LEARNED_WEIGHT =
      real(
          "patches.learned-weight",
          "Length of the learned part beside codes of length 1.",
          c -> c.model().learnedWeight());

  private ImageModelOptions() {}

  private static PatchCodesConfig codes(ImageLearnerConfig config) {
    return config.model().patches() == null ? PatchCodesConfig.STANDARD : config.model().patches();
  }

  static List<ImageSetting<?>> all() {
    return List.of(
        STEM,
        BLOCKS,
        NORM_GROUPS,
        HEAD_INNER,
        HEAD_WIDTH,
        AVERAGE,
        WHITENING_FLOOR,
        WHITENING_DECAY,
        PATCHES,
        PATCH_ATOMS,
        PATCH_WARM_UP,
        PATCH_KEPT,
        PATCH_COMPONENTS,
        PATCH_DIMENSIONS,
        LEARNED_WEIGHT);
  }

  static ImageLearnerConfig.Model of(Configuration c) {
    return new ImageLearnerConfig.Model(
        encoder(c),
        AVERAGE.in(c),
        WHITENING_FLOOR.in(c),
        WHITENING_DECAY.in(c),
        PATCHES.in(c) ? patches(c) : null,
        LEARNED_WEIGHT.in(c));
  }

  private static PatchCodesConfig patches(Configuration c) {
    PatchCodesConfig standard = PatchCodesConfig.STANDARD;
    return new PatchCodesConfig(
        ImageViewOptions.LARGE_SIZE.in(c),
        standard.patch(),
        standard.stride(),
        PATCH_ATOMS.in(c),
        standard.threshold(),
        standard.patchFloor(),
        PATCH_WARM_UP.in(c),
        PATCH_KEPT.in(c),
        standard.patchStep(),
        PATCH_COMPONENTS.in(c),
        standard.ridge(),
        standard.cells(),
        PATCH_DIMENSIONS.in(c),
        standard.whiteningFloor(),
        standard.growth());
  }

  private static ConvEncoderConfig encoder(Configuration c) {
    ConvEncoderConfig standard = ConvEncoderConfig.STANDARD;
    int groups = NORM_GROUPS.in(c);
    return new ConvEncoderConfig(
        standard.channels(),
        new ConvEncoderConfig.Stem(
            STEM.in(c),
            standard.stem().window(),
            standard.stem().stride(),
            standard.stem().padding()),
        blocks(BLOCKS.in(c)),
        groups == 0 ? ConvEncoderConfig.Norm.batch() : ConvEncoderConfig.Norm.group(groups),
        new ConvEncoderConfig.Head(
            HEAD_INNER.in(c), HEAD_WIDTH.in(c), standard.head().normalized()));
  }

  private static List<ConvEncoderConfig.Block> blocks(String widths) {
    try {
      return Arrays.stream(widths.split(",", -1))
          .map(width -> new ConvEncoderConfig.Block(Integer.parseInt(width.strip()), 2))
          .toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "option '"
              + BLOCKS.option().key()
              + "' is a list of widths such as 64,128, was '"
              + widths
              + "'",
          e);
    }
  }
}
