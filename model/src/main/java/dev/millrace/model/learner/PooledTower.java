package dev.millrace.model.learner;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.memory.ParameterRows;
import dev.millrace.model.optimizer.Parameters;
import java.util.Arrays;

/**
 * The user as a decayed sum of the items of the past, pooled by several learned decays.
 *
 * <pre>
 *   a_kj = exp(rho_k[age_j]),  m_k = sum_j a_kj e_j / sqrt(sum_j a_kj * max_j a_kj)
 *   u = P drop([m_1; ...; m_K])
 * </pre>
 *
 * <p>{@code rho: K x A} starts as a line of slope -0.3, -0.05, -0.7 and so on, {@code P: d x K d}
 * as the mean of the pools. The norm lies between that of a mean and that of a sum, so that a long
 * history weighs more, but not in proportion.
 */
final class PooledTower {

  private static final double[] SLOPES = {-0.3, -0.05, -0.7};

  private final Kernels kernels;
  private final int width;
  private final int pools;
  private final int ages;
  private final double dropout;
  private final Parameters parameters;

  private final RowBuffer itemRows;
  private final RowBuffer pooledRows;
  private final RowBuffer gradientRows;
  private final RowBuffer gradientItems;
  private Matrix coefficients;
  private Matrix gradientCoefficients;
  private double[] values = new double[1024];
  private double[] gradients = new double[1024];
  private final double[] logWeights;
  private final double[] gradientLogWeights;
  private final Matrix logWeightSum;
  private double[] weights = new double[256];
  private long seed;
  private double rate;

  PooledTower(Kernels kernels, SequenceLearnerConfig config) {
    this.kernels = kernels;
    this.width = config.model().width();
    this.pools = config.model().pools();
    this.ages = config.model().ages();
    this.dropout = config.training().poolDropout();
    this.parameters =
        Parameters.of(kernels)
            .zeros("projection", width, pools * width)
            .zeros("logWeight", pools, ages)
            .build(new SeededRandom(config.seed()));
    this.logWeights = new double[pools * ages];
    this.gradientLogWeights = new double[pools * ages];
    this.logWeightSum = kernels.allocate(pools, ages);
    initialise();
    this.itemRows = new RowBuffer(kernels, width);
    this.pooledRows = new RowBuffer(kernels, pools * width);
    this.gradientRows = new RowBuffer(kernels, pools * width);
    this.gradientItems = new RowBuffer(kernels, width);
  }

  private void initialise() {
    double[] projection = new double[width * pools * width];
    for (int k = 0; k < pools; k++) {
      for (int j = 0; j < width; j++) {
        projection[j * pools * width + k * width + j] = 1.0 / pools;
      }
      for (int age = 0; age < ages; age++) {
        logWeights[k * ages + age] = SLOPES[k % SLOPES.length] * age;
      }
    }
    kernels.write(projection, parameters.value("projection"));
    kernels.write(logWeights, parameters.value("logWeight"));
  }

  Parameters parameters() {
    return parameters;
  }

  /**
   * Writes the users to {@code out: Q x d}.
   *
   * @param training whether to drop out, by a mask of {@code seed}
   */
  void forward(QueryBatch batch, ParameterRows items, boolean training, long seed, Matrix out) {
    Matrix history = itemRows.rows(batch.pooled);
    kernels.gatherRows(items.value(), batch.pooledRows, batch.pooled, history);
    writeCoefficients(batch);
    Matrix pooled = pooledRows.rows(batch.queries);
    kernels.fillInPlace(pooled, 0);
    long at = 0;
    for (int s = 0; s < batch.segments; s++) {
      int count = batch.pooledFrom[s + 1] - batch.pooledFrom[s];
      int rows = (batch.queryFrom[s + 1] - batch.queryFrom[s]) * pools;
      if (count > 0 && rows > 0) {
        kernels.multiply(
            coefficients.window(at, rows, count),
            history.rows(batch.pooledFrom[s], batch.pooledFrom[s + 1]),
            1,
            0,
            segment(pooled, batch, s));
        at += (long) rows * count;
      }
    }
    this.rate = training ? dropout : 0;
    this.seed = seed;
    kernels.dropout(pooled, rate, seed, pooled);
    kernels.multiplyByTransposed(pooled, parameters.value("projection"), 1, 0, out);
  }

  /** A segment's queries as {@code (queries * pools) x d}. */
  private Matrix segment(Matrix pooled, QueryBatch batch, int s) {
    int rows = (batch.queryFrom[s + 1] - batch.queryFrom[s]) * pools;
    return pooled.window((long) batch.queryFrom[s] * pools * width, rows, width);
  }

