package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import java.util.Arrays;

/**
 * Softmax cross entropy of queries that have a set of targets each, over all items of a table.
 *
 * <pre>
 *   x_qj = &lt;h_q, e_j&gt; + base_j + correction_qj
 *   loss = sum_q w_q ( log sum_{j not excluded} exp x_qj - mean_{t in T_q} x_qt )
 * </pre>
 *
 * <p>Shapes: {@code h: Q x D}, {@code items: N x D}, {@code base: 1 x N} where minus infinity takes
 * a row out; gradients of the same shapes, {@code base} included. The weights make it a mean or
 * not. Corrections stand at targets alone, such as for a prior that has seen the target already.
 *
 * <p>With one target a query, equal weights and no correction it is the objective {@code
 * softmax-ce}. A basket's items are one set because none of them comes before another.
 *
 * @see SoftmaxCrossEntropy
 */
public final class TargetSetSoftmax {

  private final Kernels kernels;
  private final RowBuffer logSums;
  private final RowBuffer weightColumn;
  private final RowBuffer gradientH;
  private final RowBuffer gradientBase;
  private Matrix logitStorage;
  private double[] values = new double[256];
  private double[] logSumValues = new double[64];

  public TargetSetSoftmax(Kernels kernels, int width) {
    this.kernels = kernels;
    this.logSums = new RowBuffer(kernels, 1);
    this.weightColumn = new RowBuffer(kernels, 1);
    this.gradientH = new RowBuffer(kernels, width);
    this.gradientBase = new RowBuffer(kernels, 1);
  }

  /**
   * Loss and gradients; they are overwritten by the next call.
   *
   * @param loss the loss
   * @param gradientH {@code Q x D}
   * @param gradientBase {@code N x 1}
   * @param gradientCorrection gradient of each target's correction, in the order of the targets
   */
  public record Result(
      double loss, Matrix gradientH, Matrix gradientBase, double[] gradientCorrection) {}

  /**
   * Evaluates; adds the items' gradient to {@code gradientItems}.
   *
   * @throws IllegalArgumentException if shapes do not fit or a query has no target
   */
  public Result evaluate(
      Matrix h, Matrix items, Matrix base, TargetSets sets, Matrix gradientItems) {
    int queries = h.rows();
    if (sets.queries() != queries) {
      throw new IllegalArgumentException(
          "h has " + queries + " rows for " + sets.queries() + " sets of targets");
    }
    requireTargets(sets);
    Matrix logits = logits(queries, items.rows());
    kernels.multiplyByTransposed(h, items, 1, 0, logits);
    kernels.addRowInPlace(logits, base);
    int targets = sets.targetCount();
    kernels.addAtInPlace(logits, sets.targetQueries(), sets.targets(), sets.corrections(), targets);
    maskExcluded(sets, logits);
    reserve(queries, targets);
    kernels.getAt(logits, sets.targetQueries(), sets.targets(), targets, values);
    Matrix logSum = logSums.rows(queries);
    kernels.softmaxRowsInPlace(logits, logSum);
    kernels.read(logSum, logSumValues);

    double loss = 0;
    for (int q = 0; q < queries; q++) {
      loss += sets.weights()[q] * logSumValues[q];
    }
    for (int i = 0; i < targets; i++) {
      double share = share(sets, i);
      loss -= share * values[i];
      values[i] = -share;
    }
    Matrix weights = weightColumn.rows(queries);
    kernels.write(sets.weights(), weights);
    kernels.scaleRowsInPlace(logits, weights);
    kernels.addAtInPlace(logits, sets.targetQueries(), sets.targets(), values, targets);
    kernels.getAt(logits, sets.targetQueries(), sets.targets(), targets, values);

    Matrix ofH = gradientH.rows(queries);
    kernels.multiply(logits, items, 1, 0, ofH);
    kernels.multiplyTransposed(logits, h, 1, 1, gradientItems);
    Matrix ofBase = gradientBase.rows(items.rows());
    kernels.sumOfRows(logits, 0, ofBase.reshaped(1, items.rows()));
    return new Result(loss, ofH, ofBase, values);
  }

  private static void requireTargets(TargetSets sets) {
    for (int q = 0; q < sets.queries(); q++) {
      if (sets.targetsOf(q) == 0) {
        throw new IllegalArgumentException("query " + q + " has no target: leave it out");
      }
    }
  }

  /** Weight of one target's own term. */
  private static double share(TargetSets sets, int target) {
    int query = sets.targetQueries()[target];
    return sets.weights()[query] / sets.targetsOf(query);
  }

  private void maskExcluded(TargetSets sets, Matrix logits) {
    int count = sets.excludedCount();
    if (values.length < count) {
      values = new double[2 * count];
    }
    Arrays.fill(values, 0, count, Double.NEGATIVE_INFINITY);
    kernels.addAtInPlace(logits, sets.excludedQueries(), sets.excluded(), values, count);
  }

  private void reserve(int queries, int targets) {
    if (values.length < targets) {
      values = new double[2 * targets];
    }
    if (logSumValues.length < queries) {
      logSumValues = new double[2 * queries];
    }
  }

  private Matrix logits(int queries, int items) {
    long size = (long) queries * items;
    if (logitStorage == null || logitStorage.size() < size) {
      logitStorage = kernels.allocate(1, Math.toIntExact(size + size / 4));
    }
    return logitStorage.window(0, queries, items);
  }
}
