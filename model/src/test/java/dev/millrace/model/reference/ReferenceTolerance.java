package dev.millrace.model.reference;

import java.util.regex.Pattern;

/**
 * Tolerances of the reference vectors, as their README states them.
 *
 * @param output of the loss and every output: relative, and absolute below {@code outputFloor}
 * @param outputFloor magnitude below which {@code output} is absolute
 * @param gradient of a gradient: norm of the difference over norm of the reference
 * @param zero of a gradient that is zero in exact arithmetic, absolute
 */
record ReferenceTolerance(double output, double outputFloor, double gradient, double zero) {

  /** Cases in which a rounding error of a similarity is 1000 times that in a logit. */
  private static final Pattern EXTREME =
      Pattern.compile(
          ".*(tiny-temperature|saturated-weights|far-apart"
              + "|large-(logits|scores|dot-products|inputs|gradients|scale|weights)).*");

  static ReferenceTolerance of(ReferenceCase reference, boolean float64) {
    if (float64) {
      return new ReferenceTolerance(1e-9, 1e-3, 1e-9, 1e-9);
    }
    String name = reference.toString();
    if (reference.objective().equals("sinkhorn")) {
      return new ReferenceTolerance(1e-4, 1, 2e-4, 1e-5);
    }
    if (name.equals("mv-infonce-duplicate-rows-same-view-negatives")) {
      return new ReferenceTolerance(1e-5, 1, 1e-2, 1e-5);
    }
    return EXTREME.matcher(name).matches()
        ? new ReferenceTolerance(1e-4, 1, 2e-3, 1e-4)
        : new ReferenceTolerance(1e-5, 1, 2e-4, 1e-5);
  }
}
