package dev.millrace.model.optimizer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Changes the values of the {@link Parameters} that it was made for by their gradients.
 *
 * <p>The gradients are left as they are: whoever accumulates into them clears them. Moments and the
 * number of steps are state; the rate comes with each step, from a {@link LearningRate}.
 */
public interface Optimizer {

  /** One step with the given learning rate. */
  void stepInPlace(double rate);

  /** Number of steps taken. */
  long steps();

  /** Writes version, number of steps and the exact bits of all moments. */
  void writeTo(DataOutput out) throws IOException;

  /**
   * Takes over what {@link #writeTo} wrote.
   *
   * @throws IOException if it was written by another version or for other shapes
   */
  void readInPlace(DataInput in) throws IOException;
}
