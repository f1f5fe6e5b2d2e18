package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KMeansTest {

  private final Kernels kernels = new CpuKernels(2);

  @AfterEach
  void close() {
    kernels.close();
  }

  @Test
  void twoPairsOfPointsByHand() {
    Matrix rows = kernels.of(4, 2, 0, 0, 0, 2, 10, 0, 10, 2);

    KMeans.Clusters found = new KMeans(kernels, 2, 3).cluster(rows, new SeededRandom(1));

    assertThat(found.inertia()).isCloseTo(4, within(1e-4));
    assertThat(found.assignment()[0]).isEqualTo(found.assignment()[1]);
    assertThat(found.assignment()[2]).isEqualTo(found.assignment()[3]);
    assertThat(found.assignment()[0]).isNotEqualTo(found.assignment()[2]);
    assertThat(found.centres().get(found.assignment()[0], 1)).isCloseTo(1, within(1e-5));
  }

  @Test
  void findsSeparatedGroupsAgain() {
    int[] groups = new int[1_500];
    Matrix rows = groups(groups);

    KMeans.Clusters found = new KMeans(kernels, 6, 4).cluster(rows, new SeededRandom(2));

    assertThat(MutualInformation.normalized(found.assignment(), groups)).isCloseTo(1, within(1e-9));
  }

  @Test
  void theSameSeedGivesTheSameClusters() {
    Matrix rows = groups(new int[1_500]);
    KMeans means = new KMeans(kernels, 9, 2);

    assertThat(means.cluster(rows, new SeededRandom(3)).assignment())
        .isEqualTo(means.cluster(rows, new SeededRandom(3)).assignment());
  }

  @Test
  void equalRowsStillMakeAsManyClustersAsAsked() {
    Matrix rows = kernels.of(5, 1, 2, 2, 2, 2, 2);

    KMeans.Clusters found = new KMeans(kernels, 3, 1).cluster(rows, new SeededRandom(4));

    assertThat(found.inertia()).isCloseTo(0, within(1e-9));
    assertThat(found.centres().rows()).isEqualTo(3);
    assertThatThrownBy(() -> new KMeans(kernels, 6, 1).cluster(rows, new SeededRandom(4)))
        .hasMessageContaining("5 rows cannot make 6 clusters");
  }

  /** Six tight groups around corners that are far from each other. */
  private Matrix groups(int[] groups) {
    SeededRandom random = new SeededRandom(9);
    double[] values = new double[groups.length * 6];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = random.nextInt(6);
      for (int j = 0; j < 6; j++) {
        values[i * 6 + j] = (j == groups[i] ? 10 : 0) + 0.3 * random.nextGaussian();
      }
    }
    return kernels.of(groups.length, 6, values);
  }
}
