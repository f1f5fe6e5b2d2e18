package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/**
 * Fused loops over runs of float32 elements in native memory: one row, or a whole matrix.
 *
 * <p>A run is a buffer in native byte order, the byte index of its first element and a count of
 * elements. Sums run in an order that depends on the count alone. Methods are tiny on purpose: a
 * method that mixes scalar and vector access to one buffer compiles to code several times slower.
 */
interface RowMath {

  /** The fastest implementation that this JVM offers. */
  RowMath FASTEST = VectorModule.present() ? new VectorRowMath() : new ScalarRowMath();

  /** Scratch rows of floats are padded to a multiple of this. */
  int PADDING = 16;

  static int padded(int n) {
    return (n + PADDING - 1) & -PADDING;
  }

  /** Such as {@code vector 512 bit} or {@code scalar}. */
  String description();

  void fill(ByteBuffer x, int at, int n, float value);

  /** {@code x *= factor}. */
  void scale(ByteBuffer x, int at, int n, float factor);

  /** {@code y = alpha x + beta y}. */
  void combine(ByteBuffer y, int yAt, float beta, ByteBuffer x, int xAt, float alpha, int n);

  /** {@code y += alpha x}. */
  void addScaled(ByteBuffer y, int yAt, ByteBuffer x, int xAt, float alpha, int n);

  /** {@code x += alpha}. */
  void addScalar(ByteBuffer x, int at, int n, float alpha);

  /** {@code out = a * b}. */
  void multiply(ByteBuffer a, int aAt, ByteBuffer b, int bAt, ByteBuffer out, int outAt, int n);

  /** {@code sums[from + j] += x[j]}. */
  void addTo(float[] sums, int from, ByteBuffer x, int at, int n);

  /** {@code sums[from + j] += a[j] b[j]}. */
  void addProductTo(float[] sums, int from, ByteBuffer a, int aAt, ByteBuffer b, int bAt, int n);

  float sum(ByteBuffer x, int at, int n);

  float dot(ByteBuffer a, int aAt, ByteBuffer b, int bAt, int n);

  /** {@code sum (x - mean)^2}. */
  float squaredDistance(ByteBuffer x, int at, int n, float mean);

  /** Minus infinity for an empty run. */
  float max(ByteBuffer x, int at, int n);

  /** {@code sum exp(x - shift)}. */
  float sumOfExp(ByteBuffer x, int at, int n, float shift);

  /** {@code x = exp(x - shift)}; returns the sum. */
  float exp(ByteBuffer x, int at, int n, float shift);

  /** {@code out = (x - mean) * scale}. */
  void standardize(
      ByteBuffer x, int xAt, float mean, float scale, ByteBuffer out, int outAt, int n);

  /** {@code out = x * weight + bias}. */
  void affine(
      ByteBuffer x,
      int xAt,
      ByteBuffer weight,
      int weightAt,
      ByteBuffer bias,
      int biasAt,
      ByteBuffer out,
      int outAt,
      int n);

  /** {@code out = scale * (g * w - a - h * b)}: the last line of the backward layer norm. */
  void layerNormGradient(
      ByteBuffer g,
      int gAt,
      ByteBuffer w,
      int wAt,
      ByteBuffer h,
      int hAt,
      float a,
      float b,
      float scale,
      ByteBuffer out,
      int outAt,
      int n);

  /** {@code sum a b c}. */
  float tripleDot(ByteBuffer a, int aAt, ByteBuffer b, int bAt, ByteBuffer c, int cAt, int n);

  /** {@code out = 1 / (1 + exp(-x))}. */
  void sigmoid(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n);

  /** {@code out = s(x) s(-x) g} with the logistic function s, exact in both tails. */
  void sigmoidGradient(
      ByteBuffer x, int xAt, ByteBuffer g, int gAt, ByteBuffer out, int outAt, int n);

  /** {@code out = log(x)}; minus infinity at 0, not a number below. */
  void log(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n);

  /** {@code out = log(1 + exp(x))}. */
  void softplus(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n);

  /** {@code out = x Phi(x)}. */
  void gelu(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n);

  /** {@code out = phi(x)}, the density of the standard normal distribution. */
  void normalDensity(ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n);

  /** {@code out = (Phi(x) + x out) * g}, where {@code out} holds the density of {@code x}. */
  void geluGradient(ByteBuffer x, int xAt, ByteBuffer g, int gAt, ByteBuffer out, int outAt, int n);

  /**
   * One Adam step; see {@link Kernels#adamInPlace}. {@code rate} is already divided by the first
   * bias correction and {@code root} is {@code 1 / sqrt} of the second.
   */
  void adam(
      ByteBuffer parameter,
      int parameterAt,
      ByteBuffer gradient,
      int gradientAt,
      ByteBuffer first,
      int firstAt,
      ByteBuffer second,
      int secondAt,
      int n,
      AdamScalars scalars);

  /**
   * {@code scores[i] = scale * sum_j query[from + j] columns[j * stride + i]} for {@code i < n}.
   * All arrays have room for {@code n} rounded up to {@link #PADDING}, where anything may be
   * written.
   */
  void scores(
      float[] query,
      int from,
      int width,
      float[] columns,
      int stride,
      float scale,
      float[] scores,
      int n);

  /** {@code x = exp(x - shift)} for {@code i < n}; returns the sum. Padded as in scores. */
  float exp(float[] x, int n, float shift);

  /** {@code out[j] = sum_i weights[i] rows[i * width + j]}, {@code i < n}, in that order. */
  void weightedSum(float[] weights, int n, float[] rows, int width, float[] out);

  /** {@code rows[i * width + j] += weights[i] vector[j]}, {@code i < n}. */
  void addOuter(float[] weights, int n, float[] vector, int width, float[] rows);

  /**
   * {@code out = x * factor} where the mask keeps, 0 elsewhere.
   *
   * @param element index of the first element in the mask, even
   */
  void dropout(
      ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n, DropoutMask mask, int element);

  /**
   * {@code out[i] = factor} where the mask keeps element {@code element + i}, 0 elsewhere, for
   * {@code i < n}; {@code element} is even. Padded as in scores.
   */
  void keepFactors(float[] out, int n, DropoutMask mask, int element);

  /** The scalars of an Adam step, rounded once. */
  record AdamScalars(
      float rate,
      float beta1,
      float complement1,
      float beta2,
      float complement2,
      float epsilon,
      float weightDecay,
      float root) {

    static AdamScalars of(AdamStep step) {
      double first = 1 - StrictMath.pow(step.beta1(), step.step());
      double second = 1 - StrictMath.pow(step.beta2(), step.step());
      return new AdamScalars(
          (float) (step.rate() / first),
          (float) step.beta1(),
          (float) (1 - step.beta1()),
          (float) step.beta2(),
          (float) (1 - step.beta2()),
          (float) step.epsilon(),
          (float) step.weightDecay(),
          (float) (1 / Math.sqrt(second)));
    }
  }

  /** {@code out = f(x)} for functions without a method of their own. */
  void simple(Elementwise function, ByteBuffer x, int xAt, ByteBuffer out, int outAt, int n);

  /** {@code out = f'(x) g} for such functions. */
  void simpleGradient(
      Elementwise function,
      ByteBuffer x,
      int xAt,
      ByteBuffer g,
      int gAt,
      ByteBuffer out,
      int outAt,
      int n);
}
