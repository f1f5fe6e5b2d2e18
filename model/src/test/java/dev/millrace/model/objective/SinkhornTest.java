package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static dev.millrace.model.objective.ObjectiveFacts.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.reference.TestKernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SinkhornTest {

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void threeUsersAndFourPrototypesByHand() {
    assertThat(assign(0.05, 3, scores(A), 3))
        .containsExactly(
            new double[] {.503946, 0, 0, .496054, 0, .984580, 0, .015420, 0, 0, 1, 0},
            within(1e-6));
    assertThat(Arrays.copyOf(assign(0.05, 3, scores(B), 3), 8))
        .containsExactly(
            new double[] {.666531, .000006, .000002, .333461, .000189, .666605, 0, .333205},
            within(1e-6));
  }

  @Test
  void rowsPlacedBeforeTheBatchTakeTheirShare() {
    double[] c = scores(C);
    double[] a = scores(A);
    double[] stacked = new double[16];
    System.arraycopy(c, 0, stacked, 0, 4);
    System.arraycopy(a, 0, stacked, 4, 12);
    assertThat(assign(0.05, 3, stacked, 3))
        .containsExactly(
            new double[] {.218491, 0, .000001, .781508, 0, .991361, 0, .008639, 0, 0, 1, 0},
            within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"0.05,3", "0.05,60", "0.01,400", "0.5,1"})
  void rowsSumToOneAndColumnsTendToEqualShares(double epsilon, int iterations) {
    int rows = 30;
    double[] q = assign(epsilon, iterations, normals(rows * 4, 0.3), rows);
    double[] columns = new double[4];
    for (int i = 0; i < rows; i++) {
      assertThat(q[4 * i] + q[4 * i + 1] + q[4 * i + 2] + q[4 * i + 3]).isCloseTo(1, within(1e-14));
      for (int k = 0; k < 4; k++) {
        columns[k] += q[4 * i + k];
      }
    }
    if (iterations > 3) {
      assertThat(columns).containsOnly(new double[] {7.5}, within(0.02));
    }
  }

  @Test
  void columnsTendToTheirTargets() {
    int rows = 30;
    Matrix targets = kernels.of(1, 4, 0.4, 0.3, 0.2, 0.1);
    Matrix scores = kernels.of(rows, 4, normals(rows * 4, 0.3));
    Matrix assigned = new Sinkhorn(kernels, 0.05, 80).assign(scores, rows, targets);
    double[] q = new double[rows * 4];
    kernels.read(assigned, q);
    double[] columns = new double[4];
    for (int i = 0; i < rows * 4; i++) {
      columns[i % 4] += q[i];
    }
    assertThat(columns).containsExactly(new double[] {12, 9, 6, 3}, within(0.02));
  }

  @Test
  void equalTargetsAreNoTargets() {
    Matrix scores = kernels.of(6, 4, normals(24, 0.3));
    double[] with = new double[24];
    double[] without = new double[24];
    Matrix equal = kernels.of(1, 4, 0.25, 0.25, 0.25, 0.25);
    kernels.read(new Sinkhorn(kernels, 0.05, 3).assign(scores, 6, equal), with);
    kernels.read(new Sinkhorn(kernels, 0.05, 3).assign(scores, 6), without);
    assertThat(with).containsExactly(without, within(1e-12));
  }

  @ParameterizedTest
  @EnumSource
  void prototypeThatNoRowLikesReceivesItsShare(TestKernels implementation) {
    try (Kernels own = implementation.create()) {
      double[] scores = normals(80, 0.2);
      for (int i = 0; i < 20; i++) {
        scores[4 * i + 2] = -1;
      }
      for (double worse : new double[] {0, 1e3, 1e9, 1e30}) {
        double[] moved = scores.clone();
        for (int i = 0; i < 20; i++) {
          moved[4 * i + 2] -= worse;
        }
        double share = 0;
        double[] q = assign(own, 0.05, 3, moved, 20);
        for (int i = 0; i < 20; i++) {
          share += q[4 * i + 2];
        }
        assertThat(share).isBetween(3.0, 7.0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void scoresOfAnySizeAndManyRoundsStayFinite(TestKernels implementation) {
    try (Kernels own = implementation.create()) {
      for (double scale : new double[] {1, 1e3, 1e20, 1e30}) {
        for (int iterations : new int[] {1, 3, 200}) {
          double[] q = assign(own, 0.005, iterations, normals(60 * 4, scale), 7);
          for (int i = 0; i < 7; i++) {
            double sum = q[4 * i] + q[4 * i + 1] + q[4 * i + 2] + q[4 * i + 3];
            assertThat(sum).isCloseTo(1, within(1e-6));
          }
        }
      }
    }
  }

  @Test
  void addingToAColumnOrToARowChangesNothing() {
    double[] scores = normals(40, 0.3);
    double[] moved = scores.clone();
    for (int i = 0; i < 10; i++) {
      moved[4 * i + 1] += 5;
    }
    for (int k = 0; k < 4; k++) {
      moved[k] -= 3;
    }
    // A row's own shift is gone after one round of rows, a column's at once.
    assertThat(assign(0.1, 200, moved, 10))
        .containsExactly(assign(0.1, 200, scores, 10), within(1e-6));
    assertThat(assign(0.1, 200, scores, 10)).isNotEqualTo(assign(0.1, 1, scores, 10));
  }

  @Test
  void onePrototypeTakesAllAndOneRowIsSharedAlike() {
    Sinkhorn sinkhorn = new Sinkhorn(kernels, 0.05, 3);
    Matrix column = kernels.of(3, 1, 5, -2, 0);
    assertThat(ObjectiveFacts.values(kernels, sinkhorn.assign(column, 3))).containsOnly(1);
    assertThat(assign(0.05, 3, new double[] {1, 0, -1, .5}, 1))
        .containsExactly(new double[] {.25, .25, .25, .25}, within(1e-15));
  }

  @Test
  void scoresStayAsTheyAreAndNothingIsAllocatedTwice() {
    AllocationCounter counter = new AllocationCounter(kernels);
    Sinkhorn sinkhorn = new Sinkhorn(counter.kernels(), 0.05, 3);
    double[] values = normals(48, 1);
    Matrix scores = kernels.of(12, 4, values);
    double[] first = ObjectiveFacts.values(kernels, sinkhorn.assign(scores, 12));
    int before = counter.count();
    sinkhorn.assign(kernels.of(5, 3, normals(15, 1)), 2);
    double[] again = ObjectiveFacts.values(kernels, sinkhorn.assign(scores, 12));
    assertThat(again).isEqualTo(first);
    assertThat(counter.count()).isEqualTo(before).isPositive();
    assertThat(ObjectiveFacts.values(kernels, scores)).isEqualTo(values);
  }

  @Test
  void whatCannotBeAssignedIsRefused() {
    assertThatThrownBy(() -> new Sinkhorn(kernels, 0, 3))
        .hasMessageContaining("'epsilon' must be finite and above 0, was 0.0");
    assertThatThrownBy(() -> new Sinkhorn(kernels, 1, 0))
        .hasMessageContaining("'iterations' must be at least 1, was 0");
    Matrix scores = kernels.allocate(3, 2);
    assertThatThrownBy(() -> new Sinkhorn(kernels, 1, 1).assign(scores, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scores are 3 x 2, so from 1 to 3 rows");
  }

  /** Cosines with the four prototypes of the golden values. */
  private double[] scores(double[] rows) {
    Matrix unit = new UnitRows(kernels).forward(ObjectiveFacts.rows(kernels, rows));
    Matrix prototypes =
        new UnitRows(kernels)
            .forward(ObjectiveFacts.rows(kernels, 1, 0, 0, 0, 0, 1, 0, -1, 0, 0, 1, 1, 1, 1, 0, 0));
    Matrix scores = kernels.allocate(unit.rows(), 4);
    kernels.multiplyByTransposed(unit, prototypes, 1, 0, scores);
    return ObjectiveFacts.values(kernels, scores);
  }

  private static double[] normals(int count, double scale) {
    SeededRandom random = new SeededRandom(3);
    double[] values = new double[count];
    Arrays.setAll(values, i -> scale * random.nextGaussian());
    return values;
  }

  private double[] assign(double epsilon, int iterations, double[] scores, int count) {
    return assign(kernels, epsilon, iterations, scores, count);
  }

  private static double[] assign(
      Kernels kernels, double epsilon, int iterations, double[] scores, int count) {
    Matrix rows = ObjectiveFacts.rows(kernels, scores);
    Matrix assignments = new Sinkhorn(kernels, epsilon, iterations).assign(rows, count);
    return ObjectiveFacts.values(kernels, assignments);
  }
}
