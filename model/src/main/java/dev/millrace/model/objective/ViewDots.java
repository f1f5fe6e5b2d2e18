package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Similarities of each instance in one view with itself in every other view: entry {@code p B + i}
 * is that of instance i in the pair of views {@code p = v (V - 1) + w'}, where w' counts the views
 * other than v.
 */
final class ViewDots {

  private final Kernels kernels;
  private final Workspace workspace;

  ViewDots(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  /** View w of the pair {@code v, w'}. */
  static int other(int view, int position) {
    return position < view ? position : position + 1;
  }

  /** Where the pair {@code w, v} stands if {@code p} is the pair {@code v, w'}. */
  static int reversed(int pair, int views) {
    int view = pair / (views - 1);
    int other = other(view, pair % (views - 1));
    return other * (views - 1) + (view < other ? view : view - 1);
  }

  /** {@code <a_iv, b_iw>} for all pairs of views; a and b are views of {@code batch} rows each. */
  double[] dots(Matrix a, Matrix b, int batch) {
    int views = a.rows() / batch;
    int pairs = views * (views - 1);
    Matrix dots = workspace.matrix("dots", pairs * batch, 1);
    for (int p = 0; p < pairs; p++) {
      kernels.rowDots(first(a, p, views, batch), second(b, p, views, batch), view(dots, p, batch));
    }
    double[] values = new double[pairs * batch];
    kernels.read(dots, values);
    return values;
  }

  /** {@code gradientA_iv += weight_ivw b_iw} for all pairs of views. */
  void backward(double[] weights, Matrix b, int batch, Matrix gradientA) {
    int views = b.rows() / batch;
    int pairs = views * (views - 1);
    Matrix columns = workspace.matrix("weights", pairs * batch, 1);
    kernels.write(weights, columns);
    Matrix weighted = workspace.matrix("weighted", batch, b.columns());
    for (int p = 0; p < pairs; p++) {
      kernels.copy(second(b, p, views, batch), weighted);
      kernels.scaleRowsInPlace(weighted, view(columns, p, batch));
      kernels.addInPlace(first(gradientA, p, views, batch), 1, weighted);
    }
  }

  private static Matrix first(Matrix x, int pair, int views, int batch) {
    return view(x, pair / (views - 1), batch);
  }

  private static Matrix second(Matrix x, int pair, int views, int batch) {
    return view(x, other(pair / (views - 1), pair % (views - 1)), batch);
  }

  private static Matrix view(Matrix x, int index, int batch) {
    return x.rows(index * batch, (index + 1) * batch);
  }
}
