package dev.millrace.model.objective;

import static dev.millrace.model.objective.Signature.Kind.CONSTANT;
import static dev.millrace.model.objective.Signature.Kind.DIFFERENTIABLE;
import static dev.millrace.model.objective.Signature.Kind.INTEGERS;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * InfoNCE of queries with one key each against a bank of negatives.
 *
 * <pre>
 *   p_i = &lt;q_i, k_i&gt; / tau,  s_ij = &lt;q_i, m_j&gt; / tau + log w_ij   (unit rows)
 *   loss = mean_i log( 1 + sum_{j kept} exp(s_ij - p_i) )
 * </pre>
 *
 * <p>Shapes: {@code q, k: B x D} raw, {@code bank: M x D} raw and constant, optional {@code weight:
 * B x M} of the negatives (not below 0; 0 leaves one out) and {@code mask: B x M} (0 leaves one
 * out); gradients {@code q} and, with {@code keyGradient}, {@code k}; output {@code rowLoss: B x
 * 1}.
 *
 * <p>Mean over the B rows. Parameters: {@code tau} above 0; {@code keyGradient}: whether the key is
 * differentiated. A row without negatives (empty bank, all masked) contributes 0 and no gradient.
 *
 * <p>He et al., Momentum Contrast for Unsupervised Visual Representation Learning, CVPR 2020,
 * equation 1; van den Oord et al., Representation Learning with Contrastive Predictive Coding,
 * 2018.
 */
final class InfoNce implements Objective {

  private final Signature signature;
  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows queries;
  private final UnitRows keys;
  private final UnitRows bankRows;
  private final Entries masked = new Entries();
  private final double tau;
  private final boolean keyGradient;

  InfoNce(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.queries = new UnitRows(kernels);
    this.keys = new UnitRows(kernels);
    this.bankRows = new UnitRows(kernels);
    this.tau = parameters.positive("tau", 0.1);
    this.keyGradient = parameters.flag("keyGradient", false);
    this.signature =
        Signature.of()
            .differentiable("q", "B", "D")
            .add("k", keyGradient ? DIFFERENTIABLE : CONSTANT, true, ValueRange.any(), "B", "D")
            .constant("bank", "M", "D")
            .optional("weight", CONSTANT, ValueRange.positive(), "B", "M")
            .optional("mask", INTEGERS, ValueRange.mask(), "B", "M")
            .build();
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    signature.bind(inputs);
    Matrix q = queries.forward(inputs.matrix("q"));
    Matrix k = keys.forward(inputs.matrix("k"));
    Matrix rowLoss = workspace.matrix("rowLoss", q.rows(), 1);
    Matrix gradientQ = workspace.like("gradientQ", q);
    Matrix gradientK = workspace.like("gradientK", q);
    if (inputs.matrix("bank").rows() == 0) {
      kernels.fillInPlace(rowLoss, 0);
      kernels.fillInPlace(gradientQ, 0);
      kernels.fillInPlace(gradientK, 0);
    } else {
      contrast(q, k, inputs, rowLoss, gradientQ, gradientK);
    }
    LossAndGradient result =
        new LossAndGradient(kernels.sum(rowLoss) / q.rows())
            .withGradient("q", queries.backward(gradientQ))
            .withOutput("rowLoss", rowLoss);
    return keyGradient ? result.withGradient("k", keys.backward(gradientK)) : result;
  }

  /**
   * Works on the negatives alone: with {@code x_i = log sum_j exp(s_ij - p_i)} the loss of a row is
   * softplus(x_i) and its share of all negatives sigmoid(x_i), both exact where they are tiny.
   */
  private void contrast(
      Matrix q,
      Matrix k,
      ObjectiveInputs inputs,
      Matrix rowLoss,
      Matrix gradientQ,
      Matrix gradientK) {
    Matrix bank = bankRows.forward(inputs.matrix("bank"));
    Matrix logits = workspace.matrix("logits", q.rows(), bank.rows());
    kernels.multiplyByTransposed(q, bank, 1 / tau, 0, logits);
    addWeightsAndMask(inputs, logits);
    Matrix positive = workspace.matrix("positive", q.rows(), 1);
    kernels.rowDots(q, k, positive);
    kernels.scaleInPlace(positive, -1 / tau);
    kernels.addColumnInPlace(logits, positive);

    Matrix negatives = workspace.matrix("negatives", q.rows(), 1);
    kernels.softmaxRowsInPlace(logits, negatives);
    kernels.apply(Elementwise.SOFTPLUS, negatives, rowLoss);
    Matrix share = workspace.matrix("share", q.rows(), 1);
    kernels.apply(Elementwise.SIGMOID, negatives, share);
    kernels.scaleInPlace(share, 1 / (tau * q.rows()));

    kernels.multiply(logits, bank, 1, 0, gradientQ);
    kernels.addInPlace(gradientQ, -1, k);
    kernels.scaleRowsInPlace(gradientQ, share);
    kernels.copy(q, gradientK);
    kernels.scaleRowsInPlace(gradientK, share);
    kernels.scaleInPlace(gradientK, -1);
  }

  private void addWeightsAndMask(ObjectiveInputs inputs, Matrix logits) {
    if (inputs.has("weight")) {
      Matrix logWeight = workspace.like("logWeight", logits);
      kernels.apply(Elementwise.LOG, inputs.matrix("weight"), logWeight);
      kernels.addInPlace(logits, 1, logWeight);
    }
    if (inputs.has("mask")) {
      masked.clear();
      masked.maskZeros(inputs.integers("mask"), logits.columns());
      masked.addTo(kernels, logits);
    }
  }
}
