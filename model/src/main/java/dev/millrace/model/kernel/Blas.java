package dev.millrace.model.kernel;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products by the BLAS that ND4J loads, one BLAS thread a call.
 *
 * <p>A large product is cut into up to {@value #PARTS} parts along the longer side of its result,
 * by shape alone, so that its bits do not depend on how many threads work on them.
 */
final class Blas {

  private static final int PARTS = 4;

  /** Multiply-adds below which a product is not cut. */
  private static final long GRAIN = 1 << 21;

  /** Parts begin at multiples of this, so that inner tiles stay whole. */
  private static final int TILE = 16;

  private final Parallel parallel;

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

  private static FloatPointer at(FloatPointer start, long offset) {
    return start.getPointer(offset);
  }
}
