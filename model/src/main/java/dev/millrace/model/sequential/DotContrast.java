package dev.millrace.model.sequential;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import java.util.Map;

/** {@code weight con(h1, h2)}: NT-Xent of plain dot products at temperature 1 between two views. */
final class DotContrast implements ViewLoss {

  /** The weight that CL4SRec, DuoRec, CoSeRec and ICLRec share. */
  static final double WEIGHT = 0.1;

  private final Kernels kernels;
  private final double weight;
  private final Objective contrast;
  private final ObjectiveInputs inputs = new ObjectiveInputs();

  DotContrast(Kernels kernels, double weight) {
    this.kernels = kernels;
    this.weight = weight;
    this.contrast = create(kernels);
  }

  static Objective create(Kernels kernels) {
    return Objectives.NT_XENT.create(
        kernels, new ObjectiveParameters(Map.of("tau", 1, "normalize", false)));
  }

  @Override
  public double addGradients(States states, States gradients) {
    LossAndGradient result =
        contrast.evaluate(inputs.put("z1", states.first()).put("z2", states.second()));
    add(gradients.first(), result.gradient("z1"));
    add(gradients.second(), result.gradient("z2"));
    return weight * result.loss();
  }

  private void add(Matrix gradient, Matrix part) {
    kernels.addInPlace(gradient, weight, part);
  }
}
