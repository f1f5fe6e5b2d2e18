package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.reference.TestKernels;
import java.util.Arrays;
import java.util.Map;

/** What the tests of single objectives share: exact kernels and small batches. */
final class ObjectiveFacts {

  /** Three users in four features, not normalised. */
  static final double[] A = {3, 1, 0, 1, 0, 2, 1, -1, -1, 0, 2, 1};

  static final double[] B = {2, 1, 1, 0, 1, 2, 0, -1, -1, 1, 2, 2};
  static final double[] C = {2, 0, 0, 2, 0, 1, 1, -2, -2, 0, 1, 1};

  private ObjectiveFacts() {}

  static Kernels exact() {
    return TestKernels.ND4J_DOUBLE.create();
  }

  static Matrix rows(Kernels kernels, double... values) {
    return kernels.of(values.length / 4, 4, values);
  }

  static Objective create(Kernels kernels, Objectives objective, Map<String, ?> parameters) {
    return objective.create(kernels, new ObjectiveParameters(parameters));
  }

  static LossAndGradient pair(
      Kernels kernels, Objectives objective, Map<String, ?> parameters, double[] z1, double[] z2) {
    return create(kernels, objective, parameters)
        .evaluate(new ObjectiveInputs().put("z1", rows(kernels, z1)).put("z2", rows(kernels, z2)));
  }

  /** The input {@code z: V x B x D} of views one after another. */
  static ObjectiveInputs views(Kernels kernels, double[]... views) {
    double[] all = Arrays.stream(views).flatMapToDouble(Arrays::stream).toArray();
    return new ObjectiveInputs().put("z", rows(kernels, all), views.length, views[0].length / 4, 4);
  }

  static double[] values(Kernels kernels, Matrix matrix) {
    return ContractSubject.values(kernels, matrix);
  }
}
