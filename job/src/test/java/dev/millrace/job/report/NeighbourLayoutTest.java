package dev.millrace.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeighbourLayoutTest {

  private static final int GROUPS = 3;
  private static final int WIDTH = 24;

  /** Directions around three centres, each with noise as long as the centre. */
  private static List<float[]> vectors(int count) {
    SeededRandom random = new SeededRandom(4);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[WIDTH];
      for (int d = 0; d < WIDTH; d++) {
        vector[d] = (float) (random.nextGaussian() + (d % GROUPS == i % GROUPS ? 2 : 0));
      }
      vectors.add(vector);
    }
    return vectors;
  }

  @Test
  void nearestPointOnThePlaneIsOfTheSameGroup() {
    List<float[]> vectors = vectors(120);
    double[][] points = NeighbourLayout.project(vectors);
    int right = 0;
    for (int i = 0; i < points.length; i++) {
      int nearest = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int j = 0; j < points.length; j++) {
        double distance = Math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]);
        if (j != i && distance < least) {
          least = distance;
          nearest = j;
        }
      }
      right += nearest % GROUPS == i % GROUPS ? 1 : 0;
    }
    assertThat(right).isGreaterThan(110);
  }

  @Test
  void sameVectorsGiveTheSamePlane() {
    assertThat(NeighbourLayout.project(vectors(40)))
        .isDeepEqualTo(NeighbourLayout.project(vectors(40)));
  }

  @Test
  void equalVectorsGiveFinitePoints() {
    List<float[]> equal = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      equal.add(new float[] {1, 0});
    }
    for (double[] point : NeighbourLayout.project(equal)) {
      assertThat(point).doesNotContain(Double.NaN);
    }
  }
}
