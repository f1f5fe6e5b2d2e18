package dev.millrace.model.objective;

import java.util.Arrays;

/**
 * The attraction of CACR: every view of an instance is drawn to its other views, most of all to the
 * farthest of them.
 *
 * <pre>
 *   w_ivw = softmax over w of ( t+ d_ivw )
 *   loss = alpha mean_iv sum_w w_ivw d_ivw
 * </pre>
 *
 * <p>Distances stand as in {@link ViewDots}.
 */
final class CacrAttraction {

  private final StopGradient stopGradient;
  private final double temperature;
  private final double alpha;
  private final boolean detach;

  /**
   * Attraction with a weight.
   *
   * @param temperature t+
   * @param alpha the weight of the whole term
   * @param detach whether the weights of the distances are constants
   */
  CacrAttraction(StopGradient stopGradient, double temperature, double alpha, boolean detach) {
    this.stopGradient = stopGradient;
    this.temperature = temperature;
    this.alpha = alpha;
    this.detach = detach;
  }

  /** The loss; replaces the distances by its gradient at them. 0 for a single view. */
  double evaluate(double[] distance, int views, int batch) {
    double[] weight = weights(distance, views, batch);
    if (detach) {
      weight = stopGradient.hold("attractionWeights", weight);
    }
    double[] mean = new double[views * batch];
    for (int row = 0; row < distance.length; row++) {
      mean[anchor(row, views, batch)] += weight[row] * distance[row];
    }
    double scale = alpha / (views * batch);
    for (int row = 0; row < distance.length; row++) {
      double slope =
          detach ? 1 : 1 + temperature * (distance[row] - mean[anchor(row, views, batch)]);
      distance[row] = scale * weight[row] * slope;
    }
    return scale * Arrays.stream(mean).sum();
  }

  private double[] weights(double[] distance, int views, int batch) {
    double[] weight = new double[distance.length];
    int length = (views - 1) * batch;
    for (int v = 0; v < views; v++) {
      double[] logits = new double[length];
      for (int row = 0; row < length; row++) {
        logits[row] = temperature * distance[v * length + row];
      }
      double[] logSum = LogSums.over(logits, views - 1, batch);
      for (int row = 0; row < length; row++) {
        weight[v * length + row] = LogSums.share(logits[row], logSum[row % batch]);
      }
    }
    return weight;
  }

  private static int anchor(int row, int views, int batch) {
    return row / ((views - 1) * batch) * batch + row % batch;
  }
}
