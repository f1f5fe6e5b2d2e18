package dev.millrace.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Products and what acts on single elements. */
abstract class ElementKernelsContract extends KernelsFixture {

  private static final double ROOT_2_PI = Math.sqrt(2 * Math.PI);

  @ParameterizedTest
  @CsvSource({"1,0", "1,1", "0.5,0", "-0.7,0.3"})
  void productsAreSumsOfProducts(double alpha, double beta) {
    int[][] sizes = {{1, 1, 1}, {1, 5, 1}, {3, 1, 4}, {1, 17, 19}, {23, 18, 1}, {70, 33, 65}};
    for (int[] size : sizes) {
      int m = size[0];
      int k = size[1];
      int n = size[2];
      for (int transposed = 0; transposed < 3; transposed++) {
        Matrix a = transposed == 1 ? normal(k, m, 1) : normal(m, k, 1);
        Matrix b = transposed == 2 ? normal(n, k, 1) : normal(k, n, 1);
        Matrix c = beta == 0 ? garbage(m, n) : normal(m, n, 1);
        double[] expected = product(a, b, transposed, alpha, beta, c, m, k, n);
        switch (transposed) {
          case 1 -> kernels.multiplyTransposed(a, b, alpha, beta, c);
          case 2 -> kernels.multiplyByTransposed(a, b, alpha, beta, c);
          default -> kernels.multiply(a, b, alpha, beta, c);
        }
        expect(c, expected);
      }
    }
  }

