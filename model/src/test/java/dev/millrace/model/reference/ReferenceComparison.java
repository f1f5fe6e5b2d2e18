package dev.millrace.model.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Compares what a runner computed with one reference case. */
final class ReferenceComparison {

  /** Below this share of the file's largest gradient entry an array is zero in exact arithmetic. */
  private static final double ZERO = 1e-9;

  private final ReferenceCase reference;
  private final ReferenceRunner runner;
  private final ReferenceRunner.Result actual;
  private final ReferenceTolerance tolerance;
  private final boolean float64;
  private final List<String> failures = new ArrayList<>();
  private double worstOutput;
  private double worstGradient;

  ReferenceComparison(
      ReferenceCase reference,
      ReferenceRunner runner,
      ReferenceRunner.Result actual,
      boolean float64) {
    this.reference = reference;
    this.runner = runner;
    this.actual = actual;
    this.float64 = float64;
    this.tolerance = ReferenceTolerance.of(reference, float64);
    reference.outputs().forEach(this::compareOutput);
    if (!actual.gradients().keySet().equals(reference.gradients().keySet())) {
      failures.add(
          "gradients of %s, expected of %s"
              .formatted(actual.gradients().keySet(), reference.gradients().keySet()));
    }
    double largest =
        reference.gradients().values().stream()
            .mapToDouble(ReferenceArray::largest)
            .max()
            .orElse(0);
    reference.gradients().forEach((name, expected) -> compareGradient(name, expected, largest));
  }

  /** One sentence per array that is off; empty if all is well. */
  List<String> failures() {
    return failures;
  }

  /** Largest relative error over the outputs. */
  double worstOutput() {
    return worstOutput;
  }

  /** Largest relative error over the gradients that are not zero in exact arithmetic. */
  double worstGradient() {
    return worstGradient;
  }

  private void compareOutput(String name, ReferenceArray expected) {
    double[] values = values("output", name, expected, actual.outputs());
    if (values == null) {
      return;
    }
    double worst = 0;
    double largest = expected.largest();
    for (int i = 0; i < values.length; i++) {
      if (runner.comparable(reference, name, i)) {
        double scale = float64 ? largest : Math.abs(expected.data()[i]);
        double error =
            Math.abs(values[i] - expected.data()[i]) / Math.max(scale, tolerance.outputFloor());
        worst = Math.max(worst, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
      }
    }
    worstOutput = Math.max(worstOutput, worst);
    check("output", name, worst, tolerance.output());
  }

  private void compareGradient(String name, ReferenceArray expected, double largestOfFile) {
    double[] values = values("gradient", name, expected, actual.gradients());
    if (values == null) {
      return;
    }
    double difference = 0;
    double norm = 0;
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      double error = values[i] - expected.data()[i];
      difference += error * error;
      norm += expected.data()[i] * expected.data()[i];
      largest = Math.max(largest, Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.abs(error));
    }
    if (expected.largest() <= ZERO * Math.max(largestOfFile, 1e-3)) {
      check("gradient (zero)", name, largest / Math.max(largestOfFile, 1), tolerance.zero());
      return;
    }
    double worst = float64 ? largest / expected.largest() : Math.sqrt(difference / norm);
    worst = Double.isNaN(worst) ? Double.POSITIVE_INFINITY : worst;
    worstGradient = Math.max(worstGradient, worst);
    check("gradient", name, worst, tolerance.gradient());
  }

  private double[] values(
      String what, String name, ReferenceArray expected, Map<String, double[]> all) {
    double[] values = all.get(name);
    if (values == null) {
      failures.add("%s %s is missing, there are %s".formatted(what, name, all.keySet()));
    } else if (values.length != expected.data().length) {
      failures.add(
          "%s %s has %d entries, expected %s"
              .formatted(what, name, values.length, Arrays.toString(expected.shape())));
      return null;
    }
    return values;
  }

  private void check(String what, String name, double error, double allowed) {
    if (!(error <= allowed)) {
      failures.add("%s %s is off by %.2e, allowed %.0e".formatted(what, name, error, allowed));
    }
  }
}
