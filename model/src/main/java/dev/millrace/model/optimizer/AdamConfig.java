package dev.millrace.model.optimizer;

import dev.millrace.model.kernel.AdamStep;

/**
 * Constants of Adam.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the second moment, above 0
 * @param weightDecay L2 term added to the gradient, 0 for none
 */
public record AdamConfig(double beta1, double beta2, double epsilon, double weightDecay) {

  /** The constants of Kingma and Ba (2015), without weight decay. */
  public static final AdamConfig STANDARD = new AdamConfig(0.9, 0.999, 1e-8, 0);

  public AdamConfig {
    if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          "the decays of Adam lie in [0, 1), were " + beta1 + " and " + beta2);
    }
    if (!(epsilon > 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "Adam needs epsilon above 0 and weight decay of at least 0, were "
              + epsilon
              + " and "
              + weightDecay);
    }
  }

  AdamStep at(long step, double rate) {
    return new AdamStep(rate, beta1, beta2, epsilon, weightDecay, step);
  }
}
