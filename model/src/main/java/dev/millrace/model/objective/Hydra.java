package dev.millrace.model.objective;

import static dev.millrace.model.objective.Signature.Kind.DIFFERENTIABLE;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Contrast of arbitrary pairs of classes: a row attracts the rows of a partner class, of its own or
 * another, in those features alone that a gate of the pair of classes opens.
 *
 * <pre>
 *   l_bn = scale cos( z_b * g_b, z_n * g_b )
 *   P = { (b, n) : y_n = partner_b, n != b },  N_b = { m : y_m is neither y_b nor partner_b }
 *   loss = mean_{(b, n) in P} log( 1 + sum_{m in N_b} exp(l_bm - l_bn) )
 * </pre>
 *
 * <p>Shapes: {@code z: B x D} raw, {@code gates: B x D} in 0 to 1, {@code labels: [B]}, {@code
 * partner: [B]} the class that each row is to meet (by default that of another row of the batch,
 * drawn by the caller); gradients {@code z, gates}; outputs {@code gates: B x D} and the scalar
 * {@code positivePairs}.
 *
 * <p>Mean over the positive pairs of the batch. Parameter: {@code scale} above 0, an inverse
 * temperature. Each positive stands alone against all negatives; rows of the anchor's own class are
 * neither, unless it is the partner. Without positives the loss is 0, and an anchor without
 * negatives contributes 0 and no gradient.
 *
 * <p>Where the partner is the own class, the released code counts the anchor as its own positive,
 * with cosine 1; here it is left out. It subtracts the mean and not the maximum before it
 * exponentiates, which overflows at a large scale. The classifier that it trains beside the loss,
 * to monitor the backbone, is no part of it.
 *
 * <p>Wu et al., Rethinking Positive Pairs in Contrastive Learning, arXiv 2410.18200, 2024 (Hydra,
 * later SimLAP).
 */
final class Hydra implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("z", "B", "D")
          .add("gates", DIFFERENTIABLE, true, ValueRange.positive(), "B", "D")
          .integers("labels", ValueRange.ids(), "B")
          .integers("partner", ValueRange.ids(), "B")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final GatedContrast contrast;

  Hydra(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.contrast = new GatedContrast(kernels, parameters.positive("scale", 10));
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    Matrix gates = workspace.like("gates", inputs.matrix("gates"));
    kernels.copy(inputs.matrix("gates"), gates);
    double loss =
        contrast.evaluate(
            inputs.matrix("z"), gates, inputs.integers("labels"), inputs.integers("partner"));
    return new LossAndGradient(loss)
        .withGradient("z", contrast.gradientZ())
        .withGradient("gates", contrast.gradientGates())
        .withOutput("gates", gates)
        .withScalar("positivePairs", contrast.positivePairs());
  }
}
