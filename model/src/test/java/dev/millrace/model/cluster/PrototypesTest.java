package dev.millrace.model.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PrototypesTest {

  private final Kernels kernels = new CpuKernels(1);

  private Prototypes prototypes(int freeze, double relaxation) {
    PrototypesConfig config = new PrototypesConfig(4, 3, freeze, 0.5, relaxation, 0.2, 2);
    return new Prototypes(kernels, config, new SeededRandom(5));
  }

  private static double[] values(Matrix matrix) {
    double[] values = new double[(int) matrix.size()];
    matrix.copyTo(values, 0);
    return values;
  }

  @Test
  void rowsHaveLengthOneAfterNormalisation() {
    Prototypes prototypes = prototypes(0, 0);
    kernels.scaleInPlace(prototypes.rows(), 7);
    prototypes.normaliseInPlace();
    double[] rows = values(prototypes.rows());
    for (int k = 0; k < 4; k++) {
      double square = 0;
      for (int j = 0; j < 3; j++) {
        square += rows[3 * k + j] * rows[3 * k + j];
      }
      assertThat(square).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void frozenUntilTheirStepsAreOver() {
    Prototypes prototypes = prototypes(2, 0);
    assertThat(prototypes.isFrozen()).isTrue();
    prototypes.observeInPlace(new int[] {0}, 1);
    assertThat(prototypes.isFrozen()).isTrue();
    prototypes.observeInPlace(new int[] {0}, 1);
    assertThat(prototypes.isFrozen()).isFalse();
  }

  @Test
  void usageFollowsTheNearestPrototypes() {
    Prototypes prototypes = prototypes(0, 0);
    assertThat(prototypes.usageEntropy()).isCloseTo(Math.log(4), within(1e-12));
    prototypes.observeInPlace(new int[] {1, 1, 1, 3}, 4);
    // Half of 1/4 each, and half of (0, 3/4, 0, 1/4).
    assertThat(prototypes.usage())
        .containsExactly(new double[] {.125, .5, .125, .25}, within(1e-12));
    assertThat(prototypes.largestShare()).isCloseTo(0.5, within(1e-12));
    assertThat(prototypes.usageEntropy()).isLessThan(prototypes.logCount());
  }

  @Test
  void relaxedTargetsLieBetweenEqualSharesAndUsage() {
    assertThat(prototypes(0, 0).columnTargets()).isNull();
    Prototypes relaxed = prototypes(0, 0.5);
    relaxed.observeInPlace(new int[] {1, 1, 1, 3}, 4);
    assertThat(values(relaxed.columnTargets()))
        .containsExactly(new double[] {.1875, .375, .1875, .25}, within(1e-6));
  }

  @Test
  void deadPrototypeIsPutWhereARecentEmbeddingIs() {
    Prototypes prototypes = prototypes(0, 0);
    Matrix recent = kernels.of(3, 3, 0, 0, 1, 0, 1, 0, 1, 0, 0);
    SeededRandom random = new SeededRandom(2);
    for (int step = 0; step < 5; step++) {
      prototypes.observeInPlace(new int[] {0, 1, 2}, 3);
    }
    assertThat(prototypes.reseedInPlace(recent, random)).as("not its turn").isEmpty();
    assertThat(prototypes.steps()).isEqualTo(5);
    prototypes.observeInPlace(new int[] {0, 1, 2}, 3);
    assertThat(prototypes.reseedInPlace(recent, random)).containsExactly(3);
    assertThat(prototypes.reseeded()).isEqualTo(1);
    double[] moved = values(prototypes.rows().rows(3, 4));
    assertThat(moved[0] + moved[1] + moved[2]).isEqualTo(1);
    assertThat(prototypes.reseedInPlace(recent, random)).as("alive again").isEmpty();
  }

  @Test
  void whoeverCountsStepsItselfMayReseedAtAnyOfThem() {
    Prototypes prototypes = prototypes(0, 0);
    Matrix recent = kernels.of(1, 3, 0, 0, 1);
    for (int step = 0; step < 7; step++) {
      prototypes.observeInPlace(new int[] {0, 1, 2}, 3);
    }
    assertThat(prototypes.reseedInPlace(recent, new SeededRandom(2))).as("not its turn").isEmpty();
    assertThat(prototypes.reseedDeadInPlace(recent, new SeededRandom(2))).containsExactly(3);
  }

  @Test
  void nearestIsTheLargestCosine() {
    Prototypes prototypes = prototypes(0, 0);
    Matrix own = kernels.allocate(4, 3);
    kernels.copy(prototypes.rows(), own);
    assertThat(prototypes.nearest(own)).startsWith(0, 1, 2, 3);
  }

  @Test
  void restoredPrototypesAreTheSame() throws IOException {
    Prototypes prototypes = prototypes(3, 0.5);
    prototypes.observeInPlace(new int[] {2, 2}, 2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    prototypes.writeTo(new DataOutputStream(bytes));
    Prototypes restored = new Prototypes(kernels, prototypes.config(), new SeededRandom(99));
    restored.readInPlace(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    restored.writeTo(new DataOutputStream(again));
    assertThat(again.toByteArray()).isEqualTo(bytes.toByteArray());
  }

  @Test
  void onePrototypeIsRefused() {
    assertThatThrownBy(() -> new PrototypesConfig(1, 3, 0, 0.5, 0, 0, 1))
        .hasMessageContaining("at least 2 prototypes");
  }
}
