package dev.millrace.model.objective;

import static dev.millrace.model.objective.Signature.Kind.CONSTANT;
import static dev.millrace.model.objective.Signature.Kind.INTEGERS;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Supervised contrastive loss within one modality: rows of one label attract each other.
 *
 * <pre>
 *   s_ij = &lt;z_i, z_j&gt; / tau with unit rows, j over the other rows of the batch and the bank
 *   P_i = { j != i : y_j = y_i },  anchors = { i : P_i not empty }
 *   loss = mean_{i in anchors} ( log sum_{j != i} exp s_ij - mean_{p in P_i} s_ip )
 * </pre>
 *
 * <p>Shapes: {@code z: B x D} raw, {@code labels: [B]}, optional and together {@code bank: M x D}
 * raw and constant, {@code bankLabels: [M]}; gradient {@code z}; output the scalar {@code anchors}.
 * Views are stacked to one batch with their labels repeated.
 *
 * <p>Mean over the anchors. Parameter: {@code tau} above 0. A row without a positive is no anchor,
 * but a negative of the others; without anchors the loss is 0 and so is the gradient.
 *
 * <p>Code in circulation divides by the number of positives without looking whether there are any,
 * and is NaN for a batch in which a label occurs once. Here such rows are left out of the mean.
 *
 * <p>Khosla et al., Supervised Contrastive Learning, NeurIPS 2020, equation 2; within a modality as
 * in Liu et al., A Framework For Image Synthesis Using Supervised Contrastive Learning, 2024.
 */
final class SupConInner implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("z", "B", "D")
          .integers("labels", ValueRange.ids(), "B")
          .optional("bank", CONSTANT, ValueRange.any(), "M", "D")
          .optional("bankLabels", INTEGERS, ValueRange.ids(), "M")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final UnitRows bankRows;
  private final LabelContrast contrast;

  SupConInner(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    this.bankRows = new UnitRows(kernels);
    this.contrast = new LabelContrast(kernels, parameters.positive("tau", 0.1), true);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    if (inputs.has("bank") != inputs.has("bankLabels")) {
      throw new IllegalArgumentException("give both 'bank' and 'bankLabels', or neither");
    }
    boolean withBank = inputs.has("bank") && inputs.matrix("bank").rows() > 0;
    Matrix z = rows.forward(inputs.matrix("z"));
    Matrix bank = withBank ? bankRows.forward(inputs.matrix("bank")) : null;
    int[] bankLabels = withBank ? inputs.integers("bankLabels") : new int[0];
    double loss = contrast.evaluate(z, z, inputs.integers("labels"), bank, bankLabels);
    Matrix gradientUnit = workspace.zeros("gradientUnit", z.rows(), z.columns());
    contrast.addGradients(1, gradientUnit, gradientUnit);
    return new LossAndGradient(loss)
        .withGradient("z", rows.backward(gradientUnit))
        .withScalar("anchors", contrast.anchorCount());
  }
}
