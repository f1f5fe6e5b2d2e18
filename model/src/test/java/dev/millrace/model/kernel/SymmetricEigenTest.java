package dev.millrace.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;

class SymmetricEigenTest {

  @Test
  void findsTheEigenvaluesOfASmallMatrixByHand() {
    // (2 1; 1 2): 3 with (1, 1) / sqrt 2 and 1 with (1, -1) / sqrt 2.
    SymmetricEigen.Pairs pairs = SymmetricEigen.largest(new double[] {2, 1, 1, 2}, 2, 2);

    double half = Math.sqrt(0.5);
    assertThat(pairs.values()).containsExactly(new double[] {3, 1}, within(1e-14));
    assertThat(pairs.vectors()[0]).isCloseTo(half, within(1e-14));
    assertThat(pairs.vectors()[1]).isCloseTo(half, within(1e-14));
    assertThat(pairs.vectors()[2] * pairs.vectors()[3]).isCloseTo(-0.5, within(1e-14));
  }

  @Test
  void theEntryOfLargestMagnitudeIsPositive() {
    double[] matrix = {1, 0, 0, 0, 5, -4, 0, -4, 9};

    SymmetricEigen.Pairs pairs = SymmetricEigen.largest(matrix, 3, 3);

    for (int i = 0; i < 3; i++) {
      double largest = 0;
      for (int j = 0; j < 3; j++) {
        double entry = pairs.vectors()[3 * i + j];
        largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
      }
      assertThat(largest).isPositive();
    }
  }

  @Test
  void solvesTheOrdinaryProblem() {
    int n = 60;
    double[] a = symmetric(n, 3, 0);

    SymmetricEigen.Pairs pairs = SymmetricEigen.largest(a, n, 20);

    double[] identity = new double[n * n];
    for (int i = 0; i < n; i++) {
      identity[i * n + i] = 1;
    }
    assertSolves(a, identity, n, pairs, 20);
  }

  @Test
  void solvesTheGeneralisedProblem() {
    int n = 60;
    double[] a = symmetric(n, 4, 0);
    double[] b = symmetric(n, 5, 2 * n);

    assertSolves(a, b, n, SymmetricEigen.largestGeneralised(a, b, n, 20), 20);
  }

  @Test
  void leavesItsArgumentsAndOneBlasThreadAsTheyWere() {
    double[] a = symmetric(40, 6, 0);
    double[] b = symmetric(40, 7, 80);
    double[] copyOfA = a.clone();
    double[] copyOfB = b.clone();

    SymmetricEigen.Pairs first = SymmetricEigen.largestGeneralised(a, b, 40, 7);
    SymmetricEigen.Pairs again = SymmetricEigen.largestGeneralised(a, b, 40, 7);

    assertThat(a).isEqualTo(copyOfA);
    assertThat(b).isEqualTo(copyOfB);
    assertThat(again.vectors()).isEqualTo(first.vectors());
    assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);
  }

  @Test
  void refusesWhatHasNoSolution() {
    double[] indefinite = {1, 2, 2, 1};
    double[] notFinite = {1, 0, 0, Double.NaN};

    assertThatThrownBy(() -> SymmetricEigen.largestGeneralised(indefinite, indefinite, 2, 1))
        .hasMessageContaining("not positive definite")
        .hasMessageContaining("order 2");
    assertThatThrownBy(() -> SymmetricEigen.largest(notFinite, 2, 1))
        .hasMessageContaining("NaN in row 1, column 1");
    assertThatThrownBy(() -> SymmetricEigen.largest(indefinite, 2, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertSolves(
      double[] a, double[] b, int n, SymmetricEigen.Pairs pairs, int count) {
    for (int k = 0; k < count; k++) {
      double[] x = java.util.Arrays.copyOfRange(pairs.vectors(), k * n, (k + 1) * n);
      assertThat(form(x, b, x, n)).isCloseTo(1, within(1e-10));
      for (int i = 0; i < n; i++) {
        double left = 0;
        double right = 0;
        for (int j = 0; j < n; j++) {
          left += a[i * n + j] * x[j];
          right += b[i * n + j] * x[j];
        }
        assertThat(left).isCloseTo(pairs.values()[k] * right, within(1e-10));
      }
      if (k > 0) {
        double[] previous = java.util.Arrays.copyOfRange(pairs.vectors(), (k - 1) * n, k * n);
        assertThat(form(previous, b, x, n)).isCloseTo(0, within(1e-10));
        assertThat(pairs.values()[k]).isLessThanOrEqualTo(pairs.values()[k - 1]);
      }
    }
  }

  private static double form(double[] x, double[] b, double[] y, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        sum += x[i] * b[i * n + j] * y[j];
      }
    }
    return sum;
  }

  /** Random and symmetric, with something added to the diagonal. */
  private static double[] symmetric(int n, long seed, double diagonal) {
    SeededRandom random = new SeededRandom(seed);
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i * n + j] = random.nextGaussian();
        matrix[j * n + i] = matrix[i * n + j];
      }
      matrix[i * n + i] += diagonal;
    }
    return matrix;
  }
}
