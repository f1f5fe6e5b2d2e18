package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Map;

/**
 * Adaptive multi-head contrast: as {@link AmclGiven}, with the temperature of each pair from a
 * small network of both rows that all heads share.
 *
 * <pre>
 *   x_ij = [ |z_i - z_j| ; z_i * z_j ]  of unit rows
 *   tau_ij = tauLow + (tauHigh - tauLow) sigmoid( w2 relu(w1 x_ij + b1) + b2 )
 *   loss = that of given temperatures tau, positives and negatives alike
 * </pre>
 *
 * <p>Shapes: {@code z1, z2: C x B x D} raw for C heads, {@code w1: H x 2D, b1: H, w2: 1 x H, b2:
 * 1}; gradients of all; scalars {@code contrast, regulariser}, output {@code temperature: 2BC x (1
 * + negatives)}, the positive's first.
 *
 * <p>Mean over the 2B rows of a head, sum over heads. Parameters: {@code hardest, beta,
 * regulariserDividedByDimension} as for given temperatures; {@code tauLow} above 0, {@code tauHigh}
 * above it; {@code hidden}, the H of new weights. Temperatures are computed for the pairs used, not
 * for all. A batch of one has no negatives: only the regulariser of its positives is left.
 *
 * <p>The released network takes {@code [z_i; z_j]}, one for each head, so that the temperature of a
 * pair depends on its order; the features here do not. Its loss does not run and has no negatives,
 * so it is not followed.
 *
 * <p>Wang et al., Adaptive Multi-head Contrastive Learning, ECCV 2024.
 */
final class AmclNetwork implements Objective {

  private final Signature signature;
  private final Workspace workspace;
  private final StopGradient stopGradient = new StopGradient();
  private final AmclPairs pairs;
  private final AmclContrast contrast;
  private final PairTemperatures temperatures;

  AmclNetwork(Kernels kernels, ObjectiveParameters parameters) {
    this.workspace = new Workspace(kernels);
    this.pairs = new AmclPairs(kernels, stopGradient, parameters.integer("hardest", 16));
    this.contrast = new AmclContrast(kernels, parameters);
    this.temperatures =
        new PairTemperatures(
            kernels, parameters.positive("tauLow", 1e-5), parameters.positive("tauHigh", 2));
    this.signature =
        Signature.of()
            .differentiable("z1", "C", "B", "D")
            .differentiable("z2", "C", "B", "D")
            .parameter("w1", ValueRange.any(), "H", "2D")
            .parameter("b1", ValueRange.any(), "H")
            .parameter("w2", ValueRange.any(), "1", "H")
            .parameter("b2", ValueRange.any(), "1")
            .size("H", parameters.integer("hidden", 16))
            .build();
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
    Map<String, Integer> symbols = signature.bind(inputs);
    Matrix similarity =
        pairs.choose(inputs.matrix("z1"), inputs.matrix("z2"), symbols.get("C"), symbols.get("B"));
    Matrix column = temperatures.forward(pairs, inputs);
    Matrix temperature = column.reshaped(similarity.rows(), similarity.columns());
    Matrix z = pairs.z();
    LossAndGradient result = contrast.evaluate(similarity, temperature, pairs.rows(), z.columns());

    Matrix gradientUnit = workspace.zeros("gradientUnit", z.rows(), z.columns());
    Matrix gradientTemperature = contrast.gradientTemperature();
    temperatures.backward(gradientTemperature.reshaped(pairs.count(), 1), gradientUnit, result);
    pairs.backward(contrast.gradientSimilarity(), gradientUnit, result);
    return result.withOutput("temperature", temperature);
  }
}
