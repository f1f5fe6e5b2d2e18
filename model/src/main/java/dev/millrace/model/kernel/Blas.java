package dev.millrace.model.kernel;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products by the BLAS that ND4J loads, one BLAS thread a call.
 *
 * <p>A large product is cut into up to {@value #PARTS} parts along the longer side of its result,
 * or along the inner length where that is long and the result small: by shape alone, so that its
 * bits do not depend on how many threads work on them.
 */
final class Blas {

  private static final int PARTS = 4;

  /** Multiply-adds below which a product is not cut. */
  private static final long GRAIN = 1 << 21;

  /** Parts begin at multiples of this, so that inner tiles stay whole. */
  private static final int TILE = 16;

  /** Elements of a matrix below which its product with a vector is not cut. */
  private static final int VECTOR_GRAIN = 1 << 18;

  /** Inner length from which a product of a small result is cut along it. */
  private static final int SPLIT_INNER = 4096;

  /** Elements of a result that counts as small. */
  private static final int SMALL_RESULT = 1 << 14;

  private final Parallel parallel;

  /** Partial sums of {@link #multiplyInParts}. */
  private Matrix partial;

  Blas(Parallel parallel) {
    this.parallel = parallel;
    // ND4J sets its own number when it is loaded: load it first.
    Nd4j.getBackend();
    blas_set_num_threads(1);
  }

  /** {@code c = alpha op(a) op(b) + beta c}, {@code c: m x n}, inner length {@code k}. */
  void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double alpha,
      Matrix a,
      Matrix b,
      double beta,
      Matrix c) {
    int left = transposeA ? CblasTrans : CblasNoTrans;
    int right = transposeB ? CblasTrans : CblasNoTrans;
    FloatPointer pa = a.pointer();
    FloatPointer pb = b.pointer();
    FloatPointer pc = c.pointer();
    int lda = a.columns();
    int ldb = b.columns();
    float scale = (float) alpha;
    float keep = (float) beta;
    if (m == 1) {
      multiplyVector(transposeB, n, k, scale, pa, b, keep, pc);
      return;
    }
    if (k >= SPLIT_INNER && (long) m * n <= SMALL_RESULT) {
      multiplyInParts(left, right, transposeA, transposeB, scale, a, b, keep, c, k);
      return;
    }
    boolean byRows = m >= n;
    int length = byRows ? m : n;
    int parts = (int) Math.min(PARTS, Math.max(1, (long) m * n * k / GRAIN));
    int step = parts == 1 ? length : ((length + parts - 1) / parts + TILE - 1) / TILE * TILE;
    int chunks = (length + step - 1) / step;
    if (chunks == 1) {
      cblas_sgemm(
          CblasRowMajor, left, right, m, n, k, scale, pa, lda, pb, ldb, keep, pc, c.columns());
      return;
    }
    parallel.run(
        chunks,
        (chunk, worker) -> {
          int from = chunk * step;
          int count = Math.min(step, length - from);
          if (byRows) {
            FloatPointer part = at(pa, transposeA ? from : (long) from * lda);
            FloatPointer out = at(pc, (long) from * n);
            cblas_sgemm(
                CblasRowMajor, left, right, count, n, k, scale, part, lda, pb, ldb, keep, out, n);
          } else {
            FloatPointer part = at(pb, transposeB ? (long) from * ldb : from);
            FloatPointer out = at(pc, from);
            cblas_sgemm(
                CblasRowMajor, left, right, m, count, k, scale, pa, lda, part, ldb, keep, out, n);
          }
        });
  }

  /** One row times a matrix, without the copies that a product of matrices makes. */
  private void multiplyVector(
      boolean transposeB,
      int n,
      int k,
      float scale,
      FloatPointer pa,
      Matrix b,
      float keep,
      FloatPointer pc) {
    FloatPointer pb = b.pointer();
    int ldb = b.columns();
    int chunks = (int) Math.min(PARTS, Math.max(1, (long) n * k / VECTOR_GRAIN));
    int step = ((n + chunks - 1) / chunks + TILE - 1) / TILE * TILE;
    parallel.run(
        (n + step - 1) / step,
        (chunk, worker) -> {
          int from = chunk * step;
          int count = Math.min(step, n - from);
          FloatPointer out = at(pc, from);
          if (transposeB) {
            FloatPointer part = at(pb, (long) from * ldb);
            cblas_sgemv(
                CblasRowMajor, CblasNoTrans, count, k, scale, part, ldb, pa, 1, keep, out, 1);
          } else {
            FloatPointer part = at(pb, from);
            cblas_sgemv(CblasRowMajor, CblasTrans, k, count, scale, part, ldb, pa, 1, keep, out, 1);
          }
        });
  }

  /**
   * A small result of a long inner length, such as the gradient of a weight over a batch: the inner
   * length is cut, and the parts are added in order.
   */
  private void multiplyInParts(
      int left,
      int right,
      boolean transposeA,
      boolean transposeB,
      float scale,
      Matrix a,
      Matrix b,
      float keep,
      Matrix c,
      int k) {
    int size = Math.toIntExact(c.size());
    if (partial == null) {
      partial = Matrix.allocate(DataType.FLOAT, PARTS, SMALL_RESULT);
    }
    FloatPointer pa = a.pointer();
    FloatPointer pb = b.pointer();
    FloatPointer pc = c.pointer();
    FloatPointer sums = partial.pointer();
    int step = (k + PARTS - 1) / PARTS;
    int lda = a.columns();
    int ldb = b.columns();
    int n = c.columns();
    parallel.run(
        PARTS,
        (chunk, worker) -> {
          int from = chunk * step;
          int count = Math.min(step, k - from);
          FloatPointer partA = at(pa, transposeA ? (long) from * lda : from);
          FloatPointer partB = at(pb, transposeB ? from : (long) from * ldb);
          FloatPointer out = chunk == 0 ? pc : at(sums, (long) chunk * SMALL_RESULT);
          float own = chunk == 0 ? keep : 0;
          cblas_sgemm(
              CblasRowMajor,
              left,
              right,
              c.rows(),
              n,
              count,
              scale,
              partA,
              lda,
              partB,
              ldb,
              own,
              out,
              n);
        });
    for (int chunk = 1; chunk < PARTS; chunk++) {
      RowMath.FASTEST.addScaled(c.bytes(), 0, partial.bytes(), 4 * chunk * SMALL_RESULT, 1, size);
    }
  }

  /**
   * One product on the calling thread: {@code c = op(a) op(b) + beta c}. Rows of each operand
   * follow each other without gaps.
   */
  static void multiplyAlone(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      FloatPointer a,
      FloatPointer b,
      float beta,
      FloatPointer c) {
    cblas_sgemm(
        CblasRowMajor,
        transposeA ? CblasTrans : CblasNoTrans,
        transposeB ? CblasTrans : CblasNoTrans,
        m,
        n,
        k,
        1,
        a,
        transposeA ? m : k,
        b,
        transposeB ? k : n,
        beta,
        c,
        n);
  }

  static FloatPointer at(FloatPointer start, long offset) {
    return start.getPointer(offset);
  }
}
