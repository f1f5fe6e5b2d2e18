package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Triplet loss with the hardest negative, boosted by an anchor model: the scores must be better
 * than the anchor's by a margin.
 *
 * <pre>
 *   S scores, A anchor's scores, pairs on the diagonal, m = beta margin
 *   hardest(X, Y) = sum_i max_{j != i} (X_ij)+ + sum_j max_{i != j} (Y_ij)+
 *   triplet  = hardest( margin + S_ij - S_ii, margin + S_ij - S_jj )
 *   relative = hardest( m + (A_ii - A_ij) - (S_ii - S_ij), m + (A_jj - A_ij) - (S_jj - S_ij) )
 *   absolute = 2 sum_i (gamma m + A_ii - S_ii)+ + hardest( (1 - gamma) m + S_ij - A_ij, the same )
 *   loss = triplet + alpha boost
 * </pre>
 *
 * <p>Shapes: {@code scores: B x B}, cosine-like, row i against column j; {@code anchorScores: B x
 * B} constant; gradient {@code scores: B x B}; scalars {@code triplet, boost}.
 *
 * <p>Sums over the batch, as published; {@code reduction} {@code mean} divides loss and terms by B,
 * so that the rate of learning does not depend on it. Parameters, none below 0: {@code margin,
 * alpha, beta}; {@code gamma} from 0 to 1; {@code boost} {@code relative} or {@code absolute};
 * {@code adaptiveMargin}: margins shrink as the anchor nears its best, {@code 2 m / (1 + exp((2 /
 * m) (x - edge))) - m} in place of each m, with x the anchor's gap and edge 2 (relative), x its own
 * score or its negated negative score and edge 1 (absolute). A batch of one has no negatives: the
 * triplet and the relative boost are 0.
 *
 * <p>The negative of a boost is the hardest of the boost, not of the triplet. The released adaptive
 * margins, which no released run uses, fix gamma at a half; here they follow gamma.
 *
 * <p>Diao, Zhang, Gao, Ruan, Lu, Deep Boosting Learning: A Brand-new Cooperative Approach for
 * Image-Text Matching, IEEE Transactions on Image Processing, 2024.
 */
final class Dbl implements Objective {

  private static final Signature SIGNATURE =
      Signature.of().differentiable("scores", "B", "B").constant("anchorScores", "B", "B").build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final Entries diagonal = new Entries();
  private final Entries found = new Entries();
  private final Entries slopes = new Entries();
  private final double margin;
  private final double alpha;
  private final double beta;
  private final double gamma;
  private final boolean relative;
  private final boolean adaptive;
  private final boolean mean;
  private int[] hardest = new int[0];

  Dbl(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.margin = parameters.weight("margin", 0.2);
    this.alpha = parameters.weight("alpha", 1);
    this.beta = parameters.weight("beta", 1);
    this.gamma = parameters.weight("gamma", 0.5);
    if (gamma > 1) {
      throw new IllegalArgumentException("parameter 'gamma' must be from 0 to 1, was " + gamma);
    }
    this.relative =
        parameters.choice("boost", "relative", "relative", "absolute").equals("relative");
    this.adaptive = parameters.flag("adaptiveMargin", false);
    this.mean = parameters.choice("reduction", "sum", "sum", "mean").equals("mean");
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = SIGNATURE.bind(inputs).get("B");
    Matrix scores = inputs.matrix("scores");
    Matrix anchor = inputs.matrix("anchorScores");
    if (hardest.length < batch) {
      hardest = new int[batch];
    }
    double scale = mean ? 1.0 / batch : 1;
    double[] own = diagonalOf(scores);
    double[] anchorOwn = diagonalOf(anchor);
    slopes.clear();

    Matrix cost = workspace.matrix("cost", batch, batch);
    double[] offset = new double[batch];
    for (int i = 0; i < batch; i++) {
      offset[i] = margin - own[i];
    }
    kernels.copy(scores, cost);
    double triplet = scale * hardest(cost, offset, true, scale);
    triplet += scale * hardest(cost, offset, false, scale);
    double boost =
        relative
            ? relativeBoost(scores, anchor, own, anchorOwn, scale)
            : absoluteBoost(scores, anchor, own, anchorOwn, scale);

    Matrix gradient = workspace.zeros("gradient", batch, batch);
    slopes.addTo(kernels, gradient);
    return new LossAndGradient(triplet + alpha * boost)
        .withGradient("scores", gradient)
        .withScalar("triplet", triplet)
        .withScalar("boost", boost);
  }

