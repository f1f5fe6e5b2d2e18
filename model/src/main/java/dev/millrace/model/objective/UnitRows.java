package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Row normalisation {@code x / max(norm, 1e-12)} of one input, or of several stacked one below the
 * other, and the way back of its gradient.
 */
final class UnitRows {

  private final Kernels kernels;
  private final Workspace workspace;
  private final boolean normalize;
  private Matrix unit;
  private Matrix norms;

  UnitRows(Kernels kernels) {
    this(kernels, true);
  }

  /** Without normalisation the rows pass as they are, stacked if there are several inputs. */
  UnitRows(Kernels kernels, boolean normalize) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.normalize = normalize;
  }

  /** The unit rows of the inputs, stacked; they live until the next call. */
  Matrix forward(Matrix... inputs) {
    Matrix raw = inputs.length == 1 ? inputs[0] : stack(inputs);
    if (!normalize) {
      unit = raw;
      return raw;
    }
    unit = workspace.like("unit", raw);
    norms = workspace.matrix("norms", raw.rows(), 1);
    kernels.normalizeRows(raw, unit, norms);
    return unit;
  }

  /** The gradient at the inputs, stacked, from the one at the unit rows. */
  Matrix backward(Matrix gradientUnit) {
    if (!normalize) {
      return gradientUnit;
    }
    Matrix gradient = workspace.like("gradient", unit);
    kernels.normalizeRowsBackward(unit, norms, gradientUnit, gradient);
    return gradient;
  }

  private Matrix stack(Matrix... inputs) {
    int rows = 0;
    for (Matrix input : inputs) {
      rows += input.rows();
    }
    Matrix stacked = workspace.matrix("stacked", rows, inputs[0].columns());
    int from = 0;
    for (Matrix input : inputs) {
      kernels.copy(input, stacked.rows(from, from + input.rows()));
      from += input.rows();
    }
    return stacked;
  }
}
