package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Products of chosen pairs of views, a block of {@code B x B} each, stacked one below the other:
 * row {@code p B + i} holds instance i of the first view of pair p against all of the second.
 */
final class ViewBlocks {

  /** One block; both views may be the same. */
  record Pair(int first, int second) {}

  private final Kernels kernels;
  private final Workspace workspace;
  private final Entries diagonal = new Entries();
  private List<Pair> pairs = List.of();
  private int batch;

  ViewBlocks(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  /** Every view with itself. */
  static List<Pair> own(int views) {
    List<Pair> pairs = new ArrayList<>();
    for (int v = 0; v < views; v++) {
      pairs.add(new Pair(v, v));
    }
    return pairs;
  }

  /** Every view with every later one. */
  static List<Pair> unordered(int views) {
    List<Pair> pairs = new ArrayList<>();
    for (int v = 0; v < views; v++) {
      for (int w = v + 1; w < views; w++) {
        pairs.add(new Pair(v, w));
      }
    }
    return pairs;
  }

  /** Every view with every other one. */
  static List<Pair> ordered(int views) {
    List<Pair> pairs = new ArrayList<>();
    for (int v = 0; v < views; v++) {
      for (int w = 0; w < views; w++) {
        if (v != w) {
          pairs.add(new Pair(v, w));
        }
      }
    }
    return pairs;
  }

  List<Pair> pairs() {
    return pairs;
  }

  /**
   * The blocks {@code scale z_first z_second^T}; they live until the next call.
   *
   * @param z views one below the other
   * @param rows rows of a view
   */
  Matrix products(List<Pair> chosen, Matrix z, int rows, double scale) {
    pairs = chosen;
    batch = rows;
    Matrix blocks = workspace.matrix("blocks", pairs.size() * batch, batch);
    for (int p = 0; p < pairs.size(); p++) {
      Matrix first = view(z, pairs.get(p).first());
      Matrix second = view(z, pairs.get(p).second());
      kernels.multiplyByTransposed(first, second, scale, 0, block(blocks, p));
    }
    return blocks;
  }

  /** Adds to {@code gradient}, the one of z, what {@code scale gradientBlocks} gives it. */
  void backward(Matrix gradientBlocks, Matrix z, double scale, Matrix gradient) {
    for (int p = 0; p < pairs.size(); p++) {
      int first = pairs.get(p).first();
      int second = pairs.get(p).second();
      Matrix block = block(gradientBlocks, p);
      kernels.multiply(block, view(z, second), scale, 1, view(gradient, first));
      kernels.multiplyTransposed(block, view(z, first), scale, 1, view(gradient, second));
    }
  }

  /** The entries of each instance with itself, in the order of the rows of all blocks. */
  double[] diagonal(Matrix blocks) {
    listDiagonal(0);
    return diagonal.readFrom(kernels, blocks);
  }

  /** Masks the entries of each instance with itself. */
  void maskDiagonal(Matrix blocks) {
    listDiagonal(Double.NEGATIVE_INFINITY);
    diagonal.addTo(kernels, blocks);
  }

  private void listDiagonal(double value) {
    diagonal.clear();
    for (int row = 0; row < pairs.size() * batch; row++) {
      diagonal.add(row, row % batch, value);
    }
  }

  Matrix block(Matrix blocks, int pair) {
    return blocks.rows(pair * batch, (pair + 1) * batch);
  }

  Matrix view(Matrix z, int index) {
    return z.rows(index * batch, (index + 1) * batch);
  }
}
