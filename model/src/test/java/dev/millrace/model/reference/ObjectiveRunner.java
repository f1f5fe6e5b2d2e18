package dev.millrace.model.reference;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.objective.Signature;
import java.util.Map;

/** Runs any objective of the registry: parameters, inputs, outputs and gradients by name. */
final class ObjectiveRunner implements ReferenceRunner {

  @Override
  public Result run(Kernels kernels, ReferenceCase reference) {
    Objective objective =
        Objectives.of(reference.objective())
            .create(
                kernels, new ObjectiveParameters(reference.params()), reference.inputs().keySet());
    ObjectiveInputs inputs = inputs(kernels, objective.signature(), reference);
    LossAndGradient actual = objective.evaluate(inputs);

    Result result = new Result();
    result.outputs().put("loss", new double[] {actual.loss()});
    actual.scalars().forEach((name, value) -> result.outputs().put(name, new double[] {value}));
    copy(kernels, actual.outputs(), result.outputs());
    copy(kernels, actual.gradients(), result.gradients());
    return result;
  }

  private static ObjectiveInputs inputs(
      Kernels kernels, Signature signature, ReferenceCase reference) {
    ObjectiveInputs inputs = new ObjectiveInputs();
    reference
        .inputs()
        .forEach(
            (name, array) -> {
              if (signature.input(name).kind() == Signature.Kind.INTEGERS) {
                inputs.put(name, array.integers(), array.shape());
              } else {
                inputs.put(name, array.matrix(kernels), array.shape());
              }
            });
    return inputs;
  }

  private static void copy(Kernels kernels, Map<String, Matrix> from, Map<String, double[]> to) {
    from.forEach(
        (name, matrix) -> {
          double[] values = new double[Math.toIntExact(matrix.size())];
          kernels.read(matrix, values);
          to.put(name, values);
        });
  }
}