  /** The normalised weights of every query's items, segment after segment, zeros elsewhere. */
  private void writeCoefficients(QueryBatch batch) {
    kernels.read(parameters.value("logWeight"), logWeights);
    int size = 0;
    for (int s = 0; s < batch.segments; s++) {
      int count = batch.pooledFrom[s + 1] - batch.pooledFrom[s];
      size += (batch.queryFrom[s + 1] - batch.queryFrom[s]) * pools * count;
    }
    if (values.length < size) {
      values = new double[size + size / 2];
      gradients = new double[values.length];
    }
    if (coefficients == null || coefficients.size() < size) {
      coefficients = kernels.allocate(1, values.length);
      gradientCoefficients = kernels.allocate(1, values.length);
    }
    int at = 0;
    for (int s = 0; s < batch.segments; s++) {
      int from = batch.pooledFrom[s];
      int count = batch.pooledFrom[s + 1] - from;
      for (int q = batch.queryFrom[s]; q < batch.queryFrom[s + 1]; q++) {
        for (int k = 0; k < pools; k++) {
          double norm = weigh(batch, from, batch.pooledCount[q], k);
          for (int i = 0; i < count; i++) {
            values[at + i] = i < batch.pooledCount[q] ? weights[i] * norm : 0;
          }
          at += count;
        }
      }
    }
    if (size > 0) {
      coefficients.window(0, 1, size).copyFrom(values, 0);
    }
  }

  /** Fills {@link #weights}; returns 1 / sqrt(sum * max), 0 for no item. */
  private double weigh(QueryBatch batch, int from, int count, int pool) {
    if (weights.length < count) {
      weights = new double[2 * count];
    }
    double sum = 0;
    double max = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = StrictMath.exp(logWeights[pool * ages + batch.pooledAges[from + i]]);
      sum += weights[i];
      max = Math.max(max, weights[i]);
    }
    return sum > 0 ? 1 / Math.sqrt(sum * max) : 0;
  }

  /**
   * Adds to the parameters' gradients and to the items' ({@code N x d}).
   *
   * @param gradient {@code Q x d}
   */
  void backward(QueryBatch batch, Matrix gradient, Matrix gradientOfItems) {
    Matrix pooled = pooledRows.rows(batch.queries);
    kernels.multiplyTransposed(gradient, pooled, 1, 1, parameters.gradient("projection"));
    Matrix upstream = gradientRows.rows(batch.queries);
    kernels.multiply(gradient, parameters.value("projection"), 1, 0, upstream);
    kernels.dropout(upstream, rate, seed, upstream);

    Matrix history = itemRows.rows(batch.pooled);
    Matrix ofHistory = gradientItems.rows(batch.pooled);
    kernels.fillInPlace(ofHistory, 0);
    long at = 0;
    for (int s = 0; s < batch.segments; s++) {
      int from = batch.pooledFrom[s];
      int to = batch.pooledFrom[s + 1];
      int rows = (batch.queryFrom[s + 1] - batch.queryFrom[s]) * pools;
      if (to > from && rows > 0) {
        Matrix part = segment(upstream, batch, s);
        kernels.multiplyByTransposed(
            part, history.rows(from, to), 1, 0, gradientCoefficients.window(at, rows, to - from));
        kernels.multiplyTransposed(
            coefficients.window(at, rows, to - from), part, 1, 0, ofHistory.rows(from, to));
        at += (long) rows * (to - from);
      }
    }
    kernels.scatterAddRowsInPlace(gradientOfItems, batch.pooledRows, batch.pooled, 1, ofHistory);
    addWeightGradients(batch, (int) at);
  }

  private void addWeightGradients(QueryBatch batch, int size) {
    if (size == 0) {
      return;
    }
    gradientCoefficients.window(0, 1, size).copyTo(gradients, 0);
    Arrays.fill(gradientLogWeights, 0);
    int at = 0;
    for (int s = 0; s < batch.segments; s++) {
      int from = batch.pooledFrom[s];
      int count = batch.pooledFrom[s + 1] - from;
      for (int q = batch.queryFrom[s]; q < batch.queryFrom[s + 1]; q++) {
        for (int k = 0; k < pools; k++) {
          addWeightGradients(batch, from, batch.pooledCount[q], k, at);
          at += count;
        }
      }
    }
    kernels.write(gradientLogWeights, logWeightSum);
    kernels.addInPlace(parameters.gradient("logWeight"), 1, logWeightSum);
  }

  /** With c_j = a_j (S M)^(-1/2): d c_j / d rho_j through a_j, the sum S and the maximum M. */
  private void addWeightGradients(QueryBatch batch, int from, int count, int pool, int at) {
    double norm = weigh(batch, from, count, pool);
    if (norm == 0) {
      return;
    }
    double total = 0;
    double sum = 0;
    int largest = 0;
    for (int i = 0; i < count; i++) {
      double own = gradients[at + i] * weights[i] * norm;
      gradientLogWeights[pool * ages + batch.pooledAges[from + i]] += own;
      total += own;
      sum += weights[i];
      largest = weights[i] > weights[largest] ? i : largest;
    }
    for (int i = 0; i < count; i++) {
      gradientLogWeights[pool * ages + batch.pooledAges[from + i]] -=
          0.5 * total * weights[i] / sum;
    }
    gradientLogWeights[pool * ages + batch.pooledAges[from + largest]] -= 0.5 * total;
  }
}
