package dev.millrace.job.config;

import static dev.millrace.job.config.ImageSetting.integer;
import static dev.millrace.job.config.ImageSetting.real;

import dev.millrace.model.cluster.GuardConfig;
import dev.millrace.model.learner.ImageLearnerConfig;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** Options of the image learner's prototypes and of the guard against their collapse. */
final class ImageClusterOptions {

  static final ImageSetting<Integer> COUNT =
      integer(
          "prototypes",
          "Number K of prototypes, at most half the images that an assignment balances (batch and"
              + " queue).",
          c -> c.clusters().count());

  static final ImageSetting<Double> EPSILON =
      real(
          "prototypes.epsilon",
          "Sharpness of the balanced assignment; smaller is sharper.",
          c -> c.clusters().epsilon());

  static final ImageSetting<Double> TAU =
      real("prototypes.tau", "Temperature of the predicted assignment.", c -> c.clusters().tau());

  static final ImageSetting<Integer> ITERATIONS =
      integer(
          "prototypes.iterations",
          "Rounds of balancing (Sinkhorn).",
          c -> c.clusters().iterations());

  static final ImageSetting<Integer> QUEUE =
      integer(
          "prototypes.queue",
          "Older embeddings that take part in the assignment of each large crop, 0 for none.",
          c -> c.clusters().queue());

  static final ImageSetting<Integer> FREEZE =
      integer(
          "prototypes.freeze-steps",
          "Steps at the start in which prototypes do not move.",
          c -> c.clusters().freezeSteps());

  static final ImageSetting<Double> USAGE_DECAY =
      real(
          "prototypes.usage-decay",
          "Share of the running usage of prototypes that a step keeps.",
          c -> c.clusters().usageDecay());

  static final ImageSetting<Double> RELAXATION =
      real(
          "prototypes.relaxation",
          "Weight of the running usage in the targets of the balance, for streams that drift; 0"
              + " for equal shares.",
          c -> c.clusters().relaxation());

  static final ImageSetting<Double> DEAD_SHARE =
      real(
          "prototypes.dead-share",
          "Usage, as a share of 1/K, below which a prototype is seeded anew.",
          c -> c.clusters().deadShare());

  static final ImageSetting<Integer> RESEED =
      integer(
          "prototypes.reseed-steps",
          "Steps between two looks for such.",
          c -> c.clusters().reseedSteps());

  static final ImageSetting<Integer> GRACE =
      integer(
          "guard.grace-steps",
          "Steps after the start, and after a roll-back, in which only values that are not finite"
              + " count as collapse.",
          c -> c.guard().graceSteps());

  static final ImageSetting<Double> LEAST_VARIANCE =
      real(
          "guard.least-variance",
          "Least variance of a batch's unit embeddings; 1 is spread over the whole sphere.",
          c -> c.guard().leastVariance());

  static final ImageSetting<Double> LEAST_USAGE =
      real(
          "guard.least-usage",
          "Least entropy of the prototypes' usage as a share of ln K.",
          c -> c.guard().leastUsage());

  static final ImageSetting<Double> LARGEST_SHARE =
      real(
          "guard.largest-share",
          "Largest share of images that a prototype may take.",
          c -> c.guard().largestShare());

  static final ImageSetting<Double> LARGEST_LOSS =
      real(
          "guard.largest-loss",
          "Largest loss of predicting prototypes as a share of ln K.",
          c -> c.guard().largestLoss());

  private ImageClusterOptions() {}

  static List<ImageSetting<?>> all() {
    return List.of(
        COUNT,
        EPSILON,
        TAU,
        ITERATIONS,
        QUEUE,
        FREEZE,
        USAGE_DECAY,
        RELAXATION,
        DEAD_SHARE,
        RESEED,
        GRACE,
        LEAST_VARIANCE,
        LEAST_USAGE,
        LARGEST_SHARE,
        LARGEST_LOSS);
  }

  static ImageLearnerConfig.Clusters clusters(Configuration c) {
    return new ImageLearnerConfig.Clusters(
        COUNT.in(c),
        EPSILON.in(c),
        TAU.in(c),
        ITERATIONS.in(c),
        QUEUE.in(c),
        FREEZE.in(c),
        USAGE_DECAY.in(c),
        RELAXATION.in(c),
        DEAD_SHARE.in(c),
        RESEED.in(c));
  }

  static GuardConfig guard(Configuration c) {
    return new GuardConfig(
        GRACE.in(c),
        LEAST_VARIANCE.in(c),
        LEAST_USAGE.in(c),
        LARGEST_SHARE.in(c),
        LARGEST_LOSS.in(c));
  }
}
