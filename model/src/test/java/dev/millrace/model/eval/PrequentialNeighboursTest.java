package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrequentialNeighboursTest {

  private final Kernels kernels = new CpuKernels(2);

  @AfterEach
  void close() {
    kernels.close();
  }

  @Test
  void eachIsClassifiedByThoseBeforeItAlsoWithinABatch() {
    PrequentialNeighbours neighbours = new PrequentialNeighbours(kernels, 2, 10, 1, 0.1);
    Matrix batch = kernels.of(4, 2, 1, 0, 0, 1, 0.9, 0.1, 0.1, 0.9);

    assertThat(neighbours.classifyThenKeep(batch, new int[] {3, 5, 3, 3}))
        .containsExactly(-1, 3, 3, 5);
    assertThat(neighbours.classified()).isEqualTo(3);
    assertThat(neighbours.right()).isEqualTo(1);
    assertThat(neighbours.accuracy()).isEqualTo(1.0 / 3);
  }

  @Test
  void whatHasNoLabelIsClassifiedButNeitherCountedNorKept() {
    PrequentialNeighbours neighbours = new PrequentialNeighbours(kernels, 2, 10, 1, 0.1);
    neighbours.classifyThenKeep(kernels.of(1, 2, 1, 0), new int[] {0});

    assertThat(neighbours.classifyThenKeep(kernels.of(2, 2, 0, 1, 0, 1), new int[] {-1, -1}))
        .containsExactly(0, 0);
    assertThat(neighbours.classified()).isZero();
    assertThat(neighbours.size()).isEqualTo(1);
    assertThat(neighbours.accuracy()).isNaN();
  }

  @Test
  void theOldestAreForgotten() {
    PrequentialNeighbours neighbours = new PrequentialNeighbours(kernels, 2, 2, 1, 0.1);
    neighbours.classifyThenKeep(kernels.of(2, 2, 1, 0, 0, 1), new int[] {0, 1});

    // The first still answers the first query, whose own row then takes its place.
    assertThat(neighbours.classifyThenKeep(kernels.of(2, 2, 1, -0.5, 1, 0.1), new int[] {2, 0}))
        .containsExactly(0, 2);
    assertThat(neighbours.size()).isEqualTo(2);
  }

  @Test
  void batchesDoNotMatter() {
    PrequentialNeighbours whole = new PrequentialNeighbours(kernels, 4, 30, 5, 0.1);
    PrequentialNeighbours parts = new PrequentialNeighbours(kernels, 4, 30, 5, 0.1);
    for (int round = 0; round < 5; round++) {
      Matrix rows = random(20, round);
      int[] labels = labels(20, round);
      int[] found = whole.classifyThenKeep(rows, labels);
      for (int i = 0; i < 20; i++) {
        assertThat(parts.classifyThenKeep(rows.rows(i, i + 1), new int[] {labels[i]}))
            .containsExactly(found[i]);
      }
    }

    assertThat(CanonicalOutput.digestOf(parts)).isEqualTo(CanonicalOutput.digestOf(whole));
  }

  @Test
  void restoredNeighboursContinueExactly() throws IOException {
    PrequentialNeighbours neighbours = new PrequentialNeighbours(kernels, 4, 30, 5, 0.1);
    neighbours.classifyThenKeep(random(25, 1), labels(25, 1));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    neighbours.writeTo(new DataOutputStream(bytes));
    PrequentialNeighbours restored = new PrequentialNeighbours(kernels, 4, 30, 5, 0.1);
    restored.readInPlace(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(restored.classifyThenKeep(random(25, 2), labels(25, 2)))
        .isEqualTo(neighbours.classifyThenKeep(random(25, 2), labels(25, 2)));
    assertThat(CanonicalOutput.digestOf(restored)).isEqualTo(CanonicalOutput.digestOf(neighbours));
  }

  @Test
  void refusesMoreThanItKeeps() {
    PrequentialNeighbours neighbours = new PrequentialNeighbours(kernels, 2, 1);

    assertThatThrownBy(
            () -> neighbours.classifyThenKeep(kernels.of(2, 2, 1, 0, 0, 1), new int[] {0, 1}))
        .hasMessageContaining("at most 1 rows of 2");
  }

  private Matrix random(int rows, long seed) {
    SeededRandom random = new SeededRandom(seed);
    double[] values = new double[rows * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return kernels.of(rows, 4, values);
  }

  private static int[] labels(int count, long seed) {
    SeededRandom random = new SeededRandom(seed + 100);
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(4) - 1;
    }
    return labels;
  }
}
