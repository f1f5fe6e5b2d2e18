package dev.millrace.job.report;

import java.util.List;

/**
 * Embeddings on a plane. Without points given it is their first two principal components, found by
 * orthogonal iteration on the covariance matrix. Deterministic; the sign is fixed so that the
 * largest loading is positive.
 */
final class EmbeddingMap {

  private static final int SIZE = 520;
  private static final int MARGIN = 14;
  private static final int ITERATIONS = 60;

  /**
   * A point of the map.
   *
   * @param name shown when the pointer rests on it
   * @param vector its embedding
   * @param weight its importance: larger ones are drawn larger and darker
   */
  record Item(String name, float[] vector, double weight) {}

  private EmbeddingMap() {}

  static String svg(List<Item> items) {
    Svg svg = new Svg(SIZE, SIZE, "item embeddings, first two principal components");
    if (items.size() < 3) {
      return svg.text(SIZE / 2.0, SIZE / 2.0, "middle", "name", "fewer than three items").close();
    }
    double[][] points = project(items.stream().map(Item::vector).toList());
    Axis x = range(points, 0, MARGIN, SIZE - MARGIN);
    Axis y = range(points, 1, SIZE - MARGIN, MARGIN);
    double heaviest = items.stream().mapToDouble(Item::weight).max().orElse(1);
    for (int i = 0; i < points.length; i++) {
      double share = Math.sqrt(items.get(i).weight() / heaviest);
      svg.dot(
          x.pixel(points[i][0]),
          y.pixel(points[i][1]),
          1.6 + 5 * share,
          colour(share),
          0.35 + 0.5 * share,
          items.get(i).name());
    }
    return svg.close();
  }

  /**
   * Points that lie on a plane already, coloured by what they belong to.
   *
   * @param points two coordinates each
   * @param groups number of each point's group, -1 for none
   * @param names what is shown when the pointer rests on a point
   */
  static String svg(String title, double[][] points, int[] groups, List<String> names) {
    Svg svg = new Svg(SIZE, SIZE, title);
    Axis x = range(points, 0, MARGIN, SIZE - MARGIN);
    Axis y = range(points, 1, SIZE - MARGIN, MARGIN);
    for (int i = 0; i < points.length; i++) {
      svg.dot(
          x.pixel(points[i][0]),
          y.pixel(points[i][1]),
          3.2,
          groupColour(groups[i]),
          0.75,
          names.get(i));
    }
    return svg.close();
  }

  /** Hues a golden angle apart, so that neighbours in number are far apart in colour. */
  static String groupColour(int group) {
    return group < 0
        ? "#b0b7bf"
        : String.format(
            java.util.Locale.ROOT,
            "hsl(%.0f %d%% %d%%)",
            group * 137.508 % 360,
            group % 2 == 0 ? 70 : 55,
            42 + 8 * (group % 3));
  }

  /** Centred rows onto the two leading eigenvectors of their covariance. */
  static double[][] project(List<float[]> items) {
    int width = items.get(0).length;
    double[] mean = new double[width];
    for (float[] item : items) {
      for (int j = 0; j < width; j++) {
        mean[j] += item[j] / (double) items.size();
      }
    }
    double[][] covariance = new double[width][width];
    for (float[] item : items) {
      for (int j = 0; j < width; j++) {
        for (int k = 0; k < width; k++) {
          covariance[j][k] += (item[j] - mean[j]) * (item[k] - mean[k]);
        }
      }
    }
    double[] first = leading(covariance, null);
    double[] second = leading(covariance, first);
    double[][] points = new double[items.size()][2];
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < width; j++) {
        double value = items.get(i)[j] - mean[j];
        points[i][0] += value * first[j];
        points[i][1] += value * second[j];
      }
    }
    return points;
  }

  private static double[] leading(double[][] covariance, double[] orthogonalTo) {
    int width = covariance.length;
    double[] vector = new double[width];
    for (int i = 0; i < width; i++) {
      vector[i] = 1 + 0.37 * ((i * 7) % 5);
    }
    for (int step = 0; step < ITERATIONS; step++) {
      double[] next = new double[width];
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          next[i] += covariance[i][j] * vector[j];
        }
      }
      if (orthogonalTo != null) {
        double along = dot(next, orthogonalTo);
        for (int i = 0; i < width; i++) {
          next[i] -= along * orthogonalTo[i];
        }
      }
      double norm = Math.sqrt(dot(next, next));
      if (norm < 1e-300) {
        return vector;
      }
      for (int i = 0; i < width; i++) {
        vector[i] = next[i] / norm;
      }
    }
    int largest = 0;
    for (int i = 1; i < width; i++) {
      largest = Math.abs(vector[i]) > Math.abs(vector[largest]) ? i : largest;
    }
    if (vector[largest] < 0) {
      for (int i = 0; i < width; i++) {
        vector[i] = -vector[i];
      }
    }
    return vector;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The middle 99 % of the points, so that one outlier does not press all others into a dot. */
  private static Axis range(double[][] points, int component, double from, double to) {
    double[] values = new double[points.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = points[i][component];
    }
    java.util.Arrays.sort(values);
    int cut = values.length / 200;
    return Axis.covering(values[cut], values[values.length - 1 - cut], from, to);
  }

  /** From a light blue for the rare to the model's orange for the popular. */
  private static String colour(double share) {
    int red = (int) (86 + (213 - 86) * share);
    int green = (int) (180 + (94 - 180) * share);
    int blue = (int) (233 * (1 - share));
    return String.format(java.util.Locale.ROOT, "#%02x%02x%02x", red, green, blue);
  }
}
