package dev.millrace.model.kernel;

/**
 * What the learner asks of a processor.
 *
 * <p>Matrices are row-major and contiguous; a row vector is {@code 1 x n}, a column vector {@code n
 * x 1}. A method whose name ends in {@code InPlace} changes its first argument; every other method
 * writes only its {@code out} arguments, which must not overlap the inputs. Vectors of row indices
 * are {@code int[]} of which the first {@code count} entries are read. Scalars are {@code double}
 * and are rounded to the element type once.
 *
 * <p>Identical input gives bit-identical output: how a product or a sum is split depends on shapes
 * only, never on the number of threads. Shapes that do not fit throw {@link
 * IllegalArgumentException} with both shapes in the message. Minus infinity is an allowed logit and
 * means "masked": its softmax is exactly 0.
 */
public interface Kernels extends ConvKernels, AutoCloseable {

  /** Name and element type for reports, such as {@code cpu-float32 (OpenBLAS, vector 512 bit)}. */
  String description();

  /** A zero matrix of this implementation's element type. */
  Matrix allocate(int rows, int columns);

  /** A matrix with the given row-major values. */
  Matrix of(int rows, int columns, double... values);

  /** Copies all elements to {@code out}, row-major; {@code out} may be longer. */
  void read(Matrix x, double[] out);

  /** Sets all elements of {@code out} from row-major values, of which there may be more. */
  void write(double[] values, Matrix out);

  /** Releases threads; matrices stay readable. */
  @Override
  void close();

  // ---- products

  /** {@code c = alpha a b + beta c} with {@code a: m x k, b: k x n, c: m x n}. */
  void multiply(Matrix a, Matrix b, double alpha, double beta, Matrix c);

  /** {@code c = alpha a b^T + beta c} with {@code a: m x k, b: n x k, c: m x n}. */
  void multiplyByTransposed(Matrix a, Matrix b, double alpha, double beta, Matrix c);

  /** {@code c = alpha a^T b + beta c} with {@code a: k x m, b: k x n, c: m x n}. */
  void multiplyTransposed(Matrix a, Matrix b, double alpha, double beta, Matrix c);

  // ---- element by element

  void fillInPlace(Matrix x, double value);

  void copy(Matrix x, Matrix out);

  void scaleInPlace(Matrix x, double factor);

  /** {@code y += alpha x}. */
  void addInPlace(Matrix y, double alpha, Matrix x);

  /** {@code y += alpha}. */
  void addScalarInPlace(Matrix y, double alpha);

  /** {@code out = a * b}, element by element. */
  void hadamard(Matrix a, Matrix b, Matrix out);

  /** {@code out = f(x)}. */
  void apply(Elementwise function, Matrix x, Matrix out);

  /** {@code out = f'(x) * gradient}; {@code x} is the argument of the forward call. */
  void applyBackward(Elementwise function, Matrix x, Matrix gradient, Matrix out);

  /** {@code x[rows[i], columns[i]] += values[i]} for {@code i < count}, in order. */
  void addAtInPlace(Matrix x, int[] rows, int[] columns, double[] values, int count);

  /** {@code out[i] = x[rows[i], columns[i]]}, {@code i < count}. */
  void getAt(Matrix x, int[] rows, int[] columns, int count, double[] out);

  /**
   * Inverted dropout with a mask that is a function of (seed, element index) alone: {@code out = x
   * * keep / (1 - rate)}. Forward and backward are the same call; nothing is stored. The same mask
   * on every implementation. Rate 0 copies. {@code out} may be {@code x} itself.
   */
  void dropout(Matrix x, double rate, long seed, Matrix out);

  // ---- rows and columns

  /** {@code x[i, j] += row[j]}. */
  void addRowInPlace(Matrix x, Matrix row);

  /** {@code x[i, j] += column[i]}. */
  void addColumnInPlace(Matrix x, Matrix column);

  /** {@code x[i, j] *= column[i]}. */
  void scaleRowsInPlace(Matrix x, Matrix column);

