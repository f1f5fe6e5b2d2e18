package dev.millrace.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.kernel.SymmetricEigen;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CodeSumsTest {

  private static final int ATOMS = 12;
  private static final int PATCHES = 9;
  private static final int PICTURES = 40;
  private static final double RIDGE = 1e-3;

  private final Kernels kernels = new CpuKernels(1);

  @AfterEach
  void close() {
    kernels.close();
  }

  @Test
  void sparseSumsSolveWhatDenseCovariancesSolve() {
    double[] dense = new double[PICTURES * PATCHES * ATOMS];
    CodeSums sums = new CodeSums(ATOMS, 1);
    SparseCodes codes = new SparseCodes(PATCHES, ATOMS);
    SeededRandom random = new SeededRandom(3);
    for (int i = 0; i < PICTURES; i++) {
      double[] cosines = new double[PATCHES * ATOMS];
      double[] own = new double[ATOMS];
      for (int k = 0; k < ATOMS; k++) {
        own[k] = 0.3 * random.nextGaussian();
      }
      for (int j = 0; j < cosines.length; j++) {
        cosines[j] = (float) (own[j % ATOMS] + 0.3 * random.nextGaussian());
        dense[i * cosines.length + j] = Math.max(0, (float) cosines[j] - 0.2f);
      }
      codes.set(kernels.of(PATCHES, ATOMS, cosines), 0.2f);
      sums.add(codes);
    }

    double[] expected =
        SymmetricEigen.largestGeneralised(
                covariance(pictureMeans(dense), PICTURES, 0),
                covariance(dense, PICTURES * PATCHES, RIDGE),
                ATOMS,
                3)
            .vectors();
    float[] actual = sums.solve(3, RIDGE).weights();

    for (int c = 0; c < 3; c++) {
      for (int k = 0; k < ATOMS; k++) {
        assertThat((double) actual[k * 3 + c]).isCloseTo(expected[c * ATOMS + k], within(1e-4));
      }
    }
  }

  @Test
  void everyPatchTakesItsTurnInTheCovarianceOfPatches() {
    // Picture i has its one entry in patch i: patch 0 of picture 0 counts, patch 1 of picture 1
    // too.
    CodeSums sums = new CodeSums(1, 2);
    SparseCodes codes = new SparseCodes(2, 1);
    codes.set(kernels.of(2, 1, 0.75, 0), 0.25f);
    sums.add(codes);
    codes.set(kernels.of(2, 1, 0, 0.75), 0.25f);
    sums.add(codes);
    codes.set(kernels.of(2, 1, 0, 0.75), 0.25f);
    sums.add(codes);
    codes.set(kernels.of(2, 1, 0.75, 0), 0.25f);
    sums.add(codes);

    // .5, .5, 0, 0: variance 1/16 (1 + ridge), so p = 4 / sqrt(1 + ridge).
    assertThat((double) sums.solve(1, RIDGE).weights()[0])
        .isCloseTo(4 / Math.sqrt(1 + RIDGE), within(1e-5));
  }

  @Test
  void codesKeepWhatIsAboveTheThreshold() {
    SparseCodes codes = new SparseCodes(2, 3);
    codes.set(kernels.of(2, 3, 0.5, 0.25, -1, 0.1, 0.2, 0.75), 0.25f);

    assertThat(codes.start(1)).isEqualTo(1);
    assertThat(codes.start(2)).isEqualTo(2);
    assertThat(codes.atom(0)).isZero();
    assertThat(codes.value(0)).isEqualTo(0.25f);
    assertThat(codes.atom(1)).isEqualTo(2);
    assertThat(codes.value(1)).isEqualTo(0.5f);
  }

  private static double[] pictureMeans(double[] dense) {
    double[] means = new double[PICTURES * ATOMS];
    for (int i = 0; i < dense.length; i++) {
      means[i / (PATCHES * ATOMS) * ATOMS + i % ATOMS] += dense[i] / PATCHES;
    }
    return means;
  }

  private static double[] covariance(double[] rows, int count, double ridge) {
    double[] mean = new double[ATOMS];
    for (int i = 0; i < rows.length; i++) {
      mean[i % ATOMS] += rows[i] / count;
    }
    double[] result = new double[ATOMS * ATOMS];
    double trace = 0;
    for (int a = 0; a < ATOMS; a++) {
      for (int b = 0; b < ATOMS; b++) {
        for (int i = 0; i < count; i++) {
          result[a * ATOMS + b] +=
              (rows[i * ATOMS + a] - mean[a]) * (rows[i * ATOMS + b] - mean[b]) / count;
        }
      }
      trace += result[a * ATOMS + a];
    }
    for (int a = 0; a < ATOMS; a++) {
      result[a * ATOMS + a] += ridge * trace / ATOMS;
    }
    return result;
  }
}
