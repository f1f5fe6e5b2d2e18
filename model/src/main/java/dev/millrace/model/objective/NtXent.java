package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Normalised temperature-scaled cross entropy between two views of a batch.
 *
 * <pre>
 *   z = [z1; z2] with unit rows,  s_ij = &lt;z_i, z_j&gt; / tau,  positive p(i) = i +- B
 *   loss = mean_i ( log sum_{j != i} exp s_ij - s_{i, p(i)} )
 * </pre>
 *
 * <p>Shapes: {@code z1, z2: B x D} raw, optional {@code ids: [B]}; gradients as the inputs; output
 * {@code rowLoss: 2B x 1}. With ids, rows of an equal id other than the positive are not negatives.
 *
 * <p>Mean over the 2B rows. Parameters: {@code tau} above 0; {@code normalize} false takes plain
 * dot products. A row without negatives (a batch of one, all of one id) contributes 0.
 *
 * <p>Chen et al., A Simple Framework for Contrastive Learning of Visual Representations, ICML 2020,
 * equation 1.
 */
final class NtXent implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("z1", "B", "D")
          .differentiable("z2", "B", "D")
          .optional("ids", Signature.Kind.INTEGERS, ValueRange.ids(), "B")
          .build();

  private final Workspace workspace;
  private final UnitRows rows;
  private final InBatchContrast contrast;

  NtXent(Kernels kernels, ObjectiveParameters parameters) {
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels, parameters.flag("normalize", true));
    this.contrast = new InBatchContrast(kernels, parameters.positive("tau", 0.1));
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = SIGNATURE.bind(inputs).get("B");
    Matrix z = rows.forward(inputs.matrix("z1"), inputs.matrix("z2"));
    int[] ids = inputs.has("ids") ? inputs.integers("ids") : null;
    Matrix gradientUnit = workspace.like("gradientUnit", z);
    double loss = contrast.evaluate(z, ids, 1, 0, gradientUnit);
    Matrix gradient = rows.backward(gradientUnit);
    return new LossAndGradient(loss)
        .withGradient("z1", gradient.rows(0, batch))
        .withGradient("z2", gradient.rows(batch, 2 * batch))
        .withOutput("rowLoss", contrast.rowLoss());
  }
}
