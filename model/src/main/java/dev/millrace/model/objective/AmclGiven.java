package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Map;

/**
 * Adaptive multi-head contrast with given temperatures: NT-Xent in several heads, each pair of rows
 * with a temperature of its own, against the hardest negatives alone.
 *
 * <pre>
 *   z = [z1; z2] with unit rows in each head,  s_ij = &lt;z_i, z_j&gt;,  positive p(i) = i +- B
 *   contrast = sum over heads of mean_i ( log( exp(s_ip / tauPositive_i)
 *                + sum_{j hardest} exp(s_ij / tauNegative_ij) ) - s_ip / tauPositive_i )
 *   regulariser = mean over the temperatures used of ( (D / 2) log tau + 1 / tau ) / D
 *   loss = contrast + beta regulariser
 * </pre>
 *
 * <p>Shapes: {@code z1, z2: C x B x D} raw for C heads, {@code tauPositive: C x 2B}, {@code
 * tauNegative: C x 2B x 2B}, temperatures above 0; gradients of all four; scalars {@code contrast,
 * regulariser}.
 *
 * <p>Mean over the 2B rows, sum over heads. Parameters: {@code hardest}, how many negatives of the
 * largest similarity count, all if there are fewer (which they are is constant); {@code beta} not
 * below 0; {@code regulariserDividedByDimension}: undivided it grows with D and outweighs the
 * contrast. A temperature that is not used has no gradient. A batch of one has no negatives: only
 * the regulariser of its positives is left.
 *
 * <p>The released loss does not run and has no negatives, so it is not followed; this is the
 * paper's form for SimCLR.
 *
 * <p>Wang et al., Adaptive Multi-head Contrastive Learning, ECCV 2024.
 */
final class AmclGiven implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("z1", "C", "B", "D")
          .differentiable("z2", "C", "B", "D")
          .add("tauPositive", Signature.Kind.DIFFERENTIABLE, true, ValueRange.positive(), "C", "2B")
          .add(
              "tauNegative",
              Signature.Kind.DIFFERENTIABLE,
              true,
              ValueRange.positive(),
              "C",
              "2B",
              "2B")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final StopGradient stopGradient = new StopGradient();
  private final AmclPairs pairs;
  private final AmclContrast contrast;
  private double[] values = new double[0];

  AmclGiven(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.pairs = new AmclPairs(kernels, stopGradient, parameters.integer("hardest", 16));
    this.contrast = new AmclContrast(kernels, parameters);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public StopGradient stopGradient() {
    return stopGradient;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    Map<String, Integer> symbols = SIGNATURE.bind(inputs);
    Matrix similarity =
        pairs.choose(inputs.matrix("z1"), inputs.matrix("z2"), symbols.get("C"), symbols.get("B"));
    Matrix temperature = workspace.like("temperature", similarity);
    gather(inputs.matrix("tauPositive"), inputs.matrix("tauNegative"), temperature);
    LossAndGradient result =
        contrast.evaluate(similarity, temperature, pairs.rows(), pairs.z().columns());

    Matrix gradientUnit = workspace.zeros("gradientUnit", pairs.z().rows(), pairs.z().columns());
    pairs.backward(contrast.gradientSimilarity(), gradientUnit, result);
    return scatter(symbols.get("C"), result);
  }

  private void gather(Matrix positive, Matrix negative, Matrix temperature) {
    int count = pairs.count();
    if (values.length < count) {
      values = new double[count];
    }
    kernels.getAt(negative, pairs.left(), pairs.column(), count, values);
    double[] ofPositives = new double[Math.toIntExact(positive.size())];
    kernels.read(positive, ofPositives);
    for (int row = 0; row < ofPositives.length; row++) {
      values[row * pairs.width()] = ofPositives[row];
    }
    kernels.write(values, temperature);
  }

  private LossAndGradient scatter(int heads, LossAndGradient result) {
    int rows = pairs.rows();
    kernels.read(contrast.gradientTemperature(), values);
    double[] ofPositives = new double[heads * rows];
    for (int row = 0; row < ofPositives.length; row++) {
      ofPositives[row] = values[row * pairs.width()];
      values[row * pairs.width()] = 0;
    }
    Matrix positive = workspace.matrix("gradientPositive", heads, rows);
    kernels.write(ofPositives, positive);
    Matrix negative = workspace.zeros("gradientNegative", heads * rows, rows);
    kernels.addAtInPlace(negative, pairs.left(), pairs.column(), values, pairs.count());
    return result.withGradient("tauPositive", positive).withGradient("tauNegative", negative);
  }
}