  /** {@code out[j] = beta out[j] + sum_i x[i, j]}, {@code out: 1 x n}. */
  void sumOfRows(Matrix x, double beta, Matrix out);

  /** {@code out[i] = sum_j x[i, j]}, {@code out: m x 1}. */
  void rowSums(Matrix x, Matrix out);

  /** {@code out[i] = sum_j a[i, j] b[i, j]}, {@code out: m x 1}. */
  void rowDots(Matrix a, Matrix b, Matrix out);

  /** {@code columns[i]} is where row {@code i} is largest, the first place of several. */
  void argMaxRows(Matrix x, int[] columns);

  /** {@code rows[j]} is where column {@code j} is largest, the first place of several. */
  void argMaxColumns(Matrix x, int[] rows);

  /** Sum of all elements, accumulated in double precision. */
  double sum(Matrix x);

  /** {@code normalized = x / max(norm, 1e-12)} by rows, {@code norms: m x 1} the clamped norms. */
  void normalizeRows(Matrix x, Matrix normalized, Matrix norms);

  /** {@code out = (g - n <n, g>) / norm} by rows. */
  void normalizeRowsBackward(Matrix normalized, Matrix norms, Matrix gradient, Matrix out);

  /** {@code out[i] = log sum_j exp x[i, j]}; minus infinity for a row that is masked whole. */
  void logSumExpRows(Matrix x, Matrix out);

  /**
   * {@code x = softmax(x)} by rows and {@code logSumExp[i]} of the logits, {@code m x 1}. A row
   * that is masked whole becomes zeros with minus infinity.
   */
  void softmaxRowsInPlace(Matrix x, Matrix logSumExp);

  /**
   * Softmax cross entropy by rows: {@code rowLoss[i] = log sum_j exp x[i, j] - x[i, t]} with {@code
   * t = targets[i]}, and {@code x = softmax(x) - onehot(t)}, its gradient. The entry of the target
   * is minus the sum of the row's other probabilities, so that it keeps its relative precision
   * where they are tiny. A row whose entries other than the target are masked has loss 0 and
   * gradient 0.
   *
   * @param targets one column per row, not masked
   * @param rowLoss {@code m x 1}
   */
  void crossEntropyRowsInPlace(Matrix x, int[] targets, Matrix rowLoss);

  /**
   * {@code columns[i * count + k]} is where row {@code i} has its {@code k}-th largest entry, from
   * 0; of equal entries the first one comes first.
   *
   * @param count at most the number of columns
   * @param columns has room for {@code count} entries a row
   */
  void largestInRows(Matrix x, int count, int[] columns);

  /** {@code out[i, :] = table[rows[i], :]}, {@code i < count}. */
  void gatherRows(Matrix table, int[] rows, int count, Matrix out);

  /**
   * {@code table[rows[i], :] += alpha x[i, :]} for {@code i < count}, in order; rows may repeat.
   */
  void scatterAddRowsInPlace(Matrix table, int[] rows, int count, double alpha, Matrix x);

  /**
   * {@code out[i, :] = sum_t table[rows[t], :]} over {@code starts[i] <= t < starts[i + 1]}, in
   * order: sums over bags of rows, such as a node's neighbours; zero for an empty bag.
   *
   * @param starts one entry more than {@code out} has rows, ascending
   */
  void sumsOfBags(Matrix table, int[] starts, int[] rows, Matrix out);

  /**
   * {@code out = (x - mean) / sqrt(variance + epsilon) * weight + bias} by rows; {@code weight,
   * bias: 1 x n}. Keeps {@code normalized: m x n} and {@code inverseDeviation: m x 1} for the
   * backward pass.
   */
  void layerNorm(
      Matrix x,
      Matrix weight,
      Matrix bias,
      double epsilon,
      Matrix normalized,
      Matrix inverseDeviation,
      Matrix out);

