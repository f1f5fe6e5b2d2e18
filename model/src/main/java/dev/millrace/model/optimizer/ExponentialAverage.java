package dev.millrace.model.optimizer;

import dev.millrace.model.kernel.Kernels;

/**
 * Parameters that follow others slowly: the momentum encoder of MoCo, the teacher of BYOL.
 *
 * <p>{@code average = m average + (1 - m) online}. Its whole state is the averaged parameters,
 * which are written and read as such.
 *
 * <p>He et al., Momentum contrast for unsupervised visual representation learning, CVPR 2020,
 * equation 2.
 */
public final class ExponentialAverage {

  private final Kernels kernels;
  private final Parameters average;
  private final Parameters online;

  /**
   * @throws IllegalArgumentException if the two differ in a name or a shape
   */
  public ExponentialAverage(Kernels kernels, Parameters average, Parameters online) {
    average.requireSameShape(online);
    this.kernels = kernels;
    this.average = average;
    this.online = online;
  }

  /**
   * One step.
   *
   * @param momentum share of the average that is kept, in [0, 1]
   */
  public void stepInPlace(double momentum) {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException("momentum lies in [0, 1], was " + momentum);
    }
    kernels.scaleInPlace(average.values(), momentum);
    kernels.addInPlace(average.values(), 1 - momentum, online.values());
  }
}