  private double relativeBoost(
      Matrix scores, Matrix anchor, double[] own, double[] anchorOwn, double scale) {
    int batch = own.length;
    double m = beta * margin;
    double[] offset = new double[batch];
    for (int i = 0; i < batch; i++) {
      offset[i] = anchorOwn[i] - own[i] + (adaptive ? 0 : m);
    }
    double boost = 0;
    for (boolean rows : new boolean[] {true, false}) {
      Matrix cost = difference(scores, anchor);
      if (adaptive && m > 0) {
        Matrix gap = workspace.like("gap", anchor);
        kernels.copy(anchor, gap);
        kernels.scaleInPlace(gap, -1);
        addAlong(gap, anchorOwn, rows);
        shrink(gap, m, 2);
        kernels.addInPlace(cost, 1, gap);
      }
      boost += scale * hardest(cost, offset, rows, alpha * scale);
    }
    return boost;
  }

  private double absoluteBoost(
      Matrix scores, Matrix anchor, double[] own, double[] anchorOwn, double scale) {
    int batch = own.length;
    double ofPositive = gamma * beta * margin;
    double ofNegative = (1 - gamma) * beta * margin;
    double boost = 0;
    for (int i = 0; i < batch; i++) {
      double m = adaptive ? shrunk(anchorOwn[i], ofPositive, 1) : ofPositive;
      double cost = m + anchorOwn[i] - own[i];
      if (cost > 0) {
        boost += 2 * scale * cost;
        slopes.add(i, i, -2 * alpha * scale);
      }
    }
    Matrix cost = difference(scores, anchor);
    if (!adaptive) {
      kernels.addScalarInPlace(cost, ofNegative);
    } else if (ofNegative > 0) {
      Matrix negated = workspace.like("gap", anchor);
      kernels.copy(anchor, negated);
      kernels.scaleInPlace(negated, -1);
      shrink(negated, ofNegative, 1);
      kernels.addInPlace(cost, 1, negated);
    }
    boost += scale * hardest(cost, null, true, alpha * scale);
    boost += scale * hardest(cost, null, false, alpha * scale);
    return boost;
  }

  /**
   * Sum over rows, or over columns, of the positive part of the largest cost beside the diagonal.
   * Adds its slopes at the scores times {@code weight}.
   *
   * @param cost without the offsets; its diagonal is masked
   * @param offset part of the cost that is the same along a row or column and falls with the own
   *     score; null if there is none
   */
  private double hardest(Matrix cost, double[] offset, boolean rows, double weight) {
    int batch = cost.rows();
    if (batch == 1) {
      return 0;
    }
    diagonal.clear();
    for (int i = 0; i < batch; i++) {
      diagonal.mask(i, i);
    }
    diagonal.addTo(kernels, cost);
    if (rows) {
      kernels.argMaxRows(cost, hardest);
    } else {
      kernels.argMaxColumns(cost, hardest);
    }
    found.clear();
    for (int i = 0; i < batch; i++) {
      found.add(rows ? i : hardest[i], rows ? hardest[i] : i, 0);
    }
    double[] values = found.readFrom(kernels, cost);
    double sum = 0;
    for (int i = 0; i < batch; i++) {
      double value = values[i] + (offset == null ? 0 : offset[i]);
      if (value > 0) {
        sum += value;
        slopes.add(rows ? i : hardest[i], rows ? hardest[i] : i, weight);
        if (offset != null) {
          slopes.add(i, i, -weight);
        }
      }
    }
    return sum;
  }

  private double[] diagonalOf(Matrix x) {
    found.clear();
    for (int i = 0; i < x.rows(); i++) {
      found.add(i, i, 0);
    }
    return Arrays.copyOf(found.readFrom(kernels, x), x.rows());
  }

  /** {@code scores - anchor}. */
  private Matrix difference(Matrix scores, Matrix anchor) {
    Matrix cost = workspace.like("cost", scores);
    kernels.copy(scores, cost);
    kernels.addInPlace(cost, -1, anchor);
    return cost;
  }

  /** Adds one number to each row, or to each column. */
  private void addAlong(Matrix x, double[] values, boolean rows) {
    Matrix vector = workspace.matrix("vector", values.length, 1);
    kernels.write(values, vector);
    if (rows) {
      kernels.addColumnInPlace(x, vector);
    } else {
      kernels.addRowInPlace(x, vector.reshaped(1, values.length));
    }
  }

  /** {@code x = 2 m sigmoid(-(2 / m) (x - edge)) - m}, {@code m > 0}. */
  private void shrink(Matrix x, double m, double edge) {
    kernels.addScalarInPlace(x, -edge);
    kernels.scaleInPlace(x, -2 / m);
    Matrix sigmoid = workspace.like("sigmoid", x);
    kernels.apply(Elementwise.SIGMOID, x, sigmoid);
    kernels.copy(sigmoid, x);
    kernels.scaleInPlace(x, 2 * m);
    kernels.addScalarInPlace(x, -m);
  }

  /** The same of one number; 0 where there is no margin. */
  private static double shrunk(double x, double m, double edge) {
    return m == 0 ? 0 : 2 * m / (1 + Math.exp(2 / m * (x - edge))) - m;
  }
}
