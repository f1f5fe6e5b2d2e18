package dev.millrace.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunningWhiteningTest {

  private static final int WIDTH = 7;

  private final Kernels kernels = new CpuKernels(2);

  @AfterEach
  void close() {
    kernels.close();
  }

  @Test
  void meanAndCovarianceAreThoseOfTheRows() {
    RunningWhitening whitening = new RunningWhitening(2);
    whitening.observe(kernels.of(2, 2, 1, 10, 3, 10));
    whitening.observe(kernels.of(1, 2, 5, 40));

    assertThat(whitening.mean()).containsExactly(new double[] {3, 20}, within(1e-12));
    assertThat(whitening.covariance())
        .containsExactly(new double[] {8 / 3.0, 20, 20, 200}, within(1e-12));
    assertThat(whitening.seen()).isEqualTo(3);
  }

  @Test
  void whitenedRowsHaveUnitVarianceInEveryDirectionBeforeTheirLengthIsTaken() {
    Matrix rows = rows(400, 1);
    RunningWhitening whitening = new RunningWhitening(WIDTH);
    whitening.observe(rows);

    Matrix out = kernels.allocate(400, WIDTH);
    whitening.fit(kernels, WIDTH, 0).apply(rows, out);

    RunningWhitening after = new RunningWhitening(WIDTH);
    after.observe(out);
    double[] covariance = after.covariance();
    for (int i = 0; i < WIDTH; i++) {
      // Unit rows of uncorrelated, equally strong columns.
      assertThat(covariance[i * WIDTH + i]).isCloseTo(1.0 / WIDTH, within(0.03));
      for (int j = 0; j < i; j++) {
        assertThat(covariance[i * WIDTH + j]).isCloseTo(0, within(0.03));
      }
    }
    for (int i = 0; i < 400; i++) {
      double length = 0;
      for (int j = 0; j < WIDTH; j++) {
        length += out.get(i, j) * out.get(i, j);
      }
      assertThat(length).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void theFloorKeepsSmallVariancesSmall() {
    // Variances 100 and .01, uncorrelated.
    RunningWhitening whitening = new RunningWhitening(2);
    whitening.observe(kernels.of(4, 2, 10, 0.1, 10, -0.1, -10, 0.1, -10, -0.1));
    Matrix out = kernels.allocate(1, 2);

    whitening.fit(kernels, 2, 0).apply(kernels.of(1, 2, 10, 0.1), out);
    assertThat(out.get(0, 0)).isCloseTo(out.get(0, 1), within(1e-5));

    whitening.fit(kernels, 2, 1e-2).apply(kernels.of(1, 2, 10, 0.1), out);
    // 10 / 10 beside .1 / sqrt(.01 * 100).
    assertThat(out.get(0, 1) / out.get(0, 0)).isCloseTo(0.1, within(1e-5));
  }

  @Test
  void batchesDoNotMatter() {
    Matrix rows = rows(600, 2);
    RunningWhitening whole = new RunningWhitening(WIDTH, 0.99);
    RunningWhitening parts = new RunningWhitening(WIDTH, 0.99);
    whole.observe(rows);
    for (int from = 0; from < 600; from += 40) {
      parts.observe(rows.rows(from, from + 40));
    }

    assertThat(parts.mean()).containsExactly(whole.mean(), within(1e-12));
    assertThat(parts.covariance()).containsExactly(whole.covariance(), within(1e-11));
  }

  @Test
  void decayForgets() {
    RunningWhitening whitening = new RunningWhitening(1, 0.5);
    whitening.observe(kernels.of(3, 1, 8, 4, 2));

    // Weights 1/4, 1/2, 1.
    assertThat(whitening.mean()[0]).isCloseTo((2 + 2 + 2) / 1.75, within(1e-12));
  }

  @Test
  void mergedStreamsAreOneStream() {
    Matrix rows = rows(300, 3);
    RunningWhitening whole = new RunningWhitening(WIDTH);
    RunningWhitening left = new RunningWhitening(WIDTH);
    RunningWhitening right = new RunningWhitening(WIDTH);
    whole.observe(rows);
    left.observe(rows.rows(0, 100));
    right.observe(rows.rows(100, 300));
    left.mergeInPlace(right);

    assertThat(left.covariance()).containsExactly(whole.covariance(), within(1e-12));
    assertThat(left.seen()).isEqualTo(300);
    assertThatThrownBy(() -> left.mergeInPlace(new RunningWhitening(WIDTH, 0.9)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void restoredSumsContinueExactly() throws IOException {
    RunningWhitening sums = new RunningWhitening(WIDTH, 0.999);
    sums.observe(rows(50, 4));
    RunningWhitening restored = RunningWhitening.read(input(sums));
    sums.observe(rows(50, 5));
    restored.observe(rows(50, 5));

    assertThat(CanonicalOutput.digestOf(restored)).isEqualTo(CanonicalOutput.digestOf(sums));
  }

  @Test
  void restoredWhiteningGivesTheSameBits() throws IOException {
    RunningWhitening sums = new RunningWhitening(WIDTH);
    sums.observe(rows(50, 6));
    Whitening whitening = sums.fit(kernels, 3, 1e-2);
    Whitening restored = Whitening.read(input(whitening), kernels);
    Matrix expected = kernels.allocate(20, 3);
    Matrix actual = kernels.allocate(20, 3);
    whitening.apply(rows(20, 7), expected);
    restored.apply(rows(20, 7), actual);

    assertThat(actual.array()).isEqualTo(expected.array());
    assertThat(CanonicalOutput.digestOf(restored)).isEqualTo(CanonicalOutput.digestOf(whitening));
  }

  @Test
  void aRowThatIsNotFiniteChangesNothing() {
    RunningWhitening sums = new RunningWhitening(2);
    sums.observe(kernels.of(1, 2, 1, 2));
    String before = CanonicalOutput.digestOf(sums);

    assertThatThrownBy(() -> sums.observe(kernels.of(2, 2, 1, 2, 3, Double.NaN)))
        .hasMessageContaining("row 1 has the element NaN in column 1");
    assertThat(CanonicalOutput.digestOf(sums)).isEqualTo(before);
    assertThatThrownBy(() -> sums.fit(kernels, 2, 0)).hasMessageContaining("at least 2 rows");
  }

  /** Correlated columns of different scale. */
  private Matrix rows(int count, long seed) {
    SeededRandom random = new SeededRandom(seed);
    double[] values = new double[count * WIDTH];
    for (int i = 0; i < count; i++) {
      double common = random.nextGaussian();
      for (int j = 0; j < WIDTH; j++) {
        values[i * WIDTH + j] = 3 + common + (j + 1) * random.nextGaussian();
      }
    }
    return kernels.of(count, WIDTH, values);
  }

  private static DataInputStream input(CanonicalState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    state.writeTo(new DataOutputStream(bytes));
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
