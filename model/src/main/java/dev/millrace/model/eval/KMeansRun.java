package dev.millrace.model.eval;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;

/** One start of {@link KMeans}: seeds, then assignments and means in turn. */
final class KMeansRun {

  /** Rows whose products with the centres are in memory at one time. */
  private static final int BLOCK = 1024;

  private final Kernels kernels;
  private final Matrix rows;
  private final int n;
  private final int width;
  private final int clusters;
  private final double[] elements;
  private final double[] squares;
  private final double[] distances;
  private final double[] centres;
  private final Matrix centreRows;
  private final Matrix products;
  private final double[] block;
  private int[] assignment;
  private double inertia;

  KMeansRun(Kernels kernels, Matrix rows, int clusters) {
    this.kernels = kernels;
    this.rows = rows;
    this.n = rows.rows();
    this.width = rows.columns();
    this.clusters = clusters;
    this.elements = new double[Math.toIntExact(rows.size())];
    rows.copyTo(elements, 0);
    this.squares = new double[n];
    for (int i = 0; i < n; i++) {
      squares[i] = dot(elements, i, elements, i);
    }
    this.distances = new double[n];
    this.centres = new double[clusters * width];
    this.centreRows = kernels.allocate(clusters, width);
    this.products = kernels.allocate(Math.min(BLOCK, n), clusters);
    this.block = new double[Math.toIntExact(products.size())];
  }

  /** Draws new centres. */
  void seed(SeededRandom random) {
    assignment = new int[n];
    Arrays.fill(assignment, -1);
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    for (int k = 0; k < clusters; k++) {
      int row = k == 0 ? random.nextInt(n) : drawByDistance(random);
      System.arraycopy(elements, row * width, centres, k * width, width);
      double square = dot(centres, k, centres, k);
      for (int i = 0; i < n; i++) {
        double distance = squares[i] - 2 * dot(elements, i, centres, k) + square;
        distances[i] = Math.min(distances[i], Math.max(0, distance));
      }
    }
  }

  private int drawByDistance(SeededRandom random) {
    double sum = 0;
    for (double distance : distances) {
      sum += distance;
    }
    double left = random.nextDouble() * sum;
    for (int i = 0; i < n; i++) {
      left -= distances[i];
      if (left < 0) {
        return i;
      }
    }
    // All rows are centres already, or rounding left something over.
    return random.nextInt(n);
  }

  /** Gives each row to its nearest centre; whether any changed. */
  boolean assign() {
    kernels.write(centres, centreRows);
    double[] halves = new double[clusters];
    for (int k = 0; k < clusters; k++) {
      halves[k] = dot(centres, k, centres, k) / 2;
    }
    boolean changed = false;
    inertia = 0;
    for (int from = 0; from < n; from += BLOCK) {
      int count = Math.min(BLOCK, n - from);
      Matrix part = products.head(count);
      kernels.multiplyByTransposed(rows.rows(from, from + count), centreRows, 1, 0, part);
      part.copyTo(block, 0);
      for (int i = 0; i < count; i++) {
        int nearest = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < clusters; k++) {
          double nearness = block[i * clusters + k] - halves[k];
          if (nearness > best) {
            best = nearness;
            nearest = k;
          }
        }
        distances[from + i] = Math.max(0, squares[from + i] - 2 * best);
        inertia += distances[from + i];
        changed |= assignment[from + i] != nearest;
        assignment[from + i] = nearest;
      }
    }
    return changed;
  }

  /** Moves each centre to the mean of its rows. */
  void moveCentres() {
    Arrays.fill(centres, 0);
    int[] counts = new int[clusters];
    for (int i = 0; i < n; i++) {
      counts[assignment[i]]++;
      int to = assignment[i] * width;
      for (int j = 0; j < width; j++) {
        centres[to + j] += elements[i * width + j];
      }
    }
    for (int k = 0; k < clusters; k++) {
      if (counts[k] == 0) {
        int row = farthest();
        distances[row] = 0;
        System.arraycopy(elements, row * width, centres, k * width, width);
      } else {
        for (int j = k * width; j < (k + 1) * width; j++) {
          centres[j] /= counts[k];
        }
      }
    }
  }

  private int farthest() {
    int row = 0;
    for (int i = 1; i < n; i++) {
      row = distances[i] > distances[row] ? i : row;
    }
    return row;
  }

  double inertia() {
    return inertia;
  }

  KMeans.Clusters result() {
    Matrix found = kernels.allocate(clusters, width);
    kernels.write(centres, found);
    return new KMeans.Clusters(assignment.clone(), found, inertia);
  }

  private double dot(double[] a, int row, double[] b, int other) {
    double sum = 0;
    for (int j = 0; j < width; j++) {
      sum += a[row * width + j] * b[other * width + j];
    }
    return sum;
  }
}
