package dev.millrace.model.objective;

import static dev.millrace.model.objective.Signature.Kind.CONSTANT;
import static dev.millrace.model.objective.Signature.Kind.DIFFERENTIABLE;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Contrast of a fine with a coarse view in which a small network learns how much each negative
 * counts.
 *
 * <pre>
 *   s_ij = &lt;k_i, q_j&gt; / tau with unit rows
 *   a_ij = sigmoid(v2 tanh(v1 (k_i + q_j) + b1) + b2)
 *   w_ij = (B - 1) a_ij / sum_{l != i} a_il  for j != i,  w_ii = 1
 *   loss = mean_i ( log sum_j w_ij exp s_ij - s_ii )
 * </pre>
 *
 * <p>Shapes: {@code q: B x D} raw and constant, {@code k: B x D} raw; {@code v1: H x D, b1: [H],
 * v2: [H], b2: [1]}; gradients of all but {@code q}; outputs {@code weights: B x B, rowLoss: B x
 * 1}. The anchors are the rows of {@code k}.
 *
 * <p>Mean over the B rows. Parameters: {@code tau} above 0; {@code hidden}, the size H of a new
 * network; {@code fixed}, which follows the variant unless given. A batch of one costs nothing.
 *
 * <p>Not fixed, as released: {@code w_ij = a_ij}, the positive's too, and nothing is constant.
 *
 * <p>Deviations of the fixed form from the released code: there, weights that are all small lower
 * the loss without any alignment learnt, so here their sum is fixed, the positive keeps weight 1,
 * and the network's inputs and the candidates are constants.
 *
 * <p>Yu, Ge, Li, Zhou, Heterogeneous Graph Contrastive Learning with Meta-Path Contexts and
 * Adaptively Weighted Negative Samples, IEEE Transactions on Knowledge and Data Engineering, 2024.
 */
final class AdaMeow implements Objective {

  private final Signature signature;
  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows queries;
  private final UnitRows keys;
  private final PairNetwork network;
  private final StopGradient stopGradient = new StopGradient();
  private final Entries diagonal = new Entries();
  private final double tau;
  private final boolean fixed;
  private int[] targets = new int[0];

  AdaMeow(Kernels kernels, ObjectiveParameters parameters) {
    this(kernels, parameters, true);
  }

