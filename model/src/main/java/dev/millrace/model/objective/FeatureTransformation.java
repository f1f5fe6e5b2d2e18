package dev.millrace.model.objective;

import static dev.millrace.model.objective.Signature.Kind.CONSTANT;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * InfoNCE against a bank after the features were mixed: the positive pair is drawn apart, so that
 * it stays hard, and the negatives are interpolated, so that they are diverse.
 *
 * <pre>
 *   q' = l q + (1 - l) k,  k' = l k + (1 - l) q,  m' = u m + (1 - u) m[permutation]   (unit rows)
 *   p_i = &lt;q'_i, k'_i&gt;,  s_ij = &lt;q'_i, m'_j&gt;
 *   loss = mean_i log( 1 + sum_j exp((s_ij - p_i) / tau) )
 * </pre>
 *
 * <p>Shapes: {@code q: B x D} raw, {@code k: B x D} and {@code bank: M x D} raw and constant,
 * {@code permutation: [M]} of the bank's rows, optional {@code lambdaPositive: B x D} and {@code
 * lambdaNegative: M x D}, the factors l and u element by element, in place of the parameters of
 * these names. Gradient {@code q}, which it reaches through q' and k'. Outputs {@code rowLoss,
 * positiveScore} (p), {@code negativeMean, negativeVariance} (of the row's s, unbiased), all {@code
 * B x 1}, and {@code mixedBank: M x D}.
 *
 * <p>Mean over the B rows. Parameters: {@code tau} above 0; {@code lambdaPositive}, at least 1 to
 * extrapolate, drawn by the caller as 1 plus Beta(2, 2) for every step; {@code lambdaNegative} in 0
 * to 1, drawn from Beta(1.6, 1.6). 1 and 1 is plain InfoNCE. Mixed rows are not normalised again.
 * An empty bank costs 0 with no gradient, mean and variance 0; one row has the variance 0.
 *
 * <p>Zhu et al., Improving Contrastive Learning by Visualizing Feature Transformation, ICCV 2021,
 * equations 4 to 8. As released, mixing takes place from the first step; a random cyclic shift
 * serves for the permutation.
 */
