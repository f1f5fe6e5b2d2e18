package dev.millrace.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Matrices and comparisons for the tests of kernels.
 *
 * <p>Every matrix is a view amid rows of NaN, so that a kernel which reads beside its argument is
 * found out. Expected values are computed in double precision from the elements as the
 * implementation rounded them.
 */
abstract class KernelsFixture {

  /** Rows and columns: none, one, not a multiple of any vector's length, several chunks. */
  private static final List<int[]> SHAPES =
      List.of(
          new int[] {0, 5},
          new int[] {1, 1},
          new int[] {1, 37},
          new int[] {6, 1},
          new int[] {3, 16},
          new int[] {29, 19},
          new int[] {300, 67});

  Kernels kernels;
  final SeededRandom random = new SeededRandom(20_261_124);

  abstract Kernels create();

  /** Allowed difference, relative to the scale of what is compared. */
  abstract double tolerance();

  @BeforeEach
  void start() {
    kernels = create();
  }

  @AfterEach
  void stop() {
    kernels.close();
  }

  static Stream<int[]> shapes() {
    return SHAPES.stream();
  }

  static double largest(double... values) {
    double largest = 0;
    for (double value : values) {
      if (Double.isFinite(value)) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  /** A zero matrix amid NaN. */
  Matrix zeros(int rows, int columns) {
    Matrix all = kernels.allocate(rows + 2, columns);
    double[] values = new double[(rows + 2) * columns];
    for (int j = 0; j < columns; j++) {
      values[j] = Double.NaN;
      values[values.length - 1 - j] = Double.NaN;
    }
    kernels.write(values, all);
    return all.rows(1, rows + 1);
  }

  /** Where a result goes that must not depend on what was there. */
  Matrix garbage(int rows, int columns) {
    Matrix matrix = zeros(rows, columns);
    double[] values = new double[rows * columns];
    Arrays.fill(values, Double.NaN);
    kernels.write(values, matrix);
    return matrix;
  }

  Matrix normal(int rows, int columns, double deviation) {
    return of(rows, columns, normals(rows * columns, deviation));
  }

  Matrix of(int rows, int columns, double... values) {
    Matrix matrix = zeros(rows, columns);
    kernels.write(values, matrix);
    return matrix;
  }

  double[] normals(int count, double deviation) {
    return IntStream.range(0, count).mapToDouble(i -> deviation * random.nextGaussian()).toArray();
  }

  double[] values(Matrix matrix) {
    double[] values = new double[Math.toIntExact(matrix.size())];
    kernels.read(matrix, values);
    return values;
  }

  void expect(Matrix actual, double[] expected) {
    expect(actual, expected, Math.max(1, largest(expected)));
  }

  void expect(Matrix actual, double[] expected, double scale) {
    double[] found = values(actual);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      boolean same = found[i] == expected[i];
      assertThat(same || Math.abs(found[i] - expected[i]) <= tolerance() * scale)
          .as(
              "element %d of %s on %s: %s, expected %s",
              i, actual.shape(), kernels.description(), found[i], expected[i])
          .isTrue();
    }
  }
}
