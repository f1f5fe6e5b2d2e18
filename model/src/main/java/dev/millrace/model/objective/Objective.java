package dev.millrace.model.objective;

/**
 * A loss over a batch with its gradients.
 *
 * <p>The loss is a mean over the batch, to be minimised. {@code evaluate} leaves its inputs
 * untouched, returns the same bits for the same input, keeps nothing from batch to batch, and never
 * returns NaN for finite input: empty sets (no negative, no positive, everything masked) have the
 * result that the class states. What an objective must carry from batch to batch (class counts, a
 * prior, prototypes, gates) is an input, and what changes it is a gradient or an output, so that it
 * lives in the learner's state.
 *
 * <p>The matrices of a result belong to the objective and are overwritten by its next call: no
 * memory is allocated once the largest batch has been seen. A constructor reads parameters and
 * keeps the kernels, but neither allocates nor computes. Not thread safe.
 */
public interface Objective {

  /** The inputs it takes, their shapes, and which of them receive a gradient. */
  Signature signature();

  /**
   * Evaluates the loss and all gradients.
   *
   * @throws IllegalArgumentException if an input is missing, unknown or of a wrong shape; the
   *     message names input, expected and actual shape
   */
  LossAndGradient evaluate(ObjectiveInputs inputs);

  /** Its stop-gradients; an objective that has some keeps one instance and returns it. */
  default StopGradient stopGradient() {
    return new StopGradient();
  }
}
