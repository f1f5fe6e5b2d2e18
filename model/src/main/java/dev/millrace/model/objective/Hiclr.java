package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Hierarchical contrast of views that are augmented ever more strongly: the weakest one is
 * contrasted with the key, and each stronger one learns the distribution of the one before it.
 *
 * <pre>
 *   p_v = softmax([&lt;q_v, k&gt;; &lt;q_v, m_j&gt;] / tau)   (unit rows; candidates: key and bank)
 *   contrast = mean_i - mean_{c in P_i} log p_0,ic
 *   directional_v = mean_i - sum_c p_{v-1},ic log p_v,ic,   p_{v-1} constant, v = 1 .. V-1
 *   loss = contrast + mean_v directional_v
 *   P_i = {key}, with nearestNeighbours also the nearest bank row of every view
 * </pre>
 *
 * <p>Shapes: {@code q: V x B x D} raw, the weakest view first, {@code k: B x D} and {@code bank: M
 * x D} raw and constant; gradient {@code q}; outputs {@code positives: B x 1}, the size of P, and,
 * with V above 1, {@code directional: [V - 1]}; scalar {@code contrast}.
 *
 * <p>Means over the B rows and the V - 1 steps. Parameters: {@code tau} above 0, {@code
 * nearestNeighbours}. With one view the contrast alone remains; an empty bank gives 0.
 *
 * <p>A directional term is a cross entropy, so its smallest value is the entropy of the weaker
 * view. Early in training that distribution is flat and the terms only spread the stronger views:
 * let them come in later. The released code takes the logarithm of a softmax, which is minus
 * infinity for far candidates.
 *
 * <p>Zhang, Lin, Liu, Hierarchical Consistent Contrastive Learning for Skeleton-Based Action
 * Recognition with Growing Augmentations, AAAI 2023, equations 2 to 6.
 */
