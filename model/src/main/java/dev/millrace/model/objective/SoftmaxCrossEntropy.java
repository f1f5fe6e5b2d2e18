package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Next-item softmax cross entropy over all items of a table.
 *
 * <pre>
 *   x_ij = &lt;h_i, e_j&gt; + b_j
 *   loss = mean_i ( log sum_j exp x_ij - x_{i, t_i} )
 * </pre>
 *
 * <p>Shapes: {@code h: B x D}, {@code items: N x D}, {@code targets: [B]} row indices of items,
 * optional {@code bias: [N]} constant (the log of a prior); gradients {@code h: B x D}, {@code
 * items: N x D}; output {@code rowLoss: B x 1}. Rows are not normalised.
 *
 * <p>Mean over the rows. Every row of the table takes part, the padding row 0 included; a bias of
 * minus infinity takes a row out, and must not do so to a target.
 *
 * <p>Kang and McAuley, Self-Attentive Sequential Recommendation, ICDM 2018, with the full softmax
 * in place of sampled negatives.
 */
final class SoftmaxCrossEntropy implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("h", "B", "D")
          .differentiable("items", "N", "D")
          .integers("targets", ValueRange.index("N"), "B")
          .optional("bias", Signature.Kind.CONSTANT, ValueRange.any(), "N")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;

  SoftmaxCrossEntropy(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    Matrix h = inputs.matrix("h");
    Matrix items = inputs.matrix("items");
    double rows = h.rows();

    Matrix logits = workspace.matrix("logits", h.rows(), items.rows());
    kernels.multiplyByTransposed(h, items, 1, 0, logits);
    if (inputs.has("bias")) {
      kernels.addRowInPlace(logits, inputs.matrix("bias"));
    }
    Matrix rowLoss = workspace.matrix("rowLoss", h.rows(), 1);
    kernels.crossEntropyRowsInPlace(logits, inputs.integers("targets"), rowLoss);

    Matrix gradientH = workspace.like("gradientH", h);
    kernels.multiply(logits, items, 1 / rows, 0, gradientH);
    Matrix gradientItems = workspace.like("gradientItems", items);
    kernels.multiplyTransposed(logits, h, 1 / rows, 0, gradientItems);
    return new LossAndGradient(kernels.sum(rowLoss) / rows)
        .withGradient("h", gradientH)
        .withGradient("items", gradientItems)
        .withOutput("rowLoss", rowLoss);
  }
}
