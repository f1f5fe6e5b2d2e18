package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NeighbourClassifierTest {

  private final Kernels kernels = new CpuKernels(2);

  @AfterEach
  void close() {
    kernels.close();
  }

  @Test
  void directionsDecideAndNotLengths() {
    Matrix gallery = kernels.of(2, 2, 100, 0, 0, 0.01);
    Matrix queries = kernels.of(2, 2, 0.1, 0.2, 5, 4);

    assertThat(
            new NeighbourClassifier(kernels, 1, 0.1).classify(gallery, new int[] {4, 7}, queries))
        .containsExactly(7, 4);
  }

  @Test
  void oneVeryCloseNeighbourOutweighsTwoFarOnes() {
    // Cosines 1, .6 and .6: exp(10) against 2 exp(6) at temperature .1.
    Matrix gallery = kernels.of(3, 2, 1, 0, 0.6, 0.8, 0.6, -0.8);
    Matrix query = kernels.of(1, 2, 1, 0);
    int[] classes = {0, 1, 1};

    assertThat(new NeighbourClassifier(kernels, 3, 0.1).classify(gallery, classes, query))
        .containsExactly(0);
    assertThat(new NeighbourClassifier(kernels, 3, 10).classify(gallery, classes, query))
        .containsExactly(1);
  }

  @Test
  void onlyTheNearestVote() {
    Matrix gallery = kernels.of(4, 2, 1, 0, 0.9, 0.1, 0, 1, 0, 1);
    Matrix query = kernels.of(1, 2, 1, 0.05);
    int[] classes = {2, 2, 1, 1};

    assertThat(new NeighbourClassifier(kernels, 2, 100).classify(gallery, classes, query))
        .containsExactly(2);
  }

  @Test
  void ofEqualCosinesTheLaterRowAndOfEqualVotesTheLowerClassWins() {
    Matrix gallery = kernels.of(3, 2, 1, 0, 1, 0, 1, 0);
    Matrix query = kernels.of(1, 2, 1, 0);

    assertThat(
            new NeighbourClassifier(kernels, 1, 0.1).classify(gallery, new int[] {0, 1, 2}, query))
        .containsExactly(2);
    assertThat(
            new NeighbourClassifier(kernels, 2, 0.1).classify(gallery, new int[] {0, 2, 1}, query))
        .containsExactly(1);
  }

  @Test
  void blocksOfQueriesGiveWhatSingleQueriesGive() {
    SeededRandom random = new SeededRandom(5);
    Matrix gallery = random(3_000, random);
    Matrix queries = random(3_000, random);
    int[] classes = new int[3_000];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = random.nextInt(5);
    }
    NeighbourClassifier classifier = new NeighbourClassifier(kernels, 20, 0.1);

    int[] found = classifier.classify(gallery, classes, queries);

    for (int i = 0; i < 3_000; i += 271) {
      assertThat(classifier.classify(gallery, classes, queries.rows(i, i + 1)))
          .containsExactly(found[i]);
    }
  }

  @Test
  void accuracyIsThePartThatIsFound() {
    Matrix gallery = kernels.of(2, 2, 1, 0, 0, 1);
    Matrix queries = kernels.of(4, 2, 1, 0, 0, 1, 1, 0, 0, 1);

    assertThat(
            new NeighbourClassifier(kernels)
                .accuracy(gallery, new int[] {0, 1}, queries, new int[] {0, 1, 0, 0}))
        .isEqualTo(0.75);
  }

  @Test
  void refusesWhatCannotVote() {
    Matrix row = kernels.of(1, 2, 1, 0);

    assertThatThrownBy(() -> new NeighbourClassifier(kernels, 0, 0.1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NeighbourClassifier(kernels).classify(row, new int[] {-1}, row))
        .hasMessageContaining("classes begin at 0");
    assertThatThrownBy(
            () -> new NeighbourClassifier(kernels).classify(row.head(0), new int[0], row))
        .hasMessageContaining("a gallery of 0 x 2");
  }

  private Matrix random(int rows, SeededRandom random) {
    double[] values = new double[rows * 6];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return kernels.of(rows, 6, values);
  }
}
