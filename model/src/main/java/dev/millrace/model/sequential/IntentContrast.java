package dev.millrace.model.sequential;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;

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

  private final Kernels kernels;
  private final DotContrast views;
  private final Objective contrast;
  private final ObjectiveInputs inputs = new ObjectiveInputs();
  private final IntentPrototypes prototypes;
  private final RowBuffer intents;
  private boolean learning = true;

  IntentContrast(Kernels kernels, IntentPrototypes prototypes, int width) {
    this.kernels = kernels;
    this.prototypes = prototypes;
    this.views = new DotContrast(kernels, DotContrast.WEIGHT);
    this.contrast = DotContrast.create(kernels);
    this.intents = new RowBuffer(kernels, width);
  }

  /** Keeps the prototypes as they are, as a check of gradients needs it. */
  void freeze() {
    learning = false;
  }

  @Override
  public double addGradients(States states, States gradients) {
    double loss = views.addGradients(states, gradients);
    int[] numbers = prototypes.assign(states.own());
    Matrix intent = intents.rows(numbers.length);
    prototypes.gather(numbers, intent);
    loss += addGradient(states.first(), intent, numbers, gradients.first());
    loss += addGradient(states.second(), intent, numbers, gradients.second());
    if (learning) {
      prototypes.learn(states.own(), numbers);
    }
    return loss;
  }

  private double addGradient(Matrix view, Matrix intent, int[] numbers, Matrix gradient) {
    double weight = DotContrast.WEIGHT / 2;
    LossAndGradient result =
        contrast.evaluate(inputs.put("z1", view).put("z2", intent).put("ids", numbers));
    kernels.addInPlace(gradient, weight, result.gradient("z1"));
    return weight * result.loss();
  }
}
