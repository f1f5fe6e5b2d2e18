package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/** Mean of the rows of each cluster; the zero vector for a cluster without rows. */
final class ClusterMeans {

  private final Kernels kernels;
  private final Workspace workspace;
  private double[] inverse = new double[0];

  ClusterMeans(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  /**
   * The means, {@code clusters x D}; they live until the next call.
   *
   * @param members cluster of each row of {@code x}
   */
  Matrix forward(Matrix x, int[] members, int clusters) {
    Matrix means = workspace.zeros("means", clusters, x.columns());
    kernels.scatterAddRowsInPlace(means, members, x.rows(), 1, x);
    if (inverse.length < clusters) {
      inverse = new double[clusters];
    }
    Arrays.fill(inverse, 0);
    for (int member : members) {
      inverse[member]++;
    }
    for (int c = 0; c < clusters; c++) {
      inverse[c] = inverse[c] == 0 ? 0 : 1 / inverse[c];
    }
    Matrix factors = workspace.matrix("factors", clusters, 1);
    kernels.write(inverse, factors);
    kernels.scaleRowsInPlace(means, factors);
    return means;
  }
}
