package dev.millrace.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reductions, broadcasts, norms and softmax along rows. */
abstract class RowKernelsContract extends ElementKernelsContract {

  private static final double MASKED = Double.NEGATIVE_INFINITY;

  @ParameterizedTest
  @MethodSource("shapes")
  void vectorsAreBroadcastOverRowsAndColumns(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    Matrix x = normal(m, n, 1);
    Matrix row = normal(1, n, 1);
    Matrix column = normal(m, 1, 1);
    double[] a = values(x);
    double[] r = values(row);
    double[] c = values(column);
    kernels.addRowInPlace(x, row);
    expect(x, each(m * n, i -> a[i] + r[i % n]));
    kernels.addColumnInPlace(x, column);
    expect(x, each(m * n, i -> a[i] + r[i % n] + c[i / n]));
    kernels.scaleRowsInPlace(x, column);
    expect(x, each(m * n, i -> (a[i] + r[i % n] + c[i / n]) * c[i / n]));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void sumsRunOverRowsColumnsAndEverything(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    Matrix x = normal(m, n, 1);
    Matrix y = normal(m, n, 1);
    double[] a = values(x);
    double[] b = values(y);
    double[] sums = new double[m];
    double[] dots = new double[m];
    double[] columns = new double[n];
    double total = 0;
    for (int i = 0; i < m * n; i++) {
      sums[i / n] += a[i];
      dots[i / n] += a[i] * b[i];
      columns[i % n] += a[i];
      total += a[i];
    }
    Matrix column = garbage(m, 1);
    kernels.rowSums(x, column);
    expect(column, sums, n);
    kernels.rowDots(x, y, column);
    expect(column, dots, n);
    Matrix row = garbage(1, n);
    kernels.sumOfRows(x, 0, row);
    expect(row, columns, Math.max(1, m));
    kernels.sumOfRows(x, -0.5, row);
    expect(row, map(columns, v -> v / 2), Math.max(1, m));
    assertThat(kernels.sum(x)).isCloseTo(total, within(1e-9 * Math.max(1, m * n)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void largestEntriesAreFoundInRowsAndColumns(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    double[] data = normals(m * n, 1);
    for (int i = 0; i < data.length; i++) {
      // Coarse values, so that most maxima stand in several places; some rows are masked whole.
      data[i] = i / n % 5 == 3 ? MASKED : Math.rint(2 * data[i]);
    }
    Matrix x = of(m, n, data);
    int[] columns = new int[m];
    int[] rows = new int[n];
    for (int i = 0; i < m * n; i++) {
      if (data[i] > data[i / n * n + columns[i / n]]) {
        columns[i / n] = i % n;
      }
      if (data[i] > data[rows[i % n] * n + i % n]) {
        rows[i % n] = i / n;
      }
    }
    int[] found = new int[m];
    Arrays.fill(found, -1);
    kernels.argMaxRows(x, found);
    assertThat(found).isEqualTo(columns);
    if (m > 0) {
      int[] foundRows = new int[n];
      Arrays.fill(foundRows, -1);
      kernels.argMaxColumns(x, foundRows);
      assertThat(foundRows).isEqualTo(rows);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void rowsAreNormalisedForwardAndBackward(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    Matrix x = normal(m, n, 3);
    if (m > 1) {
      kernels.fillInPlace(x.rows(1, 2), 0);
    }
    Matrix gradient = normal(m, n, 1);
    double[] a = values(x);
    double[] g = values(gradient);
    double[] length = new double[m];
    double[] unit = new double[m * n];
    double[] back = new double[m * n];
    for (int i = 0; i < m; i++) {
      double squares = 0;
      for (int j = 0; j < n; j++) {
        squares += a[i * n + j] * a[i * n + j];
      }
      length[i] = Math.max(Math.sqrt(squares), 1e-12);
      double along = 0;
      for (int j = 0; j < n; j++) {
        unit[i * n + j] = a[i * n + j] / length[i];
        along += unit[i * n + j] * g[i * n + j];
      }
      for (int j = 0; j < n; j++) {
        back[i * n + j] = (g[i * n + j] - unit[i * n + j] * along) / length[i];
      }
    }
    Matrix normalized = garbage(m, n);
    Matrix norms = garbage(m, 1);
    Matrix out = garbage(m, n);
    kernels.normalizeRows(x, normalized, norms);
    expect(norms, length);
    expect(normalized, unit);
    kernels.normalizeRowsBackward(normalized, norms, gradient, out);
    for (int i = 0; i < m; i++) {
      double[] expected = Arrays.copyOfRange(back, i * n, (i + 1) * n);
      expect(out.rows(i, i + 1), expected, Math.max(1, 4 / length[i]));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void softmaxTakesMaskedAndLargeLogits(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    for (double deviation : new double[] {1, 100, 1e4}) {
      double[] logits = maskedLogits(m, n, deviation);
      Matrix x = of(m, n, logits);
      double[] a = values(x);
      double[] logSums = new double[m];
      double[] expected = new double[m * n];
      for (int i = 0; i < m; i++) {
        logSums[i] = logSumExp(a, i * n, n, -1);
        for (int j = 0; j < n; j++) {
          expected[i * n + j] = logSums[i] == MASKED ? 0 : Math.exp(a[i * n + j] - logSums[i]);
        }
      }
      Matrix out = garbage(m, 1);
      kernels.logSumExpRows(x, out);
      expect(out, logSums);
      expect(x, a);
      kernels.softmaxRowsInPlace(x, garbage(m, 1));
      expect(x, expected);
      for (int i = 0; i < m * n; i++) {
        if (a[i] == MASKED) {
          assertThat(values(x)[i]).isZero();
        }
      }
      kernels.softmaxRowsInPlace(of(m, n, logits), out);
      expect(out, logSums);
    }
  }

  /** Normal logits of which some are masked, in row 2 all and in row 3 all but the first. */
  private double[] maskedLogits(int m, int n, double deviation) {
    double[] logits = normals(m * n, deviation);
    for (int i = 0; i < logits.length; i++) {
      int row = i / n;
      if (row == 2 || (row == 3 && i % n > 0) || (row > 3 && random.nextInt(4) == 0)) {
        logits[i] = MASKED;
      }
    }
    return logits;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void crossEntropyIsExactWhereItIsTiny(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    for (double deviation : new double[] {1, 30}) {
      double[] logits = maskedLogits(m, n, deviation);
      int[] targets = new int[m];
      for (int i = 0; i < m; i++) {
        targets[i] = i == 3 ? 0 : random.nextInt(n);
        logits[i * n + targets[i]] = i == 5 ? 12 * deviation : random.nextGaussian();
      }
      Matrix x = of(m, n, logits);
      double[] a = values(x);
      Matrix loss = garbage(m, 1);
      kernels.crossEntropyRowsInPlace(x, targets, loss);
      double[] found = values(x);
      double[] losses = values(loss);
      for (int i = 0; i < m; i++) {
        double odds = logSumExp(a, i * n, n, targets[i]) - a[i * n + targets[i]];
        double share = 1 / (1 + Math.exp(-odds));
        expectRelative(losses[i], odds > 30 ? odds : Math.log1p(Math.exp(odds)), deviation);
        expectRelative(found[i * n + targets[i]], -share, deviation);
        for (int j = 0; j < n; j++) {
          if (j != targets[i]) {
            double others = logSumExp(a, i * n, n, targets[i]);
            double p = others == MASKED ? 0 : Math.exp(a[i * n + j] - others) * share;
            expectRelative(found[i * n + j], p, deviation);
          }
        }
      }
    }
  }

  /** Relative precision, which rounding of the logits limits, down to where floats end. */
  private void expectRelative(double actual, double expected, double deviation) {
    assertThat(actual)
        .isCloseTo(expected, within(4 * tolerance() * deviation * Math.abs(expected) + 1e-34));
  }

  private static double logSumExp(double[] a, int from, int n, int without) {
    double max = MASKED;
    for (int j = 0; j < n; j++) {
      max = j == without ? max : Math.max(max, a[from + j]);
    }
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += j == without || max == MASKED ? 0 : Math.exp(a[from + j] - max);
    }
    return max == MASKED ? MASKED : max + Math.log(sum);
  }

  @Test
  void rowsAreGatheredAndAddedBackAsOftenAsTheyAreNamed() {
    for (int n : new int[] {1, 16, 53}) {
      Matrix table = normal(40, n, 1);
      double[] t = values(table);
      int count = 300;
      int[] rows = new int[count + 3];
      for (int i = 0; i < count; i++) {
        rows[i] = i < 100 ? 7 : random.nextInt(40);
      }
      rows[count] = -5;
      Matrix out = garbage(count, n);
      kernels.gatherRows(table, rows, count, out);
      expect(out, each(count * n, i -> t[rows[i / n] * n + i % n]));
      Matrix x = normal(count, n, 1);
      double[] a = values(x);
      for (int i = 0; i < count * n; i++) {
        t[rows[i / n] * n + i % n] -= 0.3 * a[i];
      }
      kernels.scatterAddRowsInPlace(table, rows, count, -0.3, x);
      expect(table, t, 10);
      kernels.gatherRows(table, rows, 0, zeros(0, n));
      kernels.scatterAddRowsInPlace(table, rows, 0, 1, zeros(0, n));
      expect(table, t, 10);
    }
    assertThatThrownBy(() -> kernels.gatherRows(zeros(2, 2), new int[] {2}, 1, zeros(1, 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,3", "3,5,7,1", "2,40,33,2", "17,64,130,3", "16,300,64,1", "4,9,20,300"})
  void sumsOfSigmoidsAndTheirBackwardAreThoseOfEveryPair(int units, int m, int n, int scale) {
    Matrix a = normal(units, m, 3);
    Matrix b = normal(units, n, scale);
    Matrix w = normal(1, units, 1);
    Matrix g = normal(m, n, 1);
    double[] left = values(a);
    double[] right = values(b);
    double[] weights = values(w);
    double[] gradient = values(g);
    double[] sums = new double[m * n];
    Arrays.fill(sums, 0.7);
    double[] ofLeft = new double[units * m];
    double[] ofRight = new double[units * n];
    double[] ofWeights = new double[units];
    for (int i = 0; i < units * m * n; i++) {
      int h = i / (m * n);
      double argument = left[i / n] + right[h * n + i % n];
      double sigmoid = 1 / (1 + Math.exp(-argument));
      double e = Math.exp(-Math.abs(argument));
      double slope = e / ((1 + e) * (1 + e)) * weights[h] * gradient[i % (m * n)];
      sums[i % (m * n)] += weights[h] * sigmoid;
      ofLeft[i / n] += slope;
      ofRight[h * n + i % n] += slope;
      ofWeights[h] += gradient[i % (m * n)] * sigmoid;
    }
    Matrix out = garbage(m, n);
    kernels.sigmoidsOfSums(a, b, w, 0.7, out);
    expect(out, sums, 10);
    Matrix ofA = garbage(units, m);
    Matrix ofB = garbage(units, n);
    Matrix ofW = garbage(1, units);
    kernels.sigmoidsOfSumsBackward(a, b, w, g, ofA, ofB, ofW);
    expect(ofA, ofLeft, 10);
    expect(ofB, ofRight, 10);
    expect(ofW, ofWeights, 100);
    assertThatThrownBy(() -> kernels.sigmoidsOfSums(a, b, w, 0, zeros(m + 1, n)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> kernels.sigmoidsOfSums(a, b, zeros(1, units + 1), 0, out))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "4,3,9", "50,37,200", "9,128,1"})
  void featuresOfPairsAreDistancesAndProducts(int m, int n, int count) {
    Matrix x = normal(m, n, 1);
    int[] left = new int[count];
    int[] right = new int[count];
    for (int i = 0; i < count; i++) {
      left[i] = i % m;
      right[i] = (3 * i + 1) % m;
    }
    double[] v = values(x);
    Matrix distance = garbage(count, n);
    Matrix product = garbage(count, n);
    kernels.pairFeatures(x, left, right, count, distance, product);
    IntToDoubleFunction a = i -> v[left[i / n] * n + i % n];
    IntToDoubleFunction b = i -> v[right[i / n] * n + i % n];
    expect(distance, each(count * n, i -> Math.abs(a.applyAsDouble(i) - b.applyAsDouble(i))));
    expect(product, each(count * n, i -> a.applyAsDouble(i) * b.applyAsDouble(i)));
    Matrix ofDistance = normal(count, n, 1);
    Matrix ofProduct = normal(count, n, 1);
    double[] d = values(ofDistance);
    double[] p = values(ofProduct);
    kernels.pairFeaturesBackwardInPlace(x, left, right, count, ofDistance, ofProduct);
    IntToDoubleFunction signed = i -> Math.signum(a.applyAsDouble(i) - b.applyAsDouble(i)) * d[i];
    expect(ofDistance, each(count * n, i -> signed.applyAsDouble(i) + p[i] * b.applyAsDouble(i)));
    expect(ofProduct, each(count * n, i -> p[i] * a.applyAsDouble(i) - signed.applyAsDouble(i)));
    assertThatThrownBy(() -> kernels.pairFeatures(x, new int[] {m}, right, 1, distance, product))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "5,19,7", "300,67,400"})
  void sumsOfBagsAreSumsOverTheirRows(int m, int n, int bags) {
    Matrix table = normal(m, n, 1);
    double[] t = values(table);
    int[] starts = new int[bags + 1];
    for (int i = 0; i < bags; i++) {
      starts[i + 1] = starts[i] + i % 4;
    }
    int[] rows = new int[starts[bags]];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (7 * i + 2) % m;
    }
    double[] expected = new double[bags * n];
    for (int i = 0; i < bags; i++) {
      for (int at = starts[i]; at < starts[i + 1]; at++) {
        for (int j = 0; j < n; j++) {
          expected[i * n + j] += t[rows[at] * n + j];
        }
      }
    }
    Matrix out = garbage(bags, n);
    kernels.sumsOfBags(table, starts, rows, out);
    expect(out, expected);
    assertThatThrownBy(
            () -> kernels.sumsOfBags(table, new int[] {0, 1}, new int[] {m}, zeros(1, n)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> kernels.sumsOfBags(table, new int[] {1, 0}, new int[] {0}, zeros(1, n)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void layerNormIsExactForwardAndBackward(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    double epsilon = 1e-3;
    Matrix x = normal(m, n, 2);
    Matrix weight = normal(1, n, 1);
    Matrix bias = normal(1, n, 1);
    Matrix gradient = normal(m, n, 1);
    Matrix gradientWeight = normal(1, n, 1);
    Matrix gradientBias = normal(1, n, 1);
    double[] a = values(x);
    double[] w = values(weight);
    double[] b = values(bias);
    double[] g = values(gradient);
    double[] dw = values(gradientWeight);
    double[] db = values(gradientBias);
    double[] dx = new double[m * n];
    double[] y = new double[m * n];
    double[] unit = new double[m * n];
    double[] inverse = new double[m];
    for (int i = 0; i < m; i++) {
      int row = i * n;
      double mean = sum(each(n, j -> a[row + j] / n));
      double variance = sum(each(n, j -> (a[row + j] - mean) * (a[row + j] - mean) / n));
      double factor = 1 / Math.sqrt(variance + epsilon);
      inverse[i] = factor;
      for (int j = 0; j < n; j++) {
        unit[row + j] = (a[row + j] - mean) * factor;
        y[row + j] = unit[row + j] * w[j] + b[j];
        dw[j] += g[row + j] * unit[row + j];
        db[j] += g[row + j];
      }
      double meanG = sum(each(n, j -> g[row + j] * w[j] / n));
      double meanGx = sum(each(n, j -> g[row + j] * w[j] * unit[row + j] / n));
      for (int j = 0; j < n; j++) {
        dx[row + j] = factor * (g[row + j] * w[j] - meanG - unit[row + j] * meanGx);
      }
    }
    Matrix normalized = garbage(m, n);
    Matrix deviation = garbage(m, 1);
    Matrix out = garbage(m, n);
    kernels.layerNorm(x, weight, bias, epsilon, normalized, deviation, out);
    expect(normalized, unit);
    expect(deviation, inverse);
    expect(out, y);
    kernels.layerNormBackward(
        normalized, deviation, weight, gradient, out, gradientWeight, gradientBias);
    expect(out, dx, Math.max(4, largest(inverse)));
    expect(gradientWeight, dw, Math.max(4, m));
    expect(gradientBias, db, Math.max(4, m));
  }

  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
