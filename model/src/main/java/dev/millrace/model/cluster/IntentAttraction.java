package dev.millrace.model.cluster;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import java.util.List;
import java.util.Map;

/**
 * Contrast of each view of a sequence with the intent of the sequence.
 *
 * <pre>
 *   loss = weight / V sum_v con(h_v, p),   p = prototype of the sequence's own state, a constant
 * </pre>
 *
 * <p>{@code con} is NT-Xent of plain dot products at temperature 1. Rows of the same intent are no
 * negatives of each other.
 *
 * <p>Chen et al., Intent contrastive learning for sequential recommendation (ICLRec), WWW 2022,
 * equations 9 to 11.
 */
public final class IntentAttraction {

  private final Kernels kernels;
  private final IntentPrototypes prototypes;
  private final Objective contrast;
  private final ObjectiveInputs inputs = new ObjectiveInputs();
  private final RowBuffer intents;
  private int[] numbers = new int[0];

  /**
   * @param width of states and prototypes
   */
  public IntentAttraction(Kernels kernels, IntentPrototypes prototypes, int width) {
    this.kernels = kernels;
    this.prototypes = prototypes;
    this.contrast =
        Objectives.NT_XENT.create(
            kernels, new ObjectiveParameters(Map.of("tau", 1, "normalize", false)));
    this.intents = new RowBuffer(kernels, width);
  }

  /**
   * Adds the gradients at the views; the prototypes stay as they are.
   *
   * @param own states of the sequences, {@code B x width}
   * @param views states of each view, {@code B x width}
   * @param gradients one for each view, added to
   * @return the weighted loss
   */
  public double addGradients(
      Matrix own, List<Matrix> views, List<Matrix> gradients, double weight) {
    numbers = prototypes.assign(own);
    Matrix intent = intents.rows(numbers.length);
    prototypes.gather(numbers, intent);
    double share = weight / views.size();
    double loss = 0;
    for (int v = 0; v < views.size(); v++) {
      LossAndGradient result =
          contrast.evaluate(inputs.put("z1", views.get(v)).put("z2", intent).put("ids", numbers));
      kernels.addInPlace(gradients.get(v), share, result.gradient("z1"));
      loss += share * result.loss();
    }
    return loss;
  }

  /** Lets the prototypes learn the states that {@link #addGradients} was last called with. */
  public void learn(Matrix own) {
    prototypes.learn(own, numbers);
  }
}
