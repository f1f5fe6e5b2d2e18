package dev.millrace.model.kernel;

/**
 * The scalars of one Adam step.
 *
 * @param rate learning rate
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay L2 term added to the gradient
 * @param step number of this step, from 1
 */
public record AdamStep(
    double rate, double beta1, double beta2, double epsilon, double weightDecay, long step) {

  public AdamStep {
    if (step < 1) {
      throw new IllegalArgumentException("the first Adam step is 1, was " + step);
    }
  }
}
