package dev.millrace.job.report;

import java.util.List;

/**
 * Places vectors on a plane so that those with a high cosine lie close together: exact t-SNE,
 * {@code min KL(p || q), p_ij = (p_j|i + p_i|j) / 2n, q_ij ~ 1 / (1 + |y_i - y_j|^2)}, where each
 * {@code p_j|i ~ exp(-beta_i (1 - cos_ij))} has the given perplexity.
 *
 * <p>An embedding that is whitened has the same variance in every direction, so that its principal
 * components show nothing; its neighbourhoods do. Deterministic: it starts from the principal
 * components. Time and memory grow with the square of the number of vectors; meant for some 1,500.
 *
 * <p>van der Maaten and Hinton, Visualizing Data using t-SNE, JMLR 2008, eq. 1 to 5 and section
 * 3.4.
 */
final class NeighbourLayout {

  private static final double PERPLEXITY = 25;
  private static final int ITERATIONS = 350;
  private static final int EXAGGERATED = 90;
  private static final double EXAGGERATION = 8;
  private static final double SMALLEST = 1e-12;

  private NeighbourLayout() {}

  /**
   * Two coordinates for each vector.
   *
   * @param vectors at least three, of one length
   */
  static double[][] project(List<float[]> vectors) {
    int count = vectors.size();
    double[][] affinity = affinities(vectors);
    double[][] at = EmbeddingMap.project(vectors);
    scaleInPlace(at);
    double[][] velocity = new double[count][2];
    double[][] gains = new double[count][2];
    for (double[] gain : gains) {
      java.util.Arrays.fill(gain, 1);
    }
    double[][] kernel = new double[count][count];
    double rate = Math.max(50, count / EXAGGERATION);
    for (int step = 0; step < ITERATIONS; step++) {
      boolean early = step < EXAGGERATED;
      double[][] gradient = gradient(affinity, at, kernel, early ? EXAGGERATION : 1);
      double momentum = early ? 0.5 : 0.8;
      for (int i = 0; i < count; i++) {
        for (int d = 0; d < 2; d++) {
          boolean same = gradient[i][d] > 0 == velocity[i][d] > 0;
          gains[i][d] = Math.max(0.01, same ? gains[i][d] * 0.8 : gains[i][d] + 0.2);
          velocity[i][d] = momentum * velocity[i][d] - rate * gains[i][d] * gradient[i][d];
          at[i][d] += velocity[i][d];
        }
      }
    }
    return at;
  }

  /** The standard deviation of the first coordinate becomes 1e-4, as the paper starts. */
  private static void scaleInPlace(double[][] points) {
    double squares = 0;
    for (double[] point : points) {
      squares += point[0] * point[0];
    }
    double scale = 1e-4 / Math.max(SMALLEST, Math.sqrt(squares / points.length));
    for (double[] point : points) {
      point[0] *= scale;
      point[1] *= scale;
    }
  }

  private static double[][] gradient(
      double[][] affinity, double[][] at, double[][] kernel, double exaggeration) {
    int count = at.length;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        double x = at[i][0] - at[j][0];
        double y = at[i][1] - at[j][1];
        kernel[i][j] = 1 / (1 + x * x + y * y);
        sum += 2 * kernel[i][j];
      }
    }
    double[][] gradient = new double[count][2];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        double pull = 4 * (exaggeration * affinity[i][j] - kernel[i][j] / sum) * kernel[i][j];
        double x = pull * (at[i][0] - at[j][0]);
        double y = pull * (at[i][1] - at[j][1]);
        gradient[i][0] += x;
        gradient[i][1] += y;
        gradient[j][0] -= x;
        gradient[j][1] -= y;
      }
    }
    return gradient;
  }

  /** Joint probabilities; only those below the diagonal are used. */
  private static double[][] affinities(List<float[]> vectors) {
    int count = vectors.size();
    double[][] distances = distances(vectors);
    double[][] joint = new double[count][count];
    double[] row = new double[count];
    double entropy = Math.log(Math.min(PERPLEXITY, (count - 1) / 3.0));
    for (int i = 0; i < count; i++) {
      fit(distances[i], i, entropy, row);
      for (int j = 0; j < count; j++) {
        joint[Math.max(i, j)][Math.min(i, j)] += row[j] / (2.0 * count);
      }
    }
    return joint;
  }

  /** Finds the precision at which the conditional probabilities have an entropy, by bisection. */
  private static void fit(double[] distances, int self, double entropy, double[] row) {
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double beta = 1;
    for (int step = 0; step < 60; step++) {
      double sum = 0;
      double weighted = 0;
      for (int j = 0; j < row.length; j++) {
        row[j] = j == self ? 0 : Math.exp(-beta * distances[j]);
        sum += row[j];
        weighted += row[j] * distances[j];
      }
      sum = Math.max(SMALLEST, sum);
      for (int j = 0; j < row.length; j++) {
        row[j] /= sum;
      }
      double difference = Math.log(sum) + beta * weighted / sum - entropy;
      if (Math.abs(difference) < 1e-4) {
        return;
      }
      if (difference > 0) {
        low = beta;
        beta = high == Double.POSITIVE_INFINITY ? beta * 2 : (beta + high) / 2;
      } else {
        high = beta;
        beta = (beta + low) / 2;
      }
    }
  }

  /** {@code 1 - cos}, less the nearest's of each row: a shift that the probabilities do not see. */
  private static double[][] distances(List<float[]> vectors) {
    int count = vectors.size();
    double[][] distances = new double[count][count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        float[] a = vectors.get(i);
        float[] b = vectors.get(j);
        float dot = 0;
        float squaresA = 0;
        float squaresB = 0;
        for (int d = 0; d < a.length; d++) {
          dot += a[d] * b[d];
          squaresA += a[d] * a[d];
          squaresB += b[d] * b[d];
        }
        double cosine =
            dot / Math.max(SMALLEST, Math.sqrt((double) squaresA) * Math.sqrt(squaresB));
        distances[i][j] = 1 - cosine;
        distances[j][i] = 1 - cosine;
      }
    }
    for (int i = 0; i < count; i++) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int j = 0; j < count; j++) {
        nearest = j == i ? nearest : Math.min(nearest, distances[i][j]);
      }
      for (int j = 0; j < count; j++) {
        distances[i][j] -= nearest;
      }
    }
    return distances;
  }
}
