package dev.millrace.model.sequential;

import java.util.Arrays;

/**
 * Finds the weights of a blend on the validation targets.
 *
 * <pre>
 *   score_i = w x_i;  loss = sum over users ( log sum_i exp score_i - score_target ) + |w|^2 / 2
 * </pre>
 *
 * <p>The loss is convex and its weights are few: Newton's method with the exact Hessian finds the
 * minimum in some ten passes over the users, without a rate or a random number. The small square
 * keeps a weight finite where no user speaks against it.
 */
final class BlendFit {

  /** Users that are enough for as few weights; evenly spaced among all. */
  private static final int USERS = 8_192;

  private static final BlendFeature[] FEATURES = BlendFeature.values();
  private static final int ITERATIONS = 12;
  private static final double TOLERANCE = 1e-5;

  private final LeaveOneOut split;
  private final BlendFeatures features;
  private final int count = FEATURES.length;
  private final int[] users;
  private final float[][] x;
  private final double[] probabilities;

  // What a pass over the users adds up.
  private double loss;
  private final double[] gradient = new double[count];
  private final double[][] hessian = new double[count][count];

  private BlendFit(LeaveOneOut split, BlendFeatures features) {
    this.split = split;
    this.features = features;
    int all = split.data().users();
    users = new int[Math.min(all, USERS)];
    for (int i = 0; i < users.length; i++) {
      users[i] = (int) ((long) i * all / users.length);
    }
    x = new float[count][features.columns()];
    probabilities = new double[features.columns()];
  }

  /**
   * The best weights for the validation targets.
   *
   * @param features of the validation stage
   */
  static double[] weights(LeaveOneOut split, BlendFeatures features) {
    return new BlendFit(split, features).run();
  }

  /** The loss that {@link #weights} makes least. */
  static double loss(LeaveOneOut split, BlendFeatures features, double[] weights) {
    BlendFit fit = new BlendFit(split, features);
    fit.evaluate(weights);
    return fit.loss;
  }

  private double[] run() {
    double[] weights = new double[count];
    weights[BlendFeature.NEURAL.ordinal()] = 1;
    evaluate(weights);
    for (int i = 0; i < ITERATIONS; i++) {
      double before = loss;
      double[] direction = solve();
      double[] from = weights;
      double step = 1;
      do {
        weights = from.clone();
        for (int f = 0; f < count; f++) {
          weights[f] -= step * direction[f];
        }
        evaluate(weights);
        step /= 2;
      } while (loss > before && step > 1e-3);
      if (loss > before) {
        return from;
      }
      if (before - loss < TOLERANCE * users.length) {
        break;
      }
    }
    return weights;
  }

  /** Loss, gradient and Hessian at the weights. */
  private void evaluate(double[] weights) {
    loss = 0;
    for (int f = 0; f < count; f++) {
      loss += weights[f] * weights[f] / 2;
      gradient[f] = weights[f];
      Arrays.fill(hessian[f], 0);
      hessian[f][f] = 1;
    }
    int[][] histories = new int[HistoryScorer.BATCH][];
    for (int from = 0; from < users.length; from += histories.length) {
      int size = Math.min(histories.length, users.length - from);
      for (int i = 0; i < size; i++) {
        histories[i] = split.history(LeaveOneOut.Target.VALIDATION, users[from + i]);
      }
      features.start(histories, size);
      for (int i = 0; i < size; i++) {
        features.write(histories[i], i, x);
        add(weights, split.target(LeaveOneOut.Target.VALIDATION, users[from + i]));
      }
    }
  }

  private void add(double[] weights, int target) {
    int columns = probabilities.length;
    Arrays.fill(probabilities, 0);
    for (int f = 0; f < count; f++) {
      for (int i = 0; i < length(f); i++) {
        int item = item(f, i);
        probabilities[item] += weights[f] * x[f][item];
      }
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int item = 1; item < columns; item++) {
      largest = Math.max(largest, probabilities[item]);
    }
    double own = probabilities[target];
    double sum = 0;
    for (int item = 1; item < columns; item++) {
      probabilities[item] = StrictMath.exp(probabilities[item] - largest);
      sum += probabilities[item];
    }
    loss += largest + StrictMath.log(sum) - own;
    for (int item = 1; item < columns; item++) {
      probabilities[item] /= sum;
    }
    addMoments(target);
  }

  /** Number of items for which a feature may differ from 0, and the i-th of them. */
  private int length(int feature) {
    return FEATURES[feature].isDense() ? probabilities.length - 1 : features.touchedCount();
  }

  private int item(int feature, int i) {
    return FEATURES[feature].isDense() ? i + 1 : features.touched()[i];
  }

  private void addMoments(int target) {
    double[] mean = new double[count];
    for (int f = 0; f < count; f++) {
      for (int i = 0; i < length(f); i++) {
        int item = item(f, i);
        mean[f] += probabilities[item] * x[f][item];
      }
      gradient[f] += mean[f] - x[f][target];
    }
    for (int f = 0; f < count; f++) {
      for (int g = f; g < count; g++) {
        int fewer = length(f) < length(g) ? f : g;
        double product = 0;
        for (int i = 0; i < length(fewer); i++) {
          int item = item(fewer, i);
          product += probabilities[item] * x[f][item] * x[g][item];
        }
        hessian[f][g] += product - mean[f] * mean[g];
      }
    }
  }

  /** The Newton direction, by Cholesky's decomposition of the upper triangle. */
  private double[] solve() {
    double[][] root = new double[count][count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j <= i; j++) {
        double value = hessian[j][i];
        for (int k = 0; k < j; k++) {
          value -= root[i][k] * root[j][k];
        }
        root[i][j] = i == j ? Math.sqrt(Math.max(value, 1e-9)) : value / root[j][j];
      }
    }
    double[] solution = gradient.clone();
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < i; k++) {
        solution[i] -= root[i][k] * solution[k];
      }
      solution[i] /= root[i][i];
    }
    for (int i = count - 1; i >= 0; i--) {
      for (int k = i + 1; k < count; k++) {
        solution[i] -= root[k][i] * solution[k];
      }
      solution[i] /= root[i][i];
    }
    return solution;
  }
}