  private double[] product(
      Matrix a,
      Matrix b,
      int transposed,
      double alpha,
      double beta,
      Matrix c,
      int m,
      int k,
      int n) {
    double[] left = values(a);
    double[] right = values(b);
    double[] before = values(c);
    double[] expected = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int t = 0; t < k; t++) {
          sum +=
              left[transposed == 1 ? t * m + i : i * k + t]
                  * right[transposed == 2 ? j * k + t : t * n + j];
        }
        expected[i * n + j] = alpha * sum + (beta == 0 ? 0 : beta * before[i * n + j]);
      }
    }
    return expected;
  }

  @Test
  void aProductOverNoTermsIsBetaC() {
    Matrix c = normal(4, 3, 1);
    double[] half = map(values(c), v -> v / 2);
    kernels.multiplyTransposed(zeros(0, 4), zeros(0, 3), 1, 0.5, c);
    expect(c, half);
    kernels.multiplyTransposed(zeros(0, 4), zeros(0, 3), 1, 0, c);
    expect(c, new double[12]);
    kernels.multiply(zeros(0, 4), zeros(4, 3), 1, 0, zeros(0, 3));
    kernels.multiplyByTransposed(zeros(0, 4), zeros(3, 4), 1, 0, zeros(0, 3));
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    assertThatThrownBy(() -> kernels.multiply(zeros(2, 3), zeros(4, 5), 1, 0, zeros(2, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 x 3")
        .hasMessageContaining("4 x 5");
    assertThatThrownBy(() -> kernels.addInPlace(zeros(2, 3), 1, zeros(3, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 x 3")
        .hasMessageContaining("3 x 2");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void linearOperationsActOnEveryElement(int[] shape) {
    Matrix x = normal(shape[0], shape[1], 1);
    Matrix y = normal(shape[0], shape[1], 1);
    double[] a = values(x);
    double[] b = values(y);
    Matrix out = garbage(shape[0], shape[1]);
    kernels.hadamard(x, y, out);
    expect(out, each(a.length, i -> a[i] * b[i]));
    kernels.copy(x, out);
    expect(out, a);
    kernels.scaleInPlace(out, -0.75);
    expect(out, each(a.length, i -> -0.75 * a[i]));
    kernels.addInPlace(y, 0.5, x);
    expect(y, each(a.length, i -> b[i] + 0.5 * a[i]));
    kernels.addInPlace(y, 1, x);
    expect(y, each(a.length, i -> b[i] + 1.5 * a[i]));
    kernels.addScalarInPlace(y, 0.25);
    expect(y, each(a.length, i -> b[i] + 1.5 * a[i] + 0.25));
    kernels.fillInPlace(out, 3.5);
    expect(out, each(a.length, i -> 3.5));
    expect(x, a);
  }

  @ParameterizedTest
  @EnumSource
  void functionsAndTheirDerivativesAreExact(Elementwise function) {
    boolean positive =
        function == Elementwise.LOG
            || function == Elementwise.SQRT
            || function == Elementwise.RECIPROCAL;
    shapes()
        .forEach(
            shape -> {
              double[] drawn = normals(shape[0] * shape[1], 2);
              Matrix x =
                  of(shape[0], shape[1], positive ? map(drawn, v -> Math.abs(v) + 0.3) : drawn);
              Matrix gradient = normal(shape[0], shape[1], 1);
              double[] a = values(x);
              double[] g = values(gradient);
              Matrix out = garbage(shape[0], shape[1]);
              kernels.apply(function, x, out);
              expect(out, each(a.length, i -> value(function, a[i])));
              kernels.applyBackward(function, x, gradient, out);
              double[] slopes = each(a.length, i -> slope(function, a[i]) * g[i]);
              expect(out, slopes, Math.max(1, largest(slopes)));
              expect(x, a);
            });
  }

  @Test
  void functionsHoldAtTheirLimits() {
    double infinity = Double.POSITIVE_INFINITY;
    Matrix x = of(1, 5, -infinity, -200, 0, 200, 80);
    Matrix out = garbage(1, 5);
    kernels.apply(Elementwise.SOFTPLUS, x, out);
    expect(out, new double[] {0, 0, Math.log(2), 200, 80});
    kernels.apply(Elementwise.SIGMOID, x, out);
    expect(out, new double[] {0, 0, 0.5, 1, 1});
    Matrix three = garbage(1, 3);
    kernels.apply(Elementwise.GELU, of(1, 3, -40, 0, 40), three);
    expect(three, new double[] {0, 0, 40});
    kernels.apply(Elementwise.EXP, of(1, 3, -infinity, -1000, 0), three);
    assertThat(values(three)).containsExactly(0, 0, 1);
    kernels.apply(Elementwise.LOG, of(1, 3, 0, 1, Math.E), three);
    expect(three, new double[] {-infinity, 0, 1});
  }

  @Test
  void entriesAreAddedInOrderAndReadBack() {
    Matrix x = normal(9, 7, 1);
    double[] expected = values(x);
    int[] rows = {0, 8, 3, 3, 3, 0};
    int[] columns = {0, 6, 2, 2, 2, 1};
    double[] added = {1, 2, 0.5, 0.25, 4, Double.NEGATIVE_INFINITY};
    for (int i = 0; i < rows.length; i++) {
      expected[7 * rows[i] + columns[i]] += added[i];
    }
    kernels.addAtInPlace(x, rows, columns, added, 6);
    expect(x, expected);
    double[] read = new double[7];
    kernels.getAt(x, rows, columns, 6, read);
    double[] all = values(x);
    assertThat(read[6]).isZero();
    for (int i = 0; i < 6; i++) {
      assertThat(read[i]).isEqualTo(all[7 * rows[i] + columns[i]]);
    }
    assertThatThrownBy(() -> kernels.getAt(x, new int[] {9}, new int[] {0}, 1, read))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void largestEntriesOfARowComeInOrderAndTheFirstOfEqualsFirst(int[] shape) {
    int n = shape[1];
    Matrix x = normal(shape[0], n, 1);
    double[] rounded = Arrays.stream(values(x)).map(v -> Math.rint(2 * v) + 0.0).toArray();
    kernels.write(rounded, x);
    for (int count : new int[] {0, Math.min(3, n), n}) {
      int[] columns = new int[shape[0] * count + 1];
      kernels.largestInRows(x, count, columns);
      for (int i = 0; i < shape[0]; i++) {
        int row = i * n;
        int[] expected =
            IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> -rounded[row + j]))
                .mapToInt(Integer::intValue)
                .limit(count)
                .toArray();
        assertThat(Arrays.copyOfRange(columns, i * count, (i + 1) * count)).isEqualTo(expected);
      }
    }
    assertThatThrownBy(() -> kernels.largestInRows(x, n + 1, new int[1000 * n]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void dropoutKeepsWhatTheSharedMaskKeeps(int[] shape) {
    for (double rate : new double[] {0, 0.1, 0.5, 0.9}) {
      Matrix x = normal(shape[0], shape[1], 1);
      double[] a = values(x);
      long seed = random.nextLong();
      double[] expected =
          each(a.length, i -> DropoutMask.keeps(seed, i, rate) ? a[i] / (1 - rate) : 0);
      Matrix out = garbage(shape[0], shape[1]);
      kernels.dropout(x, rate, seed, out);
      expect(out, expected);
      kernels.dropout(x, rate, seed, x);
      assertThat(values(x)).isEqualTo(values(out));
    }
  }

  static double value(Elementwise function, double x) {
    return switch (function) {
      case GELU -> x * normalDistribution(x);
      case RELU -> Math.max(x, 0);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SOFTPLUS -> Math.log1p(Math.exp(x));
      case SQUARE -> x * x;
      case SQRT -> Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
    };
  }

  static double slope(Elementwise function, double x) {
    double sigmoid = 1 / (1 + Math.exp(-x));
    return switch (function) {
      case GELU -> normalDistribution(x) + x * Math.exp(-x * x / 2) / ROOT_2_PI;
      case RELU -> x > 0 ? 1 : 0;
      case SIGMOID -> sigmoid * (1 - sigmoid);
      case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
      case EXP -> Math.exp(x);
      case LOG -> 1 / x;
      case SOFTPLUS -> sigmoid;
      case SQUARE -> 2 * x;
      case SQRT -> 0.5 / Math.sqrt(x);
      case RECIPROCAL -> -1 / (x * x);
      case NEGATE -> -1;
      case ABS -> Math.signum(x);
    };
  }

  /** The density's integral from 0 by the Taylor series of erf, which converges everywhere. */
  private static double normalDistribution(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18; n++) {
      term *= x * x / (2 * n + 1);
      sum += term;
    }
    return 0.5 + Math.exp(-x * x / 2) / ROOT_2_PI * sum;
  }

  static double[] each(int count, IntToDoubleFunction function) {
    return IntStream.range(0, count).mapToDouble(function).toArray();
  }

  static double[] map(double[] values, DoubleUnaryOperator function) {
    return Arrays.stream(values).map(function).toArray();
  }
}
