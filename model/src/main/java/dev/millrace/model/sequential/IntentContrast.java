package dev.millrace.model.sequential;

import dev.millrace.model.cluster.IntentAttraction;
import dev.millrace.model.cluster.IntentPrototypes;
import dev.millrace.model.kernel.Kernels;
import java.util.List;

/**
 * Contrast of the two views, and of each view with the intent of its history.
 *
 * <pre>
 *   loss = .1 con(h1, h2) + .1 (con(h1, p) + con(h2, p)) / 2,  p = prototype of h, a constant
 * </pre>
 *
 * <p>Rows of the same intent are not negatives of each other in the second part. Prototypes learn
 * the states after the loss.
 *
 * <p>Chen et al., Intent contrastive learning for sequential recommendation (ICLRec), WWW 2022,
 * equations 9 to 11.
 */
final class IntentContrast implements ViewLoss {

  private final DotContrast views;
  private final IntentAttraction intents;
  private boolean learning = true;

  IntentContrast(Kernels kernels, IntentPrototypes prototypes, int width) {
    this.views = new DotContrast(kernels, DotContrast.WEIGHT);
    this.intents = new IntentAttraction(kernels, prototypes, width);
  }

  /** Keeps the prototypes as they are, as a check of gradients needs it. */
  void freeze() {
    learning = false;
  }

  @Override
  public double addGradients(States states, States gradients) {
    double loss = views.addGradients(states, gradients);
    loss +=
        intents.addGradients(
            states.own(),
            List.of(states.first(), states.second()),
            List.of(gradients.first(), gradients.second()),
            DotContrast.WEIGHT);
    if (learning) {
      intents.learn(states.own());
    }
    return loss;
  }
}
