package dev.millrace.model.sequential;

import dev.millrace.model.kernel.Matrix;

/** A loss on the states of the examples and of their two views. */
interface ViewLoss {

  /**
   * The states, and the gradients at them, to be added to; all {@code B x width}.
   *
   * @param own of the histories themselves
   * @param first of the first views
   * @param second of the second views
   */
  record States(Matrix own, Matrix first, Matrix second) {}

  /** Loss and, added, its gradients. */
  double addGradients(States states, States gradients);
}
