package dev.millrace.model.kernel;

import org.nd4j.linalg.api.buffer.DataType;

public class Nd4jKernels implements Kernels {
  final DataType type;

  public Nd4jKernels(DataType t) {
    type = t;
  }

  interface F {
    double at(int i, int j);
  }

  static double[][] v(Matrix x) {
    double[][] a = new double[x.rows()][x.columns()];
    for (int i = 0; i < a.length; i++) for (int j = 0; j < x.columns(); j++) a[i][j] = x.get(i, j);
    return a;
  }

  static void set(Matrix x, F f) {
    for (int i = 0; i < x.rows(); i++)
      for (int j = 0; j < x.columns(); j++) x.set(i, j, f.at(i, j));
  }

  static double dot(double[] a, double[] b) {
    double s = 0;
    for (int i = 0; i < a.length; i++) s += a[i] * b[i];
    return s;
  }

  static double lse(double[] a, int skip) {
    double m = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < a.length; j++) if (j != skip) m = Math.max(m, a[j]);
    if (m == Double.NEGATIVE_INFINITY) return m;
    double s = 0;
    for (int j = 0; j < a.length; j++) if (j != skip) s += Math.exp(a[j] - m);
    return m + Math.log(s);
  }

  static double f(Elementwise e, double x) {
    return switch (e) {
      case SOFTPLUS -> x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case LOG -> Math.log(x);
      case EXP -> Math.exp(x);
      default -> throw new UnsupportedOperationException();
    };
  }

  static void mm(
      double[][] a, double[][] b, boolean ta, boolean tb, double al, double be, Matrix c) {
    double[][] o = v(c);
    int k = ta ? a.length : (a.length == 0 ? 0 : a[0].length);
    set(
        c,
        (i, j) -> {
          double s = 0;
          for (int t = 0; t < k; t++) s += (ta ? a[t][i] : a[i][t]) * (tb ? b[j][t] : b[t][j]);
          return al * s + (be == 0 ? 0 : be * o[i][j]);
        });
  }

  public String description() {
    return type.toString();
  }

  public Matrix allocate(int rows, int columns) {
    return Matrix.allocate(type, rows, columns);
  }

  public Matrix of(int rows, int columns, double... values) {
    Matrix m = allocate(rows, columns);
    write(values, m);
    return m;
  }

  public void read(Matrix x, double[] out) {
    for (int i = 0; i < x.rows(); i++)
      for (int j = 0; j < x.columns(); j++) out[i * x.columns() + j] = x.get(i, j);
  }

  public void write(double[] values, Matrix out) {
    for (int i = 0; i < out.rows(); i++)
      for (int j = 0; j < out.columns(); j++) out.set(i, j, values[i * out.columns() + j]);
  }

  public void close() {}

  public void multiply(Matrix a, Matrix b, double alpha, double beta, Matrix c) {
    mm(v(a), v(b), false, false, alpha, beta, c);
  }

  public void multiplyByTransposed(Matrix a, Matrix b, double alpha, double beta, Matrix c) {
    mm(v(a), v(b), false, true, alpha, beta, c);
  }

  public void multiplyTransposed(Matrix a, Matrix b, double alpha, double beta, Matrix c) {
    mm(v(a), v(b), true, false, alpha, beta, c);
  }

  public void fillInPlace(Matrix x, double value) {
    set(x, (i, j) -> value);
  }

  public void copy(Matrix x, Matrix out) {
    double[][] a = v(x);
    set(out, (i, j) -> a[i][j]);
  }

  public void scaleInPlace(Matrix x, double factor) {
    double[][] a = v(x);
    set(x, (i, j) -> a[i][j] * factor);
  }

  public void addInPlace(Matrix y, double alpha, Matrix x) {
    double[][] a = v(x), b = v(y);
    set(y, (i, j) -> b[i][j] + alpha * a[i][j]);
  }

  public void addScalarInPlace(Matrix y, double alpha) {
    double[][] b = v(y);
    set(y, (i, j) -> b[i][j] + alpha);
  }

  public void hadamard(Matrix a, Matrix b, Matrix out) {
    double[][] x = v(a), y = v(b);
    set(out, (i, j) -> x[i][j] * y[i][j]);
  }

  public void apply(Elementwise function, Matrix x, Matrix out) {
    double[][] a = v(x);
    set(out, (i, j) -> f(function, a[i][j]));
  }

  public void applyBackward(Elementwise function, Matrix x, Matrix gradient, Matrix out) {
    throw new UnsupportedOperationException();
  }

  public void addAtInPlace(Matrix x, int[] rows, int[] columns, double[] values, int count) {
    for (int i = 0; i < count; i++)
      x.set(rows[i], columns[i], x.get(rows[i], columns[i]) + values[i]);
  }

  public void getAt(Matrix x, int[] rows, int[] columns, int count, double[] out) {
    for (int i = 0; i < count; i++) out[i] = x.get(rows[i], columns[i]);
  }

  public void dropout(Matrix x, double rate, long seed, Matrix out) {
    throw new UnsupportedOperationException();
  }

  public void addRowInPlace(Matrix x, Matrix row) {
    double[][] a = v(x), r = v(row);
    set(x, (i, j) -> a[i][j] + r[0][j]);
  }

  public void addColumnInPlace(Matrix x, Matrix column) {
    double[][] a = v(x), r = v(column);
    set(x, (i, j) -> a[i][j] + r[i][0]);
  }

  public void scaleRowsInPlace(Matrix x, Matrix column) {
    double[][] a = v(x), r = v(column);
    set(x, (i, j) -> a[i][j] * r[i][0]);
  }

  public void sumOfRows(Matrix x, double beta, Matrix out) {
    throw new UnsupportedOperationException();
  }

  public void rowSums(Matrix x, Matrix out) {
    double[][] a = v(x);
    set(out, (i, j) -> java.util.Arrays.stream(a[i]).sum());
  }

  public void rowDots(Matrix a, Matrix b, Matrix out) {
    double[][] x = v(a), y = v(b);
    set(out, (i, j) -> dot(x[i], y[i]));
  }

  public double sum(Matrix x) {
    double s = 0;
    for (double[] r : v(x)) for (double d : r) s += d;
    return s;
  }

  public void normalizeRows(Matrix x, Matrix normalized, Matrix norms) {
    double[][] a = v(x);
    set(norms, (i, j) -> Math.max(Math.sqrt(dot(a[i], a[i])), 1e-12));
    set(normalized, (i, j) -> a[i][j] / Math.max(Math.sqrt(dot(a[i], a[i])), 1e-12));
  }

  public void normalizeRowsBackward(Matrix normalized, Matrix norms, Matrix gradient, Matrix out) {
    double[][] n = v(normalized), g = v(gradient), m = v(norms);
    set(out, (i, j) -> (g[i][j] - n[i][j] * dot(n[i], g[i])) / m[i][0]);
  }

  public void logSumExpRows(Matrix x, Matrix out) {
    double[][] a = v(x);
    set(out, (i, j) -> lse(a[i], -1));
  }

  public void softmaxRowsInPlace(Matrix x, Matrix logSumExp) {
    double[][] a = v(x);
    double[] l = new double[a.length];
    for (int i = 0; i < l.length; i++) l[i] = lse(a[i], -1);
    set(x, (i, j) -> l[i] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(a[i][j] - l[i]));
    set(logSumExp, (i, j) -> l[i]);
  }

  public void crossEntropyRowsInPlace(Matrix x, int[] targets, Matrix rowLoss) {
    double[][] a = v(x);
    double[] L = new double[a.length], s = new double[a.length];
    for (int i = 0; i < L.length; i++) {
      double t = a[i][targets[i]];
      for (int j = 0; j < a[i].length; j++) a[i][j] -= t;
      L[i] = lse(a[i], targets[i]);
      s[i] = 1 / (1 + Math.exp(-L[i]));
    }
    set(
        x,
        (i, j) ->
            j == targets[i]
                ? -s[i]
                : L[i] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(a[i][j] - L[i]) * s[i]);
    set(rowLoss, (i, j) -> f(Elementwise.SOFTPLUS, L[i]));
  }

  public void gatherRows(Matrix table, int[] rows, int count, Matrix out) {
    throw new UnsupportedOperationException();
  }

  public void scatterAddRowsInPlace(Matrix table, int[] rows, int count, double alpha, Matrix x) {
    throw new UnsupportedOperationException();
  }

  public void layerNorm(
      Matrix x,
      Matrix weight,
      Matrix bias,
      double epsilon,
      Matrix normalized,
      Matrix inverseDeviation,
      Matrix out) {
    throw new UnsupportedOperationException();
  }

  public void layerNormBackward(
      Matrix normalized,
      Matrix inverseDeviation,
      Matrix weight,
      Matrix gradient,
      Matrix gradientX,
      Matrix gradientWeight,
      Matrix gradientBias) {
    throw new UnsupportedOperationException();
  }

  public void attention(
      Matrix query,
      Matrix key,
      Matrix value,
      PackedSegments segments,
      AttentionOptions options,
      Matrix probabilities,
      Matrix out) {
    throw new UnsupportedOperationException();
  }

  public void attentionBackward(
      Matrix query,
      Matrix key,
      Matrix value,
      PackedSegments segments,
      AttentionOptions options,
      Matrix probabilities,
      Matrix gradient,
      Matrix gradientQuery,
      Matrix gradientKey,
      Matrix gradientValue) {
    throw new UnsupportedOperationException();
  }

  public void adamInPlace(
      Matrix parameter, Matrix gradient, Matrix first, Matrix second, AdamStep step) {
    throw new UnsupportedOperationException();
  }

  public void adamRowsInPlace(
      Matrix table,
      int[] rows,
      int count,
      Matrix gradient,
      Matrix first,
      Matrix second,
      AdamStep step) {
    throw new UnsupportedOperationException();
  }
}
