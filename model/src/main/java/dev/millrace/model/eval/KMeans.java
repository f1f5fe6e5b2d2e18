package dev.millrace.model.eval;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;

/**
 * Clusters rows around means: what clusters found online are measured against.
 *
 * <p>Minimises {@code sum_i min_k |x_i - c_k|^2} from several seeded starts and keeps the best, the
 * first of several. Centres begin as rows drawn with a chance proportional to their squared
 * distance from the centres there are. A cluster that loses all its rows starts anew at the row
 * that is farthest from its centre. Distances come from products with all centres, means are summed
 * in double precision.
 *
 * <p>Lloyd, Least squares quantization in PCM, 1982; Arthur and Vassilvitskii, k-means++, SODA
 * 2007, section 2.2.
 */
public final class KMeans {

  private static final int LARGEST_ROUNDS = 100;

  private final Kernels kernels;
  private final int clusters;
  private final int restarts;

  /**
   * @param clusters at least 1
   * @param restarts how many starts, at least 1
   */
  public KMeans(Kernels kernels, int clusters, int restarts) {
    if (clusters < 1 || restarts < 1) {
      throw new IllegalArgumentException(
          "at least 1 cluster and 1 start, were " + clusters + " and " + restarts);
    }
    this.kernels = kernels;
    this.clusters = clusters;
    this.restarts = restarts;
  }

  /**
   * @param assignment cluster of each row
   * @param centres {@code clusters x d}
   * @param inertia sum of squared distances from the centres
   */
  @SuppressWarnings("ArrayRecordComponent") // a result that is moved on, never compared
  public record Clusters(int[] assignment, Matrix centres, double inertia) {}

  /**
   * Clusters the rows.
   *
   * @param rows {@code n x d}, {@code n} at least the number of clusters
   * @param random draws the starts
   */
  public Clusters cluster(Matrix rows, SeededRandom random) {
    if (rows.rows() < clusters) {
      throw new IllegalArgumentException(
          rows.rows() + " rows cannot make " + clusters + " clusters");
    }
    KMeansRun run = new KMeansRun(kernels, rows, clusters);
    Clusters best = null;
    for (int start = 0; start < restarts; start++) {
      run.seed(random);
      for (int round = 0; round < LARGEST_ROUNDS && run.assign(); round++) {
        run.moveCentres();
      }
      if (best == null || run.inertia() < best.inertia()) {
        best = run.result();
      }
    }
    return best;
  }
}
