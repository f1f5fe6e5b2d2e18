package dev.millrace.model.sequential;

import dev.millrace.model.kernel.SeededRandom;

/** How a model learns from a mini-batch. */
interface TrainingMethod {

  /**
   * Learns from the examples and returns the loss before it.
   *
   * @throws IllegalStateException if the loss is not finite
   */
  double step(ExampleBatch batch, SeededRandom random);
}
