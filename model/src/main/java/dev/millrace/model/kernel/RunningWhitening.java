package dev.millrace.model.kernel;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasLower;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dsyrk;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mean and covariance of a stream of rows, from which a {@link Whitening} is fitted at any time.
 *
 * <p>After rows {@code x_1 ... x_n} with {@code w_i = decay^(n - i)} it holds {@code sum w_i}, the
 * sums {@code sum w_i x_i} and the lower triangle of {@code sum w_i x_i x_i^T}, in float64: {@code
 * 8 width (width + 1)} bytes and no rows. How the stream was cut into batches changes rounding
 * alone. Sums of several streams add up.
 */
public final class RunningWhitening implements CanonicalState {

  private static final int VERSION_1 = 1;

  /** Rows whose products are added by one call of BLAS. */
  private static final int BLOCK = 256;

  private final int width;
  private final double decay;
  private final double[] sums;
  private final Matrix products;
  private double weight;
  private long seen;

  private double[] block = new double[0];
  private Matrix scaled;

  /** Sums that never fade. */
  public RunningWhitening(int width) {
    this(width, 1);
  }

  /**
   * @param width length of a row
   * @param decay what a row's weight is multiplied by with each later row, in (0, 1]
   */
  public RunningWhitening(int width, double decay) {
    if (width < 1 || !(decay > 0 && decay <= 1)) {
      throw new IllegalArgumentException(
          "the width is at least 1 and the decay lies in (0, 1], were " + width + " and " + decay);
    }
    Nd4j.getBackend();
    blas_set_num_threads(1);
    this.width = width;
    this.decay = decay;
    this.sums = new double[width];
    this.products = Matrix.allocate(DataType.DOUBLE, width, width);
  }

  public int width() {
    return width;
  }

  /** Rows that were observed, those of merged streams among them. */
  public long seen() {
    return seen;
  }

  /**
   * Adds rows in their order.
   *
   * @param rows {@code m x width}, finite
   * @throws IllegalArgumentException if the width differs or an element is not finite; then nothing
   *     of these rows was added
   */
  public void observe(Matrix rows) {
    if (rows.columns() != width) {
      throw new IllegalArgumentException("rows of " + width + " expected, were " + rows.shape());
    }
    int size = Math.toIntExact(rows.size());
    if (block.length < size) {
      block = new double[size];
    }
    rows.copyTo(block, 0);
    requireFinite(size);
    for (int from = 0; from < rows.rows(); from += BLOCK) {
      add(from, Math.min(BLOCK, rows.rows() - from));
    }
    seen += rows.rows();
  }

  private void requireFinite(int size) {
    for (int i = 0; i < size; i++) {
      if (!Double.isFinite(block[i])) {
        throw new IllegalArgumentException(
            "row %d has the element %s in column %d".formatted(i / width, block[i], i % width));
      }
    }
  }

  private void add(int from, int count) {
    double kept = StrictMath.pow(decay, count);
    weight *= kept;
    for (int j = 0; j < width; j++) {
      sums[j] *= kept;
    }
    for (int i = 0; i < count; i++) {
      double share = StrictMath.pow(decay, count - 1 - i);
      double root = Math.sqrt(share);
      weight += share;
      int at = (from + i) * width;
      for (int j = 0; j < width; j++) {
        sums[j] += share * block[at + j];
        block[at + j] *= root;
      }
    }
    if (scaled == null) {
      scaled = Matrix.allocate(DataType.DOUBLE, BLOCK, width);
    }
    scaled.head(count).copyFrom(block, from * width);
    cblas_dsyrk(
        CblasRowMajor,
        CblasLower,
        CblasTrans,
        width,
        count,
        1,
        scaled.doublePointer(),
        width,
        kept,
        products.doublePointer(),
        width);
  }

  /**
   * Adds what another stream has observed; the streams must have no row in common.
   *
   * @throws IllegalArgumentException if width or decay differ
   */
  public void mergeInPlace(RunningWhitening other) {
    if (other.width != width || other.decay != decay) {
      throw new IllegalArgumentException(
          "width %d and decay %s cannot be merged with %d and %s"
              .formatted(width, decay, other.width, other.decay));
    }
    double[] own = elements(products);
    double[] others = elements(other.products);
    for (int i = 0; i < own.length; i++) {
      own[i] += others[i];
    }
    products.copyFrom(own, 0);
    for (int j = 0; j < width; j++) {
      sums[j] += other.sums[j];
    }
    weight += other.weight;
    seen += other.seen;
  }

  /** The mean of the rows, zeros before the first. */
  public double[] mean() {
    double[] mean = new double[width];
    for (int j = 0; j < width && weight > 0; j++) {
      mean[j] = sums[j] / weight;
    }
    return mean;
  }

  /** {@code sum w x x^T / sum w - mean mean^T}, {@code width x width} row-major. */
  public double[] covariance() {
    double[] mean = mean();
    double[] lower = elements(products);
    double[] covariance = new double[lower.length];
    for (int i = 0; i < width && weight > 0; i++) {
      for (int j = 0; j <= i; j++) {
        double value = lower[i * width + j] / weight - mean[i] * mean[j];
        covariance[i * width + j] = value;
        covariance[j * width + i] = value;
      }
    }
    return covariance;
  }

  /**
   * Principal components of the covariance, to unit variance.
   *
   * @param kernels what the whitening computes with
   * @param dimensions components that are kept, 1 to {@link #width()}
   * @param floor the smallest variance that is divided by, as a part of the largest; in [0, 1]
   * @throws IllegalStateException if fewer than 2 rows were observed
   */
  public Whitening fit(Kernels kernels, int dimensions, double floor) {
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException("the floor lies in [0, 1], was " + floor);
    }
    if (seen < 2) {
      throw new IllegalStateException("a whitening needs at least 2 rows, there were " + seen);
    }
    SymmetricEigen.Pairs pairs = SymmetricEigen.largest(covariance(), width, dimensions);
    return Whitening.of(kernels, mean(), pairs, floor);
  }

  /**
   * The whitening that moves rows least: unit variance in every direction, without a turn to the
   * principal components. A component's sign and order, which change from fit to fit, do not show.
   *
   * <p>Kessy, Lewin and Strimmer, Optimal whitening and decorrelation, The American Statistician
   * 2018, section 3 (ZCA).
   *
   * @param floor as in {@link #fit}
   * @throws IllegalStateException if fewer than 2 rows were observed
   */
  public Whitening fitSymmetric(Kernels kernels, double floor) {
    return fit(kernels, width, floor).turnedBack(kernels);
  }

  private static double[] elements(Matrix matrix) {
    double[] elements = new double[Math.toIntExact(matrix.size())];
    matrix.copyTo(elements, 0);
    return elements;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(width);
    out.writeDouble(decay);
    out.writeLong(seen);
    out.writeDouble(weight);
    ArrayIO.write(out, sums, 0, width);
    MatrixIO.write(out, products);
  }

  public static RunningWhitening read(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException(
          "a running whitening of version " + version + "; this build reads " + VERSION_1);
    }
    RunningWhitening result = new RunningWhitening(in.readInt(), in.readDouble());
    result.seen = in.readLong();
    result.weight = in.readDouble();
    ArrayIO.read(in, result.sums, 0, result.width);
    MatrixIO.readInto(in, result.products);
    return result;
  }
}