final class FeatureTransformation implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("q", "B", "D")
          .constant("k", "B", "D")
          .constant("bank", "M", "D")
          .integers("permutation", ValueRange.permutation("M"), "M")
          .optional("lambdaPositive", CONSTANT, ValueRange.positive(), "B", "D")
          .optional("lambdaNegative", CONSTANT, ValueRange.positive(), "M", "D")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows queries;
  private final UnitRows keys;
  private final UnitRows bankRows;
  private final double tau;
  private final double lambdaPositive;
  private final double lambdaNegative;

  FeatureTransformation(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.queries = new UnitRows(kernels);
    this.keys = new UnitRows(kernels);
    this.bankRows = new UnitRows(kernels);
    this.tau = parameters.positive("tau", 0.2);
    this.lambdaPositive = parameters.weight("lambdaPositive", 1.5);
    this.lambdaNegative = parameters.weight("lambdaNegative", 0.5);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    Matrix q = queries.forward(inputs.matrix("q"));
    Matrix k = keys.forward(inputs.matrix("k"));
    Matrix mixedQ = workspace.like("mixedQ", q);
    Matrix mixedK = workspace.like("mixedK", q);
    kernels.copy(k, mixedQ);
    kernels.copy(q, mixedK);
    mixInPlace(mixedQ, q, inputs, "lambdaPositive", lambdaPositive);
    mixInPlace(mixedK, k, inputs, "lambdaPositive", lambdaPositive);
    Matrix bank = mixedBank(inputs);

    Matrix positiveScore = workspace.matrix("positiveScore", q.rows(), 1);
    kernels.rowDots(mixedQ, mixedK, positiveScore);
    Matrix rowLoss = workspace.zeros("rowLoss", q.rows(), 1);
    Matrix mean = workspace.zeros("negativeMean", q.rows(), 1);
    Matrix variance = workspace.zeros("negativeVariance", q.rows(), 1);
    Matrix gradientMixedQ = workspace.zeros("gradientMixedQ", q.rows(), q.columns());
    Matrix gradientMixedK = workspace.zeros("gradientMixedK", q.rows(), q.columns());
    if (bank.rows() > 0) {
      Matrix logits = centredLogits(mixedQ, bank, mean, variance);
      Matrix share = contrast(logits, positiveScore, mean, rowLoss);
      kernels.multiply(logits, bank, 1, 0, gradientMixedQ);
      kernels.addInPlace(gradientMixedQ, -1, mixedK);
      kernels.scaleRowsInPlace(gradientMixedQ, share);
      kernels.addInPlace(gradientMixedK, -1, mixedQ);
      kernels.scaleRowsInPlace(gradientMixedK, share);
    }
    mixInPlace(gradientMixedK, gradientMixedQ, inputs, "lambdaPositive", lambdaPositive);
    return new LossAndGradient(kernels.sum(rowLoss) / q.rows())
        .withGradient("q", queries.backward(gradientMixedK))
        .withOutput("rowLoss", rowLoss)
        .withOutput("positiveScore", positiveScore)
        .withOutput("negativeMean", mean)
        .withOutput("negativeVariance", variance)
        .withOutput("mixedBank", bank);
  }

  private Matrix mixedBank(ObjectiveInputs inputs) {
    Matrix raw = inputs.matrix("bank");
    Matrix mixed = workspace.like("mixedBank", raw);
    if (raw.rows() > 0) {
      Matrix bank = bankRows.forward(raw);
      kernels.gatherRows(bank, inputs.integers("permutation"), bank.rows(), mixed);
      mixInPlace(mixed, bank, inputs, "lambdaNegative", lambdaNegative);
    }
    return mixed;
  }

  /** Scores over tau, less their mean over the row; also mean and variance of the scores. */
  private Matrix centredLogits(Matrix q, Matrix bank, Matrix mean, Matrix variance) {
    int count = bank.rows();
    Matrix centre = workspace.matrix("centre", 1, bank.columns());
    kernels.sumOfRows(bank, 0, centre);
    kernels.multiplyByTransposed(q, centre, 1.0 / count, 0, mean);
    Matrix logits = workspace.matrix("logits", q.rows(), count);
    kernels.multiplyByTransposed(q, bank, 1 / tau, 0, logits);
    Matrix shift = workspace.like("shift", mean);
    kernels.copy(mean, shift);
    kernels.scaleInPlace(shift, -1 / tau);
    kernels.addColumnInPlace(logits, shift);
    kernels.rowDots(logits, logits, variance);
    kernels.scaleInPlace(variance, tau * tau / Math.max(1, count - 1));
    return logits;
  }

  /**
   * Softmax of the negatives in place and the loss; returns the negatives' share of the probability
   * over tau and the batch. With {@code x_i = log sum_j exp((s_ij - p_i) / tau)} the loss is
   * softplus(x_i) and the share sigmoid(x_i), both exact where they are tiny. The logits are
   * centred already, which is why p waits until after the sum.
   */
  private Matrix contrast(Matrix logits, Matrix positiveScore, Matrix mean, Matrix rowLoss) {
    Matrix negatives = workspace.like("negatives", mean);
    kernels.softmaxRowsInPlace(logits, negatives);
    Matrix shift = workspace.like("shift", mean);
    kernels.copy(mean, shift);
    kernels.addInPlace(shift, -1, positiveScore);
    kernels.addInPlace(negatives, 1 / tau, shift);
    kernels.apply(Elementwise.SOFTPLUS, negatives, rowLoss);
    Matrix share = workspace.like("share", mean);
    kernels.apply(Elementwise.SIGMOID, negatives, share);
    kernels.scaleInPlace(share, 1 / (tau * logits.rows()));
    return share;
  }

  /** {@code x = l other + (1 - l) x} with the factors of an input, or else one number. */
  private void mixInPlace(
      Matrix x, Matrix other, ObjectiveInputs inputs, String name, double standard) {
    if (inputs.has(name)) {
      Matrix difference = workspace.like(name + "Difference", x);
      kernels.copy(other, difference);
      kernels.addInPlace(difference, -1, x);
      Matrix step = workspace.like(name + "Step", x);
      kernels.hadamard(difference, inputs.matrix(name), step);
      kernels.addInPlace(x, 1, step);
    } else {
      kernels.scaleInPlace(x, 1 - standard);
      kernels.addInPlace(x, standard, other);
    }
  }
}
