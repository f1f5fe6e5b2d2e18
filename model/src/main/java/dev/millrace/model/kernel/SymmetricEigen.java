package dev.millrace.model.kernel;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dsyevd;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dsygst;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasLeft;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasLower;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNonUnit;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dtrsm;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The largest eigenvalues of symmetric matrices and their vectors, in double precision by the
 * LAPACK that comes with ND4J's BLAS.
 *
 * <p>{@code A x = l x} with {@code x^T x = 1}, or {@code A x = l B x} with {@code x^T B x = 1};
 * {@code A, B: n x n}, row-major and symmetric, of which one triangle is read; they are left as
 * they are. Eigenvalues descend. An eigenvector's sign is free: here its entry of the largest
 * magnitude, the first of several, is positive. One thread, the same bits for the same input.
 *
 * <p>{@code A x = l B x} becomes an ordinary problem by the Cholesky factor of {@code B}; that one
 * is solved by divide and conquer (LAPACK's {@code dsygst} and {@code dsyevd}; Anderson et al.,
 * LAPACK Users' Guide, 3rd edition).
 */
public final class SymmetricEigen {

  private static final byte VECTORS = 'V';
  private static final byte LOWER = 'L';

  static {
    // Whoever loads a BLAS sets its threads: ND4J first, then LAPACK, then one thread for all.
    Nd4j.getBackend();
    Loader.load(openblas.class);
    blas_set_num_threads(1);
  }

  private SymmetricEigen() {}

  /**
   * Eigenvalues, the largest first, and their vectors.
   *
   * @param values {@code count} of them
   * @param vectors {@code count x n} row-major: row {@code i} belongs to value {@code i}
   */
  @SuppressWarnings("ArrayRecordComponent") // moved on as they are, never compared
  public record Pairs(double[] values, double[] vectors) {}

  /**
   * The {@code count} largest of {@code A x = l x}.
   *
   * @throws IllegalArgumentException if an element is not finite or sizes do not fit
   */
  public static Pairs largest(double[] matrix, int n, int count) {
    requireSize("the matrix", matrix, n, count);
    return decompose(matrix.clone(), n, count);
  }

  /**
   * The {@code count} largest of {@code A x = l B x}.
   *
   * @throws IllegalArgumentException if an element is not finite, sizes do not fit or {@code B} is
   *     not positive definite
   */
  public static Pairs largestGeneralised(double[] a, double[] b, int n, int count) {
    requireSize("the left matrix", a, n, count);
    requireSize("the right matrix", b, n, count);
    // Symmetric, so that row-major and column-major are the same.
    double[] factor = b.clone();
    int minor = LAPACKE_dpotrf(CblasColMajor, LOWER, n, factor, n);
    if (minor != 0) {
      throw new IllegalArgumentException(
          "the right matrix is not positive definite (its leading minor of order "
              + minor
              + "): add to its diagonal");
    }
    double[] reduced = a.clone();
    requireSuccess("dsygst", LAPACKE_dsygst(CblasColMajor, 1, LOWER, n, reduced, n, factor, n));
    Pairs pairs = decompose(reduced, n, count);
    cblas_dtrsm(
        CblasColMajor,
        CblasLeft,
        CblasLower,
        CblasTrans,
        CblasNonUnit,
        n,
        count,
        1,
        factor,
        n,
        pairs.vectors(),
        n);
    fixSigns(pairs.vectors(), n, count);
    return pairs;
  }

  private static Pairs decompose(double[] matrix, int n, int count) {
    double[] ascending = new double[n];
    requireSuccess(
        "dsyevd", LAPACKE_dsyevd(CblasColMajor, VECTORS, LOWER, n, matrix, n, ascending));
    double[] values = new double[count];
    double[] vectors = new double[Math.multiplyExact(count, n)];
    for (int i = 0; i < count; i++) {
      values[i] = ascending[n - 1 - i];
      System.arraycopy(matrix, (n - 1 - i) * n, vectors, i * n, n);
    }
    fixSigns(vectors, n, count);
    return new Pairs(values, vectors);
  }

  private static void fixSigns(double[] vectors, int n, int count) {
    for (int from = 0; from < count * n; from += n) {
      int largest = from;
      for (int i = from + 1; i < from + n; i++) {
        if (Math.abs(vectors[i]) > Math.abs(vectors[largest])) {
          largest = i;
        }
      }
      if (vectors[largest] < 0) {
        for (int i = from; i < from + n; i++) {
          vectors[i] = -vectors[i];
        }
      }
    }
  }

  private static void requireSize(String what, double[] matrix, int n, int count) {
    if (n < 1 || matrix.length != (long) n * n || count < 1 || count > n) {
      throw new IllegalArgumentException(
          "%s has %d elements, not %d x %d, or %d of its eigenvalues are asked for"
              .formatted(what, matrix.length, n, n, count));
    }
    for (int i = 0; i < matrix.length; i++) {
      if (!Double.isFinite(matrix[i])) {
        throw new IllegalArgumentException(
            "%s has the element %s in row %d, column %d".formatted(what, matrix[i], i / n, i % n));
      }
    }
  }

  private static void requireSuccess(String routine, int info) {
    if (info != 0) {
      throw new ArithmeticException(
          "LAPACK's " + routine + " did not converge (info " + info + ")");
    }
  }
}
