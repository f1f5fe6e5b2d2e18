package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * InfoNCE over several views, in which all pairs of views of an instance share one term: no view is
 * pulled towards different targets by different terms.
 *
 * <pre>
 *   s_il,jm = &lt;z_il, z_jm&gt; / tau  for instance i of view l, unit rows
 *   A_i = sum_{l != m} exp s_il,im
 *   N_i = sum_l sum_{m != l} sum_{j != i} exp s_il,jm,  m = l too with sameViewNegatives
 *   loss = mean_i log( (A_i + N_i) / A_i )
 * </pre>
 *
 * <p>Shapes: {@code z: V x B x D} raw, views one after another; gradient as the input; output
 * {@code rowLoss: B x 1}.
 *
 * <p>Mean over the B instances. Parameters: {@code tau} above 0; {@code sameViewNegatives}: whether
 * other instances in the same view count. One view (no positives) or one instance (no negatives)
 * costs 0 and has no gradient.
 *
 * <p>The released code always counts negatives of the same view; the formula of the paper, which is
 * the default here, does not.
 *
 * <p>Koromilas et al., A Principled Framework for Multi-View Contrastive Learning, 2025.
 */
final class MvInfoNce implements Objective {

  private static final Signature SIGNATURE =
      Signature.of().differentiable("z", "V", "B", "D").build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final ViewBlocks blocks;
  private final Entries positives = new Entries();
  private final double tau;
  private final boolean sameViewNegatives;

  MvInfoNce(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    this.blocks = new ViewBlocks(kernels);
    this.tau = parameters.positive("tau", 0.5);
    this.sameViewNegatives = parameters.flag("sameViewNegatives", false);
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
    if (views > 1) {
      contrast(z, views, batch, rowLoss, gradientUnit);
    }
    Matrix rowLosses = workspace.matrix("rowLoss", batch, 1);
    kernels.write(rowLoss, rowLosses);
    return new LossAndGradient(Arrays.stream(rowLoss).sum() / batch)
        .withGradient("z", rows.backward(gradientUnit))
        .withOutput("rowLoss", rowLosses);
  }

  /**
   * Works relative to the largest positive logit of each instance: with {@code x_i = log N_i - log
   * A_i} the loss is softplus(x_i) and the negatives' share of the sum sigmoid(x_i).
   */
  private void contrast(Matrix z, int views, int batch, double[] rowLoss, Matrix gradientUnit) {
    List<ViewBlocks.Pair> pairs = new ArrayList<>(ViewBlocks.ordered(views));
    int across = pairs.size() * batch;
    if (sameViewNegatives) {
      pairs.addAll(ViewBlocks.own(views));
    }
    int count = pairs.size() * batch;
    Matrix logits = blocks.products(pairs, z, batch, 1 / tau);
    double[] positive = Arrays.copyOf(blocks.diagonal(logits), across);
    blocks.maskDiagonal(logits);
    subtractLargest(positive, batch, count, logits);
    Matrix column = workspace.matrix("column", count, 1);
    kernels.softmaxRowsInPlace(logits, column);
    double[] negative = new double[count];
    kernels.read(column, negative);

    double[] positiveSum = LogSums.over(positive, across / batch, batch);
    double[] negativeSum = LogSums.over(negative, count / batch, batch);
    double[] share = new double[batch];
    for (int i = 0; i < batch; i++) {
      double x = negativeSum[i] - positiveSum[i];
      rowLoss[i] = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      share[i] = 1 / (1 + Math.exp(-x));
    }
    positives.clear();
    for (int row = 0; row < count; row++) {
      int i = row % batch;
      negative[row] = share[i] * LogSums.share(negative[row], negativeSum[i]);
      if (row < across) {
        positives.add(row, i, -share[i] * LogSums.share(positive[row], positiveSum[i]));
      }
    }
    kernels.write(negative, column);
    kernels.scaleRowsInPlace(logits, column);
    positives.addTo(kernels, logits);
    blocks.backward(logits, z, 1 / (tau * batch), gradientUnit);
  }

  private void subtractLargest(double[] positive, int batch, int count, Matrix logits) {
    double[] largest = new double[batch];
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
    for (int row = 0; row < positive.length; row++) {
      largest[row % batch] = Math.max(largest[row % batch], positive[row]);
    }
    double[] shift = new double[count];
    for (int row = 0; row < count; row++) {
      shift[row] = -largest[row % batch];
      if (row < positive.length) {
        positive[row] += shift[row];
      }
    }
    Matrix column = workspace.matrix("column", count, 1);
    kernels.write(shift, column);
    kernels.addColumnInPlace(logits, column);
  }
}