final class Hiclr implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("q", "V", "B", "D")
          .constant("k", "B", "D")
          .constant("bank", "M", "D")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows queries;
  private final UnitRows keys;
  private final UnitRows bankRows;
  private final Entries neighbours = new Entries();
  private final StopGradient stopGradient = new StopGradient();
  private final double tau;
  private final boolean nearestNeighbours;

  Hiclr(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.queries = new UnitRows(kernels);
    this.keys = new UnitRows(kernels);
    this.bankRows = new UnitRows(kernels);
    this.tau = parameters.positive("tau", 0.07);
    this.nearestNeighbours = parameters.flag("nearestNeighbours", false);
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
    int batch = SIGNATURE.bind(inputs).get("B");
    Matrix q = queries.forward(inputs.matrix("q"));
    Matrix k = keys.forward(inputs.matrix("k"));
    Matrix gradient = workspace.like("gradient", q);
    double[] terms = new double[q.rows() / batch];
    int[] positives = new int[batch];
    Arrays.fill(positives, 1);
    if (inputs.matrix("bank").rows() == 0) {
      kernels.fillInPlace(gradient, 0);
    } else {
      contrast(q, k, bankRows.forward(inputs.matrix("bank")), terms, positives, gradient);
    }
    return result(terms, positives).withGradient("q", queries.backward(gradient));
  }

  private LossAndGradient result(double[] terms, int[] positives) {
    Matrix counts = workspace.matrix("positives", positives.length, 1);
    kernels.write(Arrays.stream(positives).asDoubleStream().toArray(), counts);
    if (terms.length == 1) {
      return new LossAndGradient(terms[0])
          .withScalar("contrast", terms[0])
          .withOutput("positives", counts);
    }
    double[] steps = Arrays.copyOfRange(terms, 1, terms.length);
    Matrix directional = workspace.matrix("directional", 1, steps.length);
    kernels.write(steps, directional);
    return new LossAndGradient(terms[0] + Arrays.stream(steps).average().orElseThrow())
        .withScalar("contrast", terms[0])
        .withOutput("directional", directional)
        .withOutput("positives", counts);
  }

  /**
   * Works on the negatives alone, as logits relative to the key's: with x their log-sum, log p of
   * the key is -softplus(x) and that of a bank row its logit - softplus(x). Sets the mean of each
   * term and the sizes of the positive sets.
   */
  private void contrast(
      Matrix q, Matrix k, Matrix bank, double[] terms, int[] positives, Matrix gradient) {
    int batch = k.rows();
    Matrix logits = workspace.matrix("logits", q.rows(), bank.rows());
    kernels.multiplyByTransposed(q, bank, 1 / tau, 0, logits);
    listNeighbours(logits, batch, positives);
    Matrix keyLogits = workspace.matrix("keyLogits", q.rows(), 1);
    for (int from = 0; from < q.rows(); from += batch) {
      kernels.rowDots(q.rows(from, from + batch), k, keyLogits.rows(from, from + batch));
    }
    kernels.scaleInPlace(keyLogits, -1 / tau);
    kernels.addColumnInPlace(logits, keyLogits);
    Matrix shares = workspace.like("shares", logits);
    kernels.copy(logits, shares);
    Matrix column = workspace.matrix("column", q.rows(), 1);
    kernels.softmaxRowsInPlace(shares, column);
    double[] logSums = read(column);
    double[] keyShares = new double[q.rows()];
    double[] otherShares = new double[q.rows()];
    for (int i = 0; i < q.rows(); i++) {
      terms[i / batch] += softplus(logSums[i]) / batch;
      keyShares[i] = sigmoid(-logSums[i]);
      otherShares[i] = sigmoid(logSums[i]);
    }
    kernels.write(otherShares, column);
    kernels.scaleRowsInPlace(shares, column);
    stopGradient.holdInPlace("shares", kernels, shares);

    double[] keySlopes = new double[q.rows()];
    for (int i = q.rows() - 1; i >= batch; i--) {
      keySlopes[i] = keyShares[i] - keyShares[i - batch];
    }
    for (int i = 0; i < batch; i++) {
      keySlopes[i] = positives[i] == 1 ? -otherShares[i] : keyShares[i] - 1.0 / positives[i];
    }
    subtractExpectedLogits(logits, shares, batch, positives, terms);
    toSlopes(shares, batch, positives);
    backward(shares, keySlopes, bank, k, gradient);
  }

  /** The nearest bank row of every view, each once in a row's set of positives. */
  private void listNeighbours(Matrix logits, int batch, int[] positives) {
    neighbours.clear();
    if (!nearestNeighbours) {
      return;
    }
    int[] fresh = new int[logits.rows()];
    kernels.argMaxRows(logits, fresh);
    int[] nearest = stopGradient.hold("nearest", fresh);
    for (int i = 0; i < nearest.length; i++) {
      boolean known = false;
      for (int j = i % batch; j < i; j += batch) {
        known |= nearest[j] == nearest[i];
      }
      if (!known) {
        neighbours.add(i % batch, nearest[i], 0);
        positives[i % batch]++;
      }
    }
  }

  private void subtractExpectedLogits(
      Matrix logits, Matrix shares, int batch, int[] positives, double[] terms) {
    Matrix expected = workspace.matrix("expected", batch, 1);
    for (int v = 1; v < terms.length; v++) {
      kernels.rowDots(view(shares, v - 1, batch), view(logits, v, batch), expected);
      terms[v] -= kernels.sum(expected) / batch;
    }
    double[] values = neighbours.readFrom(kernels, logits);
    for (int i = 0; i < neighbours.count(); i++) {
      terms[0] -= values[i] / positives[neighbours.row(i)] / batch;
    }
  }

  /** From probabilities to the slopes of the logits, times B, V - 1 left out; the last first. */
  private void toSlopes(Matrix shares, int batch, int[] positives) {
    for (int v = shares.rows() / batch - 1; v > 0; v--) {
      kernels.addInPlace(view(shares, v, batch), -1, view(shares, v - 1, batch));
    }
    for (int i = 0; i < neighbours.count(); i++) {
      neighbours.set(i, -1.0 / positives[neighbours.row(i)]);
    }
    neighbours.addTo(kernels, shares);
  }

  private void backward(Matrix slopes, double[] keySlopes, Matrix bank, Matrix k, Matrix gradient) {
    int batch = k.rows();
    int views = slopes.rows() / batch;
    kernels.multiply(slopes, bank, 1 / (tau * batch), 0, gradient);
    Matrix column = workspace.matrix("column", slopes.rows(), 1);
    kernels.write(keySlopes, column);
    Matrix towardsKey = workspace.like("towardsKey", k);
    for (int v = 0; v < views; v++) {
      kernels.copy(k, towardsKey);
      kernels.scaleRowsInPlace(towardsKey, view(column, v, batch));
      kernels.addInPlace(view(gradient, v, batch), 1 / (tau * batch), towardsKey);
      if (v > 0) {
        kernels.scaleInPlace(view(gradient, v, batch), 1.0 / (views - 1));
      }
    }
  }

  private double[] read(Matrix column) {
    double[] values = new double[column.rows()];
    kernels.read(column, values);
    return values;
  }

  private static Matrix view(Matrix x, int index, int batch) {
    return x.rows(index * batch, (index + 1) * batch);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
