package dev.millrace.model.eval;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;

/**
 * Classifies rows by the rows of a gallery that point in the most similar directions.
 *
 * <p>The class {@code c} of query {@code q} is the one with the largest {@code sum_(i: y_i = c)
 * exp(<q, x_i> / temperature)} over the {@code k} neighbours {@code x_i} of largest cosine, all
 * rows at unit length. Of equal cosines the later gallery row is taken, of equal sums the lower
 * class. Cosines come from products of blocks of queries with the whole gallery.
 *
 * <p>Wu et al., Unsupervised feature learning via non-parametric instance discrimination, CVPR
 * 2018, section 3.4; {@code k = 200} and temperature .1 here.
 */
public final class NeighbourClassifier {

  /** Neighbours of {@link #NeighbourClassifier(Kernels)}. */
  public static final int NEIGHBOURS = 200;

  /** Temperature of {@link #NeighbourClassifier(Kernels)}. */
  public static final double TEMPERATURE = 0.1;

  /** Products of one block of queries with the gallery, in elements: 32 MiB of floats. */
  private static final int BLOCK_ELEMENTS = 1 << 23;

  private final Kernels kernels;
  private final NeighbourVote vote;

  /** The usual 200 neighbours at temperature .1. */
  public NeighbourClassifier(Kernels kernels) {
    this(kernels, NEIGHBOURS, TEMPERATURE);
  }

  /**
   * @param neighbours how many vote, at least 1; a smaller gallery votes as a whole
   * @param temperature of the votes, above 0
   */
  public NeighbourClassifier(Kernels kernels, int neighbours, double temperature) {
    this.kernels = kernels;
    this.vote = new NeighbourVote(neighbours, temperature);
  }

  /**
   * The class of each query.
   *
   * @param gallery {@code n x d}, any lengths of rows
   * @param classes class of each gallery row, from 0
   * @param queries {@code m x d}
   * @throws IllegalArgumentException if the gallery is empty, a class is negative, a cosine is not
   *     a number or shapes do not fit
   */
  public int[] classify(Matrix gallery, int[] classes, Matrix queries) {
    if (gallery.rows() < 1 || gallery.rows() != classes.length) {
      throw new IllegalArgumentException(
          "a gallery of " + gallery.shape() + " with " + classes.length + " classes");
    }
    Matrix units = unitRows(gallery);
    Matrix unitQueries = unitRows(queries);
    int n = gallery.rows();
    int step = Math.max(1, Math.min(queries.rows(), BLOCK_ELEMENTS / n));
    RowBuffer products = new RowBuffer(kernels, n);
    float[] cosines = new float[n];
    int[] found = new int[queries.rows()];
    for (int from = 0; from < queries.rows(); from += step) {
      int to = Math.min(queries.rows(), from + step);
      Matrix block = products.rows(to - from);
      kernels.multiplyByTransposed(unitQueries.rows(from, to), units, 1, 0, block);
      for (int i = from; i < to; i++) {
        block.rows(i - from, i - from + 1).copyTo(cosines, 0);
        found[i] = vote.winner(cosines, classes, n);
      }
    }
    return found;
  }

  /** Part of the queries whose class is found; parameters as in {@link #classify}. */
  public double accuracy(Matrix gallery, int[] classes, Matrix queries, int[] queryClasses) {
    if (queries.rows() < 1 || queries.rows() != queryClasses.length) {
      throw new IllegalArgumentException(
          "queries of " + queries.shape() + " with " + queryClasses.length + " classes");
    }
    int[] found = classify(gallery, classes, queries);
    int right = 0;
    for (int i = 0; i < found.length; i++) {
      right += found[i] == queryClasses[i] ? 1 : 0;
    }
    return (double) right / found.length;
  }

  private Matrix unitRows(Matrix rows) {
    Matrix unit = kernels.allocate(rows.rows(), rows.columns());
    kernels.normalizeRows(rows, unit, kernels.allocate(rows.rows(), 1));
    return unit;
  }
}
