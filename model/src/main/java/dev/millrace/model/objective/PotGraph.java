package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Normalised adjacency of two sampled views of a graph, and the interval of every entry when a node
 * of d edges loses at most {@code min(d - 1, round(rate d))} of them.
 *
 * <pre>
 *   view_ij = (a + 1)_ij / sqrt((d_i + 1) (d_j + 1)),  d of the view
 *   high_ij = (a + 1)_ij / sqrt((d_i + 1 - q_i) (d_j + 1 - q_j)),  low_ij = [i = j] / (d_i + 1)
 * </pre>
 */
final class PotGraph {

  private final Kernels kernels;
  private final Workspace workspace;
  private final HostRows host;
  private final double dropRate;
  private Matrix highest;
  private Matrix lowDiagonal;

  PotGraph(Kernels kernels, double dropRate) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.host = new HostRows(kernels);
    this.dropRate = dropRate;
  }

  /** The normalised adjacency of a view, {@code n x n}. */
  Matrix view(String name, int[] adjacency, int nodes) {
    double[] scale = new double[nodes];
    int[] degrees = degrees(adjacency, nodes);
    Arrays.setAll(scale, i -> 1 / Math.sqrt(degrees[i] + 1));
    return normalised(name, adjacency, scale);
  }

  /** Sets the intervals. */
  void bind(int[] adjacency, int nodes) {
    int[] degrees = degrees(adjacency, nodes);
    double[] scale = new double[nodes];
    double[] unchanged = new double[nodes];
    for (int i = 0; i < nodes; i++) {
      double lost = Math.min(Math.max(degrees[i] - 1, 0), Math.rint(dropRate * degrees[i]));
      scale[i] = 1 / Math.sqrt(degrees[i] + 1 - lost);
      unchanged[i] = 1.0 / (degrees[i] + 1);
    }
    highest = normalised("high", adjacency, scale);
    lowDiagonal = workspace.matrix("low", nodes, 1);
    kernels.write(unchanged, lowDiagonal);
  }

  private Matrix normalised(String name, int[] adjacency, double[] scale) {
    int nodes = scale.length;
    Matrix out = workspace.matrix(name, nodes, nodes);
    host.fill(out, (i, j) -> (adjacency[i * nodes + j] + (i == j ? 1 : 0)) * scale[i] * scale[j]);
    return out;
  }

  private static int[] degrees(int[] adjacency, int nodes) {
    int[] degrees = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      for (int j = 0; j < nodes; j++) {
        degrees[i] += adjacency[i * nodes + j];
      }
    }
    return degrees;
  }

  /**
   * Smallest and largest value of the graph times x over all admissible graphs, entry by entry.
   *
   * @param low lower end of the interval of x
   * @param high its upper end
   */
  void bounds(Matrix low, Matrix high, Matrix smallest, Matrix largest) {
    Matrix positive = workspace.like("positive", low);
    Matrix negative = workspace.like("negative", low);
    LeakyRelu.split(kernels, low, positive, negative);
    bound(negative, positive, smallest);
    LeakyRelu.split(kernels, high, positive, negative);
    bound(positive, negative, largest);
  }

  private void bound(Matrix timesHigh, Matrix timesLow, Matrix out) {
    kernels.multiply(highest, timesHigh, 1, 0, out);
    kernels.scaleRowsInPlace(timesLow, lowDiagonal);
    kernels.addInPlace(out, 1, timesLow);
  }

  /** Adds what {@link #bounds} passes back to the ends of the interval. */
  void addBoundsBackward(
      Matrix low,
      Matrix high,
      Matrix gradientSmallest,
      Matrix gradientLargest,
      Matrix gradientLow,
      Matrix gradientHigh) {
    addBackward(low, gradientSmallest, -1, gradientLow);
    addBackward(high, gradientLargest, 1, gradientHigh);
  }

  /** High entries pass on where {@code sign x} is above 0, low ones where it is below. */
  private void addBackward(Matrix x, Matrix gradient, double sign, Matrix gradientX) {
    Matrix signed = workspace.like("positive", x);
    kernels.copy(x, signed);
    kernels.scaleInPlace(signed, sign);
    Matrix passed = workspace.like("passed", x);
    Matrix throughHigh = workspace.like("throughHigh", x);
    kernels.multiplyTransposed(highest, gradient, 1, 0, throughHigh);
    kernels.applyBackward(Elementwise.RELU, signed, throughHigh, passed);
    kernels.addInPlace(gradientX, 1, passed);
    kernels.scaleInPlace(signed, -1);
    Matrix throughLow = workspace.like("throughLow", x);
    kernels.copy(gradient, throughLow);
    kernels.scaleRowsInPlace(throughLow, lowDiagonal);
    kernels.applyBackward(Elementwise.RELU, signed, throughLow, passed);
    kernels.addInPlace(gradientX, 1, passed);
  }
}
