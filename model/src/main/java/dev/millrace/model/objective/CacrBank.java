package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;

/**
 * Contrastive attraction and repulsion against a bank: each view of a query is drawn to the keys of
 * the other views, and pushed from the bank and from the other queries in its own view.
 *
 * <pre>
 *   d_ivw = 2 - 2 &lt;q_iv, k_iw&gt;,  w+ = softmax over w != v of ( t+ d ),  unit rows
 *   e_ivj = 2 - 2 &lt;q_iv, n_j&gt; for n in bank and { q_jv, j != i },  w- = softmax over j of ( -t- e )
 *   loss = alpha mean_iv sum_w w+ d  -  beta mean_iv sum_j w- e
 * </pre>
 *
 * <p>Shapes: {@code q: V x B x D} raw, {@code k: V x B x D} and {@code bank: M x D} raw and
 * constant, optional {@code mask: B x M} (0 leaves a bank row out for an instance); gradient {@code
 * q}; scalars {@code attraction, repulsion}.
 *
 * <p>Means over views and instances. Parameters: {@code tPlus, tMinus} not below 0 (0 weighs
 * alike), {@code alpha, beta} not below 0; {@code detachWeights}: {@code all} takes the weights of
 * the negatives as constants, {@code bank} only the bank's part of their logits, {@code none}
 * nothing; weights of positives are constants always. One view has no attraction; a row without
 * negatives (empty or masked bank and a batch of one) has no repulsion.
 *
 * <p>The released code computes the similarities to its queue for the first view alone and reuses
 * them for all others, which then get no gradient from the queue; here each view has its own. It
 * detaches as {@code bank} does; {@code all} is the default because a weight that is differentiated
 * draws far negatives near.
 *
 * <p>Zheng et al., Contrastive Attraction and Contrastive Repulsion for Representation Learning,
 * TMLR 2023, equations 3 to 5 with a queue.
 */
