package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * The share of one set of negatives (the bank, or the batch) in the repulsion weights of CACR: the
 * softmax of {@code -t e}, {@code e = 2 - 2 <q, n>}, over all sets together.
 */
final class CacrNegatives {

  private final Kernels kernels;
  private final Workspace workspace;
  private final StopGradient stopGradient;
  private final String name;
  private final double temperature;
  private final boolean attached;
  private Matrix weight;
  private Matrix logits;

  /**
   * One set.
   *
   * @param name of its stop-gradients
   * @param temperature t
   * @param attached whether the logits of the weights are differentiated
   */
  CacrNegatives(
      Kernels kernels,
      StopGradient stopGradient,
      String name,
      double temperature,
      boolean attached) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.stopGradient = stopGradient;
    this.name = name;
    this.temperature = temperature;
    this.attached = attached;
  }

  /** The weights of the set, {@code rows x negatives}. */
  Matrix weight() {
    return weight;
  }

  /**
   * Weights within this set alone.
   *
   * @return the logarithm of each row's sum, less {@code 2 t}; minus infinity without negatives
   */
  double[] weigh(int view, Matrix queries, Matrix negatives, Entries masked) {
    weight = workspace.matrix("weight", queries.rows(), negatives.rows());
    kernels.multiplyByTransposed(queries, negatives, 2 * temperature, 0, weight);
    if (attached) {
      logits = workspace.like("logits", weight);
      kernels.copy(weight, logits);
    } else {
      stopGradient.holdInPlace(name + "Logits" + view, kernels, weight);
    }
    masked.addTo(kernels, weight);
    Matrix logSum = workspace.matrix("column", queries.rows(), 1);
    kernels.softmaxRowsInPlace(weight, logSum);
    double[] values = new double[queries.rows()];
    kernels.read(logSum, values);
    return values;
  }

  /** Weights within all sets, by the share of this one in each row. */
  void scale(double[] share) {
    kernels.scaleRowsInPlace(weight, column(share));
  }

  /**
   * From the weights w to what a distance changes directly and through them, {@code w (1 - t (e -
   * mean e))}; w itself if the logits are constants.
   */
  void differentiate(double[] mean) {
    if (!attached) {
      return;
    }
    double[] factor = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      factor[i] = 1 - 2 * temperature + temperature * mean[i];
    }
    Matrix through = workspace.like("through", weight);
    kernels.hadamard(weight, logits, through);
    kernels.scaleRowsInPlace(weight, column(factor));
    kernels.addInPlace(weight, 1, through);
  }

  private Matrix column(double[] values) {
    Matrix column = workspace.matrix("column", values.length, 1);
    kernels.write(values, column);
    return column;
  }
}
