package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;

/**
 * Decoupled contrast of several views: one alignment term over all pairs of views, and a uniformity
 * term of its own for each view, whose negatives are the other instances in that view alone.
 *
 * <pre>
 *   s_il,jm = &lt;z_il, z_jm&gt; / tau  for instance i of view l, unit rows
 *   loss = mean_i ( sum_l log sum_{j != i} exp s_il,jl - log sum_{l &lt; m} exp s_il,im )
 * </pre>
 *
 * <p>Shapes: {@code z: V x B x D} raw, views one after another; gradient as the input; output
 * {@code rowLoss: B x 1}.
 *
 * <p>Mean over the B instances; with two views the sum, not the mean, of both directions of a
 * decoupled loss whose negatives share the anchor's view. Not bounded below. Parameter: {@code tau}
 * above 0. One view (no positives) or one instance (no negatives) costs 0 and has no gradient.
 *
 * <p>Cost {@code V B^2 D}, against {@code V^2 B^2 D} of mv-infonce. The released code multiplies
 * the sums of all views before it takes the logarithm, which overflows float32 at eight views and a
 * temperature of 0.1; here logarithms are added.
 *
 * <p>Koromilas et al., A Principled Framework for Multi-View Contrastive Learning, 2025.
 */
final class MvDhel implements Objective {

  private static final Signature SIGNATURE =
      Signature.of().differentiable("z", "V", "B", "D").build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final ViewBlocks blocks;
  private final ViewDots dots;
  private final double tau;

  MvDhel(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    this.blocks = new ViewBlocks(kernels);
    this.dots = new ViewDots(kernels);
    this.tau = parameters.positive("tau", 0.5);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    Map<String, Integer> symbols = SIGNATURE.bind(inputs);
    int views = symbols.get("V");
    int batch = symbols.get("B");
    Matrix z = rows.forward(inputs.matrix("z"));
    Matrix gradientUnit = workspace.zeros("gradientUnit", z.rows(), z.columns());
    double[] rowLoss = new double[batch];
    if (views > 1 && batch > 1) {
      spread(z, views, batch, rowLoss, gradientUnit);
      align(z, batch, rowLoss, gradientUnit);
    }
    Matrix rowLosses = workspace.matrix("rowLoss", batch, 1);
    kernels.write(rowLoss, rowLosses);
    return new LossAndGradient(Arrays.stream(rowLoss).sum() / batch)
        .withGradient("z", rows.backward(gradientUnit))
        .withOutput("rowLoss", rowLosses);
  }

  /** Uniformity of each view. */
  private void spread(Matrix z, int views, int batch, double[] rowLoss, Matrix gradientUnit) {
    Matrix logits = blocks.products(ViewBlocks.own(views), z, batch, 1 / tau);
    blocks.maskDiagonal(logits);
    Matrix logSum = workspace.matrix("logSum", z.rows(), 1);
    kernels.softmaxRowsInPlace(logits, logSum);
    double[] negative = new double[z.rows()];
    kernels.read(logSum, negative);
    for (int row = 0; row < negative.length; row++) {
      rowLoss[row % batch] += negative[row];
    }
    blocks.backward(logits, z, 1 / (tau * batch), gradientUnit);
  }

  /** Alignment: the sum over ordered pairs of views is twice the one over unordered pairs. */
  private void align(Matrix z, int batch, double[] rowLoss, Matrix gradientUnit) {
    double[] positive = dots.dots(z, z, batch);
    for (int row = 0; row < positive.length; row++) {
      positive[row] /= tau;
    }
    double[] logSum = LogSums.over(positive, positive.length / batch, batch);
    for (int i = 0; i < batch; i++) {
      rowLoss[i] -= logSum[i] - Math.log(2);
    }
    for (int row = 0; row < positive.length; row++) {
      double share = LogSums.share(positive[row], logSum[row % batch]);
      positive[row] = -2 * share / (tau * batch);
    }
    dots.backward(positive, z, batch, gradientUnit);
  }
}
