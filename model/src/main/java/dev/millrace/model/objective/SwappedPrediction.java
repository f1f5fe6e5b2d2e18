package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Views of a batch that predict each other's balanced assignment to prototypes.
 *
 * <pre>
 *   s_v = z_v c^T / tau
 *   L_a = mean over v != a, rows i of  - sum_k Q_a,ik log softmax(s_v,i)_k
 *   Q_a = balanced assignment of view a, constant
 * </pre>
 *
 * <p>The mean of L over the assigned views is the loss whose gradients are kept.
 */
final class SwappedPrediction {

  private final Kernels kernels;
  private final Workspace workspace;
  private final Sinkhorn sinkhorn;
  private final StopGradient stopGradient;
  private final double tau;
  private double[] losses = new double[0];

  SwappedPrediction(Kernels kernels, ObjectiveParameters parameters, StopGradient stopGradient) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.stopGradient = stopGradient;
    this.tau = parameters.positive("tau", 0.1);
    // The scores are divided by tau already.
    this.sinkhorn =
        new Sinkhorn(
            kernels,
            parameters.positive("epsilon", 0.05) / tau,
            parameters.integer("iterations", 3));
  }

  /** What an evaluation gives; the matrices are overwritten by the next one. */
  record Result(double[] losses, Matrix assignments, Matrix gradientZ, Matrix gradientPrototypes) {

    double loss() {
      double sum = 0;
      for (double loss : losses) {
        sum += loss;
      }
      return sum / losses.length;
    }
  }

  /**
   * Loss of each assigned view, assignments and gradients.
   *
   * @param z unit rows, view after view
   * @param views at least 2
   * @param assigned number of views that are assigned, the first ones
   * @param prototypes unit rows
   * @param queue older unit rows of each assigned view, one view after the other; null for none
   * @param targets share of each prototype, {@code 1 x K}; null for equal shares
   */
  Result evaluate(
      Matrix z, int views, int assigned, Matrix prototypes, Matrix queue, Matrix targets) {
    int batch = z.rows() / views;
    int clusters = prototypes.rows();
    Matrix logits = workspace.matrix("logits", z.rows(), clusters);
    kernels.multiplyByTransposed(z, prototypes, 1 / tau, 0, logits);
    Matrix assignments = workspace.matrix("assignments", assigned * batch, clusters);
    for (int a = 0; a < assigned; a++) {
      Matrix scores = withQueue(block(logits, a, batch), a, assigned, prototypes, queue);
      kernels.copy(sinkhorn.assign(scores, batch, targets), block(assignments, a, batch));
    }
    stopGradient.holdInPlace("assignments", kernels, assignments);

    Matrix slopes = workspace.like("slopes", logits);
    kernels.copy(logits, slopes);
    Matrix logSums = workspace.matrix("logSums", z.rows(), 1);
    kernels.softmaxRowsInPlace(slopes, logSums);
    losses = losses.length == assigned ? losses : new double[assigned];
    Matrix expected = workspace.matrix("expected", batch, 1);
    for (int a = 0; a < assigned; a++) {
      losses[a] = 0;
      Matrix target = block(assignments, a, batch);
      for (int v = 0; v < views; v++) {
        if (v != a) {
          kernels.rowDots(target, block(logits, v, batch), expected);
          losses[a] += kernels.sum(block(logSums, v, batch)) - kernels.sum(expected);
        }
      }
      losses[a] /= (double) batch * (views - 1);
    }
    subtractTargets(slopes, views, assignments, batch);

    double scale = 1 / (tau * assigned * (views - 1) * batch);
    Matrix gradientZ = workspace.like("gradientZ", z);
    kernels.multiply(slopes, prototypes, scale, 0, gradientZ);
    Matrix gradientPrototypes = workspace.like("gradientPrototypes", prototypes);
    kernels.multiplyTransposed(slopes, z, scale, 0, gradientPrototypes);
    return new Result(losses, assignments, gradientZ, gradientPrototypes);
  }

  /** Scores of the view's queue on today's prototypes above its own. */
  private Matrix withQueue(Matrix own, int view, int assigned, Matrix prototypes, Matrix queue) {
    if (queue == null || queue.rows() == 0) {
      return own;
    }
    int length = queue.rows() / assigned;
    Matrix scores = workspace.matrix("scores", length + own.rows(), own.columns());
    kernels.multiplyByTransposed(
        block(queue, view, length), prototypes, 1 / tau, 0, scores.head(length));
    kernels.copy(own, scores.rows(length, scores.rows()));
    return scores;
  }

  /** Each view's probabilities, once for every other assigned view, less those assignments. */
  private void subtractTargets(Matrix slopes, int views, Matrix assignments, int batch) {
    int assigned = assignments.rows() / batch;
    for (int v = 0; v < views; v++) {
      Matrix slope = block(slopes, v, batch);
      kernels.scaleInPlace(slope, v < assigned ? assigned - 1 : assigned);
      for (int a = 0; a < assigned; a++) {
        if (a != v) {
          kernels.addInPlace(slope, -1, block(assignments, a, batch));
        }
      }
    }
  }

  private static Matrix block(Matrix x, int index, int rows) {
    return x.rows(index * rows, (index + 1) * rows);
  }
}
