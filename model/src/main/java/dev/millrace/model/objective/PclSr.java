package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Map;

/**
 * Contrast of feature maps with several positives and several hard negatives of their own, such as
 * sharpened and blurred copies of the true image.
 *
 * <pre>
 *   sim(a, b) = mean over positions of the cosine of their channels
 *   loss = mean_ip log( 1 + sum_j exp((sim(a_i, n_ij) - sim(a_i, p_ip)) / tau) )
 * </pre>
 *
 * <p>Shapes: {@code anchor: B x C x P} raw with C channels and P positions (1 for plain vectors),
 * {@code positives: B x n x C x P} and {@code negatives: B x m x C x P} raw and constant; gradient
 * {@code anchor}; outputs {@code positiveSimilarity: B x n} and {@code negativeSimilarity: B x m},
 * not divided by tau.
 *
 * <p>Mean over all positives. Parameter: {@code tau} above 0; the paper has none, which is 1. There
 * is at least one positive and one negative a row. A position whose channels are all 0 has
 * similarity 0 with everything.
 *
 * <p>The released code computes the anchor's features without a gradient, so that its contrast
 * trains nothing; here the gradient reaches them.
 *
 * <p>Wu, Jiang, Liu, A Practical Contrastive Learning Framework for Single-Image Super-Resolution,
 * TNNLS 2023.
 *
 * @see PclSrDual the loss of the discriminator whose features these are
 */
final class PclSr implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("anchor", "B", "C", "P")
          .constant("positives", "B", "n", "C", "P")
          .constant("negatives", "B", "m", "C", "P")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final Samples positives;
  private final Samples negatives;
  private final UnitRows anchorRows;
  private final BlockTranspose anchorIn = new BlockTranspose();
  private final BlockTranspose anchorOut = new BlockTranspose();
  private final PositivesAgainstNegatives contrast;
  private final double tau;

  PclSr(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.positives = new Samples("positives");
    this.negatives = new Samples("negatives");
    this.anchorRows = new UnitRows(kernels);
    this.contrast = new PositivesAgainstNegatives(kernels);
    this.tau = parameters.positive("tau", 1);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    Map<String, Integer> sizes = SIGNATURE.bind(inputs);
    int batch = sizes.get("B");
    int channels = sizes.get("C");
    int positions = sizes.get("P");
    Matrix flat =
        anchorIn.apply(kernels, workspace, "anchor", inputs.matrix("anchor"), batch, channels);
    Matrix anchor = anchorRows.forward(flat).reshaped(batch, positions * channels);
    Matrix positive = positives.similarity(anchor, inputs, sizes.get("n"), channels);
    Matrix negative = negatives.similarity(anchor, inputs, sizes.get("m"), channels);
    Matrix positiveLogits = logits("positiveLogits", positive);
    Matrix negativeLogits = logits("negativeLogits", negative);
    double loss = contrast.meanInPlace(positiveLogits, negativeLogits);

    Matrix gradient = workspace.zeros("gradient", batch, positions * channels);
    positives.addGradient(positiveLogits, gradient);
    negatives.addGradient(negativeLogits, gradient);
    kernels.scaleInPlace(gradient, 1 / (tau * positions));
    Matrix raw = anchorRows.backward(gradient.reshaped(batch * positions, channels));
    return new LossAndGradient(loss)
        .withGradient(
            "anchor",
            anchorOut
                .apply(kernels, workspace, "gradientAnchor", raw, batch, positions)
                .reshaped(batch * channels, positions))
        .withOutput("positiveSimilarity", positive)
        .withOutput("negativeSimilarity", negative);
  }

  private Matrix logits(String name, Matrix similarity) {
    Matrix logits = workspace.like(name, similarity);
    kernels.copy(similarity, logits);
    kernels.scaleInPlace(logits, 1 / tau);
    return logits;
  }

  /** The positives or the negatives of a batch, so many a row. */
  private final class Samples {
    private final String name;
    private final UnitRows rows;
    private final BlockTranspose transpose = new BlockTranspose();
    private int[] owners = new int[0];
    private int perRow;
    private Matrix unit;

    Samples(String name) {
      this.name = name;
      this.rows = new UnitRows(kernels);
    }

    /** Similarity with the anchor of the own row, {@code B x perRow}. */
    Matrix similarity(Matrix anchor, ObjectiveInputs inputs, int count, int channels) {
      int batch = anchor.rows();
      setOwners(batch, count);
      Matrix flat =
          transpose.apply(kernels, workspace, name, inputs.matrix(name), owners.length, channels);
      unit = rows.forward(flat).reshaped(owners.length, anchor.columns());
      Matrix own = workspace.like(name + ".anchor", unit);
      kernels.gatherRows(anchor, owners, owners.length, own);
      Matrix similarity = workspace.matrix(name + ".similarity", owners.length, 1);
      kernels.rowDots(own, unit, similarity);
      kernels.scaleInPlace(similarity, (double) channels / anchor.columns());
      return similarity.reshaped(batch, count);
    }

    /** Adds each sample times its coefficient to the row of its anchor. */
    void addGradient(Matrix coefficients, Matrix gradient) {
      kernels.scaleRowsInPlace(unit, coefficients.reshaped(owners.length, 1));
      kernels.scatterAddRowsInPlace(gradient, owners, owners.length, 1, unit);
    }

    private void setOwners(int batch, int count) {
      if (owners.length != batch * count || perRow != count) {
        perRow = count;
        owners = new int[batch * count];
        for (int i = 0; i < owners.length; i++) {
          owners[i] = i / count;
        }
      }
    }
  }
}
