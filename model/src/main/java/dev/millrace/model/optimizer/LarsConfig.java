package dev.millrace.model.optimizer;

/**
 * Constants of LARS.
 *
 * @param momentum share of the velocity that is kept, in [0, 1)
 * @param weightDecay L2 term added to the gradient of an adapted matrix, at least 0
 * @param trust ratio of the change of a matrix to its norm, above 0
 * @param epsilon added to the denominator, above 0
 */
public record LarsConfig(double momentum, double weightDecay, double trust, double epsilon) {

  /** The constants of SwAV (Caron et al., 2020). */
  public static final LarsConfig SWAV = new LarsConfig(0.9, 1e-6, 1e-3, 1e-8);

  public LarsConfig {
    if (!(momentum >= 0 && momentum < 1) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "momentum lies in [0, 1) and weight decay is at least 0, were "
              + momentum
              + " and "
              + weightDecay);
    }
    if (!(trust > 0) || !(epsilon > 0)) {
      throw new IllegalArgumentException(
          "trust and epsilon of LARS are above 0, were " + trust + " and " + epsilon);
    }
  }
}