  private AdaMeow(Kernels kernels, ObjectiveParameters parameters, boolean fixed) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.queries = new UnitRows(kernels);
    this.keys = new UnitRows(kernels);
    this.network = new PairNetwork(kernels);
    this.tau = parameters.positive("tau", 0.9);
    this.fixed = parameters.flag("fixed", fixed);
    this.signature =
        Signature.of()
            .add("q", this.fixed ? CONSTANT : DIFFERENTIABLE, true, ValueRange.any(), "B", "D")
            .differentiable("k", "B", "D")
            .parameter("v1", ValueRange.any(), "H", "D")
            .parameter("b1", ValueRange.any(), "H")
            .parameter("v2", ValueRange.any(), "H")
            .parameter("b2", ValueRange.any(), "1")
            .size("H", parameters.integer("hidden", 16))
            .build();
  }

  /** The loss of the released code. */
  static AdaMeow released(Kernels kernels, ObjectiveParameters parameters) {
    return new AdaMeow(kernels, parameters, false);
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public StopGradient stopGradient() {
    return stopGradient;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = signature.bind(inputs).get("B");
    Matrix q = queries.forward(inputs.matrix("q"));
    Matrix k = keys.forward(inputs.matrix("k"));
    Matrix negated = negatedOutputs(q, k, inputs);
    Matrix logits = workspace.like("logits", negated);
    kernels.apply(Elementwise.SOFTPLUS, negated, logits);
    Matrix logWeights = workspace.like("logWeights", negated);
    kernels.apply(Elementwise.NEGATE, logits, logWeights);
    if (fixed) {
      normalizeNegatives(logWeights, logits);
    }
    kernels.multiplyByTransposed(k, q, 1 / tau, -1, logits);
    Matrix rowLoss = workspace.matrix("rowLoss", batch, 1);
    kernels.crossEntropyRowsInPlace(logits, targets(batch), rowLoss);
    if (!fixed) {
      Matrix own = workspace.matrix("own", batch, 1);
      kernels.write(readDiagonal(logWeights), own);
      kernels.addInPlace(rowLoss, 1, own);
    }

    double scale = 1 / (tau * batch);
    Matrix gradientK = workspace.like("gradientK", k);
    kernels.multiply(logits, q, scale, 0, gradientK);
    LossAndGradient result = new LossAndGradient(kernels.sum(rowLoss) / batch);
    double total = gradientOfOutputs(logits, logWeights, negated);
    network.backward(negated, total, 1.0 / batch, result);
    if (!fixed) {
      Matrix gradientQ = workspace.like("gradientQ", q);
      kernels.multiplyTransposed(logits, k, scale, 0, gradientQ);
      network.backwardToRows(gradientK, gradientQ);
      result.withGradient("q", queries.backward(gradientQ));
    }
    return result
        .withGradient("k", keys.backward(gradientK))
        .withOutput("rowLoss", rowLoss)
        .withOutput("weights", weights(logWeights));
  }

  private Matrix negatedOutputs(Matrix q, Matrix k, ObjectiveInputs inputs) {
    Matrix anchors = k;
    if (fixed) {
      anchors = workspace.like("anchors", k);
      kernels.copy(k, anchors);
      stopGradient.holdInPlace("anchors", kernels, anchors);
    }
    return network.negated(
        anchors,
        q,
        inputs.matrix("v1"),
        inputs.matrix("b1"),
        inputs.matrix("v2"),
        inputs.matrix("b2"));
  }

  /**
   * Turns log a into the share that each negative has in its row's sum, and gives the negatives
   * together weight B - 1 beside weight 1 of the positive: since a constant added to a row of
   * logits changes nothing, it is taken off the positive's.
   *
   * @param subtracted what the logits are diminished by, {@code -log a}
   */
  private void normalizeNegatives(Matrix shares, Matrix subtracted) {
    int batch = shares.rows();
    diagonal.clear();
    for (int i = 0; i < batch; i++) {
      diagonal.mask(i, i);
    }
    diagonal.addTo(kernels, shares);
    Matrix totals = workspace.matrix("totals", batch, 1);
    kernels.softmaxRowsInPlace(shares, totals);
    double[] shifts = new double[batch];
    kernels.read(totals, shifts);
    Arrays.setAll(
        shifts, i -> Double.isInfinite(shifts[i]) ? 0 : Math.log(batch - 1.0) - shifts[i]);
    setDiagonal(subtracted, shifts);
  }

  /**
   * From the gradient g of the weighted logits: the part of the negatives is {@code g_ij + g_ii
   * share_ij}, since {@code -g_ii} is what all negatives have together.
   *
   * @param shares of the fixed form
   * @param negated overwritten by the result
   * @return the sum of the result
   */
  private double gradientOfOutputs(Matrix g, Matrix shares, Matrix negated) {
    int batch = g.rows();
    Matrix gradient = workspace.like("gradientOfOutputs", g);
    if (fixed) {
      Matrix own = workspace.matrix("own", batch, 1);
      kernels.write(readDiagonal(g), own);
      kernels.copy(shares, gradient);
      kernels.scaleRowsInPlace(gradient, own);
      kernels.addInPlace(gradient, 1, g);
      setDiagonal(gradient, new double[batch]);
    } else {
      kernels.copy(g, gradient);
      diagonal.clear();
      for (int i = 0; i < batch; i++) {
        diagonal.add(i, i, 1);
      }
      diagonal.addTo(kernels, gradient);
    }
    Matrix slopes = workspace.like("slopes", g);
    kernels.apply(Elementwise.SIGMOID, negated, slopes);
    kernels.hadamard(gradient, slopes, negated);
    if (!fixed) {
      return kernels.sum(negated);
    }
    // Rows of the gradient add up to 0, so any constant may be taken off the slopes, and what
    // slopes
    // have in common would otherwise cancel in the sum.
    kernels.addScalarInPlace(slopes, -slopes.get(0, 0));
    Matrix rowTotals = workspace.matrix("rowTotals", batch, 1);
    kernels.rowDots(gradient, slopes, rowTotals);
    return kernels.sum(rowTotals);
  }

  /** The weights themselves, from their logarithms or, in the fixed form, the negatives' shares. */
  private Matrix weights(Matrix logWeights) {
    if (fixed) {
      kernels.scaleInPlace(logWeights, logWeights.rows() - 1.0);
      double[] ones = new double[logWeights.rows()];
      Arrays.fill(ones, 1);
      setDiagonal(logWeights, ones);
      return logWeights;
    }
    Matrix weights = workspace.like("weights", logWeights);
    kernels.apply(Elementwise.EXP, logWeights, weights);
    return weights;
  }

  private double[] readDiagonal(Matrix x) {
    diagonal.clear();
    for (int i = 0; i < x.rows(); i++) {
      diagonal.add(i, i, 0);
    }
    return diagonal.readFrom(kernels, x);
  }

  private void setDiagonal(Matrix x, double[] values) {
    double[] before = readDiagonal(x).clone();
    diagonal.clear();
    for (int i = 0; i < x.rows(); i++) {
      // First to exactly 0, as x - x is.
      diagonal.add(i, i, -before[i]);
      diagonal.add(i, i, values[i]);
    }
    diagonal.addTo(kernels, x);
  }

  private int[] targets(int batch) {
    if (targets.length != batch) {
      targets = new int[batch];
      Arrays.setAll(targets, i -> i);
    }
    return targets;
  }
}