final class CacrBank implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("q", "V", "B", "D")
          .constant("k", "V", "B", "D")
          .constant("bank", "M", "D")
          .optional("mask", Signature.Kind.INTEGERS, ValueRange.mask(), "B", "M")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows queryRows;
  private final UnitRows keyRows;
  private final UnitRows bankRows;
  private final ViewDots dots;
  private final StopGradient stopGradient = new StopGradient();
  private final CacrAttraction attraction;
  private final CacrNegatives ofBank;
  private final CacrNegatives ofBatch;
  private final Entries masked = new Entries();
  private final Entries diagonal = new Entries();
  private final double beta;
  private final boolean detachAll;

  CacrBank(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.queryRows = new UnitRows(kernels);
    this.keyRows = new UnitRows(kernels);
    this.bankRows = new UnitRows(kernels);
    this.dots = new ViewDots(kernels);
    this.attraction =
        new CacrAttraction(
            stopGradient, parameters.weight("tPlus", 1), parameters.weight("alpha", 1), true);
    this.beta = parameters.weight("beta", 1);
    double temperature = parameters.weight("tMinus", 2);
    CacrDetach detach = CacrDetach.of(parameters);
    this.detachAll = detach == CacrDetach.ALL;
    this.ofBank =
        new CacrNegatives(kernels, stopGradient, "bank", temperature, detach == CacrDetach.NONE);
    this.ofBatch = new CacrNegatives(kernels, stopGradient, "batch", temperature, !detachAll);
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
    int views = symbols.get("V");
    int batch = symbols.get("B");
    Matrix q = queryRows.forward(inputs.matrix("q"));
    Matrix k = keyRows.forward(inputs.matrix("k"));
    Matrix bank = bankRows.forward(inputs.matrix("bank"));
    Matrix gradientUnit = workspace.zeros("gradientUnit", q.rows(), q.columns());
    double attracted = views > 1 ? attract(q, k, views, batch, gradientUnit) : 0;
    listMasked(inputs, batch, bank.rows());
    double scale = beta / (views * batch);
    double repelled = 0;
    for (int v = 0; v < views; v++) {
      Matrix gradient = gradientUnit.rows(v * batch, (v + 1) * batch);
      repelled += repel(v, q.rows(v * batch, (v + 1) * batch), bank, scale, gradient);
    }
    return new LossAndGradient(attracted + repelled)
        .withGradient("q", queryRows.backward(gradientUnit))
        .withScalar("attraction", attracted)
        .withScalar("repulsion", repelled);
  }

  private double attract(Matrix q, Matrix k, int views, int batch, Matrix gradientUnit) {
    double[] distance = dots.dots(q, k, batch);
    for (int row = 0; row < distance.length; row++) {
      distance[row] = 2 - 2 * distance[row];
    }
    double loss = attraction.evaluate(distance, views, batch);
    for (int row = 0; row < distance.length; row++) {
      distance[row] *= -2;
    }
    dots.backward(distance, k, batch, gradientUnit);
    return loss;
  }

  private void listMasked(ObjectiveInputs inputs, int batch, int bankRowCount) {
    masked.clear();
    if (inputs.has("mask") && bankRowCount > 0) {
      masked.maskZeros(inputs.integers("mask"), bankRowCount);
    }
    diagonal.clear();
    for (int i = 0; i < batch; i++) {
      diagonal.mask(i, i);
    }
  }

  /**
   * Repulsion of one view. The weighted mean of the distances of a row is {@code 2 - 2 <q, y>} with
   * y the weighted mean of its negatives, which the gradient needs anyway.
   */
  private double repel(int view, Matrix q, Matrix bank, double scale, Matrix gradient) {
    double[] mass = weigh(view, q, bank);
    Matrix negative = workspace.like("negative", q);
    addNegatives(q, bank, 1, 0, negative);
    Matrix column = workspace.matrix("column", q.rows(), 1);
    kernels.rowDots(q, negative, column);
    double[] mean = new double[q.rows()];
    kernels.read(column, mean);
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      mean[i] = 2 * mass[i] - 2 * mean[i];
      sum += mean[i];
    }
    if (detachAll) {
      kernels.addInPlace(gradient, 2 * scale, negative);
    } else {
      if (bank.rows() > 0) {
        ofBank.differentiate(mean);
      }
      ofBatch.differentiate(mean);
      addNegatives(q, bank, 2 * scale, 1, gradient);
    }
    kernels.multiplyTransposed(ofBatch.weight(), q, 2 * scale, 1, gradient);
    return -scale * sum;
  }

  /** Makes the weights of both sets; returns their sum by rows: 1, or 0 without negatives. */
  private double[] weigh(int view, Matrix q, Matrix bank) {
    double[] batchShare = ofBatch.weigh(view, q, q, diagonal);
    double[] bankShare = new double[q.rows()];
    Arrays.fill(bankShare, Double.NEGATIVE_INFINITY);
    if (bank.rows() > 0) {
      bankShare = ofBank.weigh(view, q, bank, masked);
    }
    double[] mass = new double[q.rows()];
    for (int i = 0; i < mass.length; i++) {
      double logSum = LogSums.of(bankShare[i], batchShare[i]);
      bankShare[i] = LogSums.share(bankShare[i], logSum);
      batchShare[i] = LogSums.share(batchShare[i], logSum);
      mass[i] = bankShare[i] + batchShare[i];
    }
    if (bank.rows() > 0) {
      ofBank.scale(bankShare);
    }
    ofBatch.scale(batchShare);
    return mass;
  }

  /** {@code out = factor (weights of the bank * bank + weights of the batch * q) + keep out}. */
  private void addNegatives(Matrix q, Matrix bank, double factor, double keep, Matrix out) {
    kernels.multiply(ofBatch.weight(), q, factor, keep, out);
    if (bank.rows() > 0) {
      kernels.multiply(ofBank.weight(), bank, factor, 1, out);
    }
  }
}
