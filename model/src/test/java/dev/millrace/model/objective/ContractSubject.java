package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One form of an objective under test, with or without its optional inputs.
 *
 * @param objective registry entry
 * @param variant its form
 * @param optional whether the optional inputs are given
 */
record ContractSubject(Objectives objective, String variant, boolean optional) {

  /** The whole result in double precision, copied. */
  record Result(double loss, Map<String, double[]> gradients, Map<String, double[]> outputs) {

    void assertFinite(String when) {
      assertThat(loss).as("loss %s", when).isFinite();
      outputs.forEach((name, values) -> assertFinite("output " + name, values, when));
      gradients.forEach((name, values) -> assertFinite("gradient " + name, values, when));
    }

    private static void assertFinite(String name, double[] values, String when) {
      for (double value : values) {
        assertThat(value).as("%s %s", name, when).isFinite();
      }
    }
  }

  Signature signature() {
    return objective.signature(variant);
  }

  Objective create(Kernels kernels) {
    return create(kernels, Map.of());
  }

  Objective create(Kernels kernels, Map<String, ?> parameters) {
    Map<String, Object> all = new TreeMap<>(parameters);
    if (!variant.isEmpty()) {
      all.put("variant", variant);
    }
    return objective.create(kernels, new ObjectiveParameters(all));
  }

  RandomBatch batch(long seed) {
    return batch(Map.of(), seed);
  }

  RandomBatch batch(Map<String, Integer> sizes, long seed) {
    return RandomBatch.draw(signature(), optional, sizes, seed);
  }

  static Result evaluate(Objective objective, Kernels kernels, RandomBatch batch) {
    return copy(kernels, objective.evaluate(batch.inputs(kernels)));
  }

  static Result copy(Kernels kernels, LossAndGradient result) {
    Map<String, double[]> outputs = values(kernels, result.outputs());
    result.scalars().forEach((name, value) -> outputs.put(name, new double[] {value}));
    return new Result(result.loss(), values(kernels, result.gradients()), outputs);
  }

  private static Map<String, double[]> values(Kernels kernels, Map<String, Matrix> matrices) {
    Map<String, double[]> all = new LinkedHashMap<>();
    matrices.forEach((name, matrix) -> all.put(name, values(kernels, matrix)));
    return all;
  }

  static double[] values(Kernels kernels, Matrix matrix) {
    double[] values = new double[Math.toIntExact(matrix.size())];
    kernels.read(matrix, values);
    return values;
  }

  @Override
  public String toString() {
    return objective.key()
        + (variant.isEmpty() ? "" : " " + variant)
        + (optional ? " with optional inputs" : "");
  }
}
