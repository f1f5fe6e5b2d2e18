package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Contrast of queries with the centroids of the keys' clusters, averaged over several clusterings.
 *
 * <pre>
 *   p_m = unit mean of the keys of cluster m, constant;  c(i) the cluster of row i
 *   loss = mean_t mean_i ( log sum_{m used} exp(&lt;q_i, p_m&gt; / phi_m) - &lt;q_i, p_c(i)&gt; / phi_c(i) )
 * </pre>
 *
 * @see Concentrations
 */
final class MeowPrototypes {

  /** Smallest share of tau that a concentration counts as: keeps logits finite in float32. */
  private static final double SMALLEST = 1e-6;

  private final Kernels kernels;
  private final Workspace workspace;
  private final ClusterMeans means;
  private final StopGradient stopGradient;
  private final double tau;

  MeowPrototypes(Kernels kernels, StopGradient stopGradient, double tau) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.means = new ClusterMeans(kernels);
    this.stopGradient = stopGradient;
    this.tau = tau;
  }

  /**
   * The loss; adds {@code scale} times its gradient to {@code gradientQ}.
   *
   * @param q unit rows
   * @param k unit rows
   * @param from index of each clustering's first cluster in {@code concentrations}
   * @param concentrations of all clusterings one after another: taken from here if {@code given},
   *     else written here; clusters without a member become 0
   */
  double evaluate(
      Matrix q,
      Matrix k,
      Clustering[] clusterings,
      int[] from,
      double[] concentrations,
      boolean given,
      double scale,
      Matrix gradientQ) {
    double[] all = concentrations.clone();
    Arrays.fill(concentrations, 0);
    double loss = 0;
    for (int t = 0; t < clusterings.length; t++) {
      Clustering clustering = clusterings[t];
      Matrix centroids = centroids(t, k, clustering);
      double[] phi =
          given
              ? select(all, from[t], clustering)
              : stopGradient.hold(
                  "concentrations" + t,
                  Concentrations.of(clustering, distances(k, centroids, clustering), tau));
      for (int c = 0; c < phi.length; c++) {
        concentrations[from[t] + clustering.id(c)] = phi[c];
        phi[c] = 1 / Math.max(phi[c], SMALLEST * tau);
      }
      Matrix factors = workspace.matrix("factors", phi.length, 1);
      kernels.write(phi, factors);
      kernels.scaleRowsInPlace(centroids, factors);

      Matrix logits = workspace.matrix("logits", q.rows(), phi.length);
      Matrix rowLoss = workspace.matrix("rowLoss", q.rows(), 1);
      kernels.multiplyByTransposed(q, centroids, 1, 0, logits);
      kernels.crossEntropyRowsInPlace(logits, clustering.members(), rowLoss);
      double share = 1.0 / (q.rows() * clusterings.length);
      loss += share * kernels.sum(rowLoss);
      kernels.multiply(logits, centroids, share * scale, 1, gradientQ);
    }
    return loss;
  }

  private Matrix centroids(int t, Matrix k, Clustering clustering) {
    Matrix mean = means.forward(k, clustering.members(), clustering.used());
    Matrix centroids = workspace.like("centroids", mean);
    kernels.normalizeRows(mean, centroids, workspace.matrix("norms", mean.rows(), 1));
    stopGradient.holdInPlace("centroids" + t, kernels, centroids);
    return centroids;
  }

  private double[] distances(Matrix k, Matrix centroids, Clustering clustering) {
    Matrix apart = workspace.like("apart", k);
    kernels.gatherRows(centroids, clustering.members(), k.rows(), apart);
    kernels.addInPlace(apart, -1, k);
    Matrix squares = workspace.matrix("squares", k.rows(), 1);
    kernels.rowDots(apart, apart, squares);
    double[] distances = new double[k.rows()];
    kernels.read(squares, distances);
    Arrays.setAll(distances, i -> Math.sqrt(distances[i]));
    return distances;
  }

  private static double[] select(double[] all, int from, Clustering clustering) {
    double[] phi = new double[clustering.used()];
    Arrays.setAll(phi, c -> all[from + clustering.id(c)]);
    return phi;
  }
}