  /** Backward of {@link #layerNorm}: {@code gradientX}, and {@code +=} into the parameters'. */
  void layerNormBackward(
      Matrix normalized,
      Matrix inverseDeviation,
      Matrix weight,
      Matrix gradient,
      Matrix gradientX,
      Matrix gradientWeight,
      Matrix gradientBias);

  // ---- pairs of rows

  /**
   * {@code out[i, j] = bias + sum_h weights[h] sigmoid(a[h, i] + b[h, j])} with {@code a: H x m, b:
   * H x n, weights: 1 x H, out: m x n}: a network of one hidden layer on every pair, whose units
   * add the two parts of it.
   */
  void sigmoidsOfSums(Matrix a, Matrix b, Matrix weights, double bias, Matrix out);

  /**
   * Backward of {@link #sigmoidsOfSums}: with {@code e[h, i, j] = gradient[i, j] weights[h]
   * sigmoid'(a[h, i] + b[h, j])}, {@code ofA[h, i] = sum_j e}, {@code ofB[h, j] = sum_i e} and
   * {@code ofWeights[h] = sum_ij gradient[i, j] sigmoid(a[h, i] + b[h, j])}.
   */
  void sigmoidsOfSumsBackward(
      Matrix a,
      Matrix b,
      Matrix weights,
      Matrix gradient,
      Matrix ofA,
      Matrix ofB,
      Matrix ofWeights);

  /**
   * {@code distance[i] = |x[left[i]] - x[right[i]]|, product[i] = x[left[i]] * x[right[i]]},
   * element by element, {@code i < count}.
   */
  void pairFeatures(Matrix x, int[] left, int[] right, int count, Matrix distance, Matrix product);

  /**
   * Backward of {@link #pairFeatures}: the gradient at the distances becomes that of each pair's
   * left row, the gradient at the products that of its right row.
   */
  void pairFeaturesBackwardInPlace(
      Matrix x, int[] left, int[] right, int count, Matrix ofDistance, Matrix ofProduct);

  // ---- attention over packed sequences

  /**
   * Causal multi-head attention over sequences packed row after row.
   *
   * <p>{@code key, value: T x d}; {@code query: Q x d}, whose row {@code i} stands at token {@code
   * queryRows[i]}. A query attends to the tokens of its own segment up to and including its own,
   * except tokens with {@code masked[t]}; a query without any admissible key attends to every token
   * of its segment alike up to {@code logits}, as an additive mask of -10000 does (only then later
   * and masked ones are seen). Scores are scaled by {@code 1/sqrt(d / heads)}; dropout with the
   * given rate and seed acts on the probabilities.
   *
   * @param probabilities workspace kept for the backward pass: at least {@code heads *} the sum
   *     over queries of their segment's length elements, {@code 1 x n}
   */
  void attention(
      Matrix query,
      Matrix key,
      Matrix value,
      PackedSegments segments,
      AttentionOptions options,
      Matrix probabilities,
      Matrix out);

  /** Backward of {@link #attention}; writes (not adds) all three gradients. */
  void attentionBackward(
      Matrix query,
      Matrix key,
      Matrix value,
      PackedSegments segments,
      AttentionOptions options,
      Matrix probabilities,
      Matrix gradient,
      Matrix gradientQuery,
      Matrix gradientKey,
      Matrix gradientValue);

  // ---- optimizers

  /**
   * Adam (Kingma and Ba 2015, algorithm 1): {@code m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2;
   * parameter -= rate * (m / (1-b1^t)) / (sqrt(v / (1-b2^t)) + epsilon)}, {@code g += decay *
   * parameter} first.
   */
  void adamInPlace(Matrix parameter, Matrix gradient, Matrix first, Matrix second, AdamStep step);

  /**
   * The same for the table rows {@code rows[i]} alone, which must be distinct; {@code gradient:
   * count x n}. Moments of other rows do not decay.
   */
  void adamRowsInPlace(
      Matrix table,
      int[] rows,
      int count,
      Matrix gradient,
      Matrix first,
      Matrix second,
      AdamStep step);
}
