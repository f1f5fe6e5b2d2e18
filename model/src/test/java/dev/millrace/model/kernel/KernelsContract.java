package dev.millrace.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Everything that {@link Kernels} promises, against naive double precision; here attention and the
 * optimizers, the rest in the classes it extends.
 */
abstract class KernelsContract extends ConvKernelsContract {

  @ParameterizedTest
  @CsvSource({"1,8,0", "2,8,0", "2,10,0.3", "4,12,0.5", "1,1,0"})
  void attentionIsCausalWithinItsSegmentForwardAndBackward(int heads, int width, double rate) {
    NaiveAttention naive =
        new NaiveAttention(packed(), new AttentionOptions(heads, rate, 77), width);
    int queries = naive.segments.queries();
    int tokens = naive.segments.tokens();
    Matrix q = normal(queries, width, 1);
    Matrix k = normal(tokens, width, 1);
    Matrix v = normal(tokens, width, 1);
    Matrix g = normal(queries, width, 1);
    naive.run(values(q), values(k), values(v), values(g));
    Matrix probabilities = garbage(1, naive.probabilityCount() + 3);
    Matrix out = garbage(queries, width);
    kernels.attention(q, k, v, naive.segments, naive.options, probabilities, out);
    expect(out, naive.out, 4);
    Matrix dq = garbage(queries, width);
    Matrix dk = garbage(tokens, width);
    Matrix dv = garbage(tokens, width);
    kernels.attentionBackward(q, k, v, naive.segments, naive.options, probabilities, g, dq, dk, dv);
    expect(dq, naive.gradientQuery, 8);
    expect(dk, naive.gradientKey, 8);
    expect(dv, naive.gradientValue, 8);
  }

  @Test
  void attentionWithoutQueriesHasNoGradient() {
    PackedSegments none = new PackedSegments(new int[] {0, 3}, 1, new boolean[3], new int[0], 0);
    AttentionOptions options = new AttentionOptions(1, 0, 0);
    Matrix empty = zeros(0, 4);
    Matrix tokens = normal(3, 4, 1);
    Matrix dk = garbage(3, 4);
    Matrix dv = garbage(3, 4);
    kernels.attention(empty, tokens, tokens, none, options, zeros(1, 1), empty);
    kernels.attentionBackward(
        empty, tokens, tokens, none, options, zeros(1, 1), empty, zeros(0, 4), dk, dv);
    expect(dk, new double[12]);
    expect(dv, new double[12]);
  }

  /** Segments of 5, 1, 7, 2 and 40 tokens; the first's and fourth's first tokens are masked. */
  private static PackedSegments packed() {
    int[] offsets = {0, 5, 6, 13, 15, 55};
    boolean[] masked = new boolean[55];
    for (int token : new int[] {0, 1, 8, 13, 14, 30, 31, 54}) {
      masked[token] = true;
    }
    int[] queries = {0, 1, 2, 4, 6, 7, 12, 13, 14, 15, 29, 31, 53, 54, -1};
    return new PackedSegments(offsets, 5, masked, queries, 14);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "0.01,1", "0.01,1000"})
  void adamFollowsItsFormula(double decay, long number) {
    AdamStep step = new AdamStep(0.01, 0.9, 0.999, 1e-8, decay, number);
    for (int[] shape : shapes().toList()) {
      Matrix p = normal(shape[0], shape[1], 1);
      Matrix g = normal(shape[0], shape[1], 1);
      Matrix m = normal(shape[0], shape[1], 1);
      Matrix v = of(shape[0], shape[1], map(normals(shape[0] * shape[1], 1), Math::abs));
      double[][] expected = adam(values(p), values(g), values(m), values(v), step);
      kernels.adamInPlace(p, g, m, v, step);
      expect(p, expected[0], 40 * Math.max(1, largest(expected[0])));
      expect(m, expected[1]);
      expect(v, expected[2]);
    }
  }

  @Test
  void adamOfRowsLeavesOtherRowsAlone() {
    AdamStep step = new AdamStep(0.01, 0.9, 0.99, 1e-6, 0.1, 3);
    int n = 21;
    Matrix table = normal(12, n, 1);
    Matrix m = normal(12, n, 1);
    Matrix v = of(12, n, map(normals(12 * n, 1), Math::abs));
    int[] rows = {11, 0, 5, 3, 0};
    Matrix g = normal(4, n, 1);
    double[][] before = {values(table), values(m), values(v)};
    double[] dense = new double[12 * n];
    double[] given = values(g);
    for (int i = 0; i < 4; i++) {
      System.arraycopy(given, i * n, dense, rows[i] * n, n);
    }
    double[][] expected = adam(before[0], dense, before[1], before[2], step);
    kernels.adamRowsInPlace(table, rows, 4, g, m, v, step);
    Matrix[] found = {table, m, v};
    for (int part = 0; part < 3; part++) {
      for (int row = 0; row < 12; row++) {
        boolean named = row == 11 || row == 0 || row == 5 || row == 3;
        double[] want = named ? expected[part] : before[part];
        expect(
            found[part].rows(row, row + 1),
            Arrays.copyOfRange(want, row * n, (row + 1) * n),
            named ? 10 : 0);
      }
    }
    kernels.adamRowsInPlace(table, rows, 0, zeros(0, n), m, v, step);
  }

  private static double[][] adam(double[] p, double[] g, double[] m, double[] v, AdamStep step) {
    double[][] result = {p.clone(), m.clone(), v.clone()};
    double first = 1 - Math.pow(step.beta1(), step.step());
    double second = 1 - Math.pow(step.beta2(), step.step());
    for (int i = 0; i < p.length; i++) {
      double slope = g[i] + step.weightDecay() * p[i];
      result[1][i] = step.beta1() * m[i] + (1 - step.beta1()) * slope;
      result[2][i] = step.beta2() * v[i] + (1 - step.beta2()) * slope * slope;
      result[0][i] =
          p[i]
              - step.rate()
                  * (result[1][i] / first)
                  / (Math.sqrt(result[2][i] / second) + step.epsilon());
    }
    return result;
  }

  @Test
  void equalInputGivesEqualBits() {
    Matrix a = normal(300, 67, 1);
    Matrix b = normal(90, 67, 1);
    double[][] results = new double[3][];
    for (int run = 0; run < results.length; run++) {
      Matrix c = garbage(300, 90);
      kernels.multiplyByTransposed(a, b, 1, 0, c);
      kernels.softmaxRowsInPlace(c, garbage(300, 1));
      Matrix row = garbage(1, 90);
      kernels.sumOfRows(c, 0, row);
      results[run] = values(row);
    }
    assertThat(results[1]).isEqualTo(results[0]);
    assertThat(results[2]).isEqualTo(results[0]);
  }
}
