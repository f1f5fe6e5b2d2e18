package dev.millrace.model.reference;

import dev.millrace.model.kernel.Kernels;
import java.util.LinkedHashMap;
import java.util.Map;

/** Computes a reference case with the code under test. */
public interface ReferenceRunner {

  /** Outputs and gradients by name, row-major; a plain number is an array of one. */
  record Result(Map<String, double[]> outputs, Map<String, double[]> gradients) {
    public Result() {
      this(new LinkedHashMap<>(), new LinkedHashMap<>());
    }
  }

  /** Must give every output and exactly the gradients that the case holds. */
  Result run(Kernels kernels, ReferenceCase reference);

  /** Whether an entry of an output is defined and so compared. */
  default boolean comparable(ReferenceCase reference, String output, int index) {
    return true;
  }
}
