package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Contrast of arbitrary pairs of classes in the features that a learned gate of the pair opens.
 *
 * <pre>
 *   e_b = (E[y_b] + E[partner_b]) / 2
 *   h_b = W1 norm1(relu(e_b)) + b1,  g_b = sigmoid( W2 norm2(relu(h_b)) + b2 )
 *   loss as of given gates g
 * </pre>
 *
 * <p>Shapes: {@code z: B x D} raw; {@code labels, partner: [B]} indices of classes; the parameters
 * {@code labelEmbedding: C x W}, {@code norm1Weight, norm1Bias: [W]}, {@code w1: H x W}, {@code b1:
 * [H]}, {@code norm2Weight, norm2Bias: [H]}, {@code w2: D x H}, {@code b2: [D]}, which are trained;
 * gradients of all but the labels; outputs {@code gates: B x D} and the scalar {@code
 * positivePairs}. The gate is the same for both orders of a pair of classes.
 *
 * <p>Mean over the positive pairs of the batch. Parameters: {@code scale} above 0, an inverse
 * temperature; {@code normEpsilon} above 0, added to the variance. Empty sets as of {@link Hydra}.
 *
 * <p>The released network normalises over the batch, which makes the gate of a pair depend on the
 * other labels of the batch, and is noisy for rare classes and small batches; here rows are
 * normalised, and a gate is a function of its pair. Deviations in the loss as of {@link Hydra}.
 *
 * <p>Wu et al., Rethinking Positive Pairs in Contrastive Learning, arXiv 2410.18200, 2024 (Hydra,
 * later SimLAP); W is 512 and H 1024 there.
 *
 * @see Hydra
 */
final class HydraNetwork implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("z", "B", "D")
          .integers("labels", ValueRange.index("C"), "B")
          .integers("partner", ValueRange.index("C"), "B")
          .parameter("labelEmbedding", ValueRange.any(), "C", "W")
          .parameter("norm1Weight", ValueRange.any(), "W")
          .parameter("norm1Bias", ValueRange.any(), "W")
          .parameter("w1", ValueRange.any(), "H", "W")
          .parameter("b1", ValueRange.any(), "H")
          .parameter("norm2Weight", ValueRange.any(), "H")
          .parameter("norm2Bias", ValueRange.any(), "H")
          .parameter("w2", ValueRange.any(), "D", "H")
          .parameter("b2", ValueRange.any(), "D")
          .size("W", 32)
          .size("H", 64)
          .build();

  private final GateNetwork network;
  private final GatedContrast contrast;

  HydraNetwork(Kernels kernels, ObjectiveParameters parameters) {
    this.contrast = new GatedContrast(kernels, parameters.positive("scale", 10));
    this.network = new GateNetwork(kernels, parameters.positive("normEpsilon", 1e-5));
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    Matrix gates = network.forward(inputs);
    double loss =
        contrast.evaluate(
            inputs.matrix("z"), gates, inputs.integers("labels"), inputs.integers("partner"));
    LossAndGradient result =
        new LossAndGradient(loss)
            .withGradient("z", contrast.gradientZ())
            .withOutput("gates", gates)
            .withScalar("positivePairs", contrast.positivePairs());
    network.backward(inputs, contrast.gradientGates(), result);
    return result;
  }
}
