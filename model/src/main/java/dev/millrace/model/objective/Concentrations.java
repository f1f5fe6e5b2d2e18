package dev.millrace.model.objective;

import java.util.Arrays;

/**
 * Temperature of each cluster of one clustering: small for a tight cluster of many members.
 *
 * <pre>
 *   d_m = mean distance of the members to their centroid / log(n_m + 10),  n_m &gt; 1
 *   clusters of one member take the largest d; all are clipped to the 10 to 90 percent quantiles
 *   phi_m = tau d_m / mean d
 * </pre>
 *
 * <p>Quantiles by linear interpolation. All clusters have {@code tau} if none has two members or
 * none has two members apart.
 *
 * <p>Li et al., Prototypical Contrastive Learning of Unsupervised Representations, ICLR 2021.
 */
final class Concentrations {

  private Concentrations() {}

  /**
   * Concentrations by number of the used cluster.
   *
   * @param distances of each row to its centroid
   */
  static double[] of(Clustering clustering, double[] distances, double tau) {
    int used = clustering.used();
    double[] density = new double[used];
    int[] members = clustering.members();
    for (int i = 0; i < members.length; i++) {
      density[members[i]] += distances[i];
    }
    double largest = -1;
    for (int c = 0; c < used; c++) {
      int size = clustering.size(c);
      if (size > 1) {
        density[c] /= size * Math.log(size + 10.0);
        largest = Math.max(largest, density[c]);
      }
    }
    for (int c = 0; c < used; c++) {
      if (clustering.size(c) == 1) {
        density[c] = largest < 0 ? 1 : largest;
      }
    }
    double[] sorted = density.clone();
    Arrays.sort(sorted);
    double low = quantile(sorted, 0.1);
    double high = quantile(sorted, 0.9);
    double mean = 0;
    for (int c = 0; c < used; c++) {
      density[c] = Math.min(Math.max(density[c], low), high);
      mean += density[c] / used;
    }
    for (int c = 0; c < used; c++) {
      density[c] = mean > 0 ? tau * density[c] / mean : tau;
    }
    return density;
  }

  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
