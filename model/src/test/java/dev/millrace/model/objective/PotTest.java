package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PotTest {

  private static final int NODES = 12;
  private static final int WIDTH = 5;

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void boundIsNeverAboveTheCompactnessOfAGraphWithinTheBudget() {
    double[] slopes = {0, 0.25, 1};
    for (int seed = 0; seed < 30; seed++) {
      SeededRandom random = new SeededRandom(seed);
      int[] graph = randomGraph(random);
      int[] dropped = drop(graph, 0.5, random);
      LossAndGradient result =
          evaluate(0.5, slopes[seed % 3], random, graph, dropped, drop(graph, 0.5, random));
      double[] bound = values(result, "bound");
      double[] compactness = values(result, "compactness");
      for (int i = 0; i < NODES; i++) {
        assertThat(bound[i]).isLessThanOrEqualTo(compactness[i] + 1e-12);
      }
    }
  }

  @Test
  void boundOfALinearNetworkIsTheCompactness() {
    SeededRandom random = new SeededRandom(3);
    int[] graph = randomGraph(random);
    int[] dropped = drop(graph, 0.4, random);
    LossAndGradient result = evaluate(0.4, 1, random, graph, dropped, graph);
    assertThat(values(result, "bound"))
        .containsExactly(values(result, "compactness"), within(1e-12));
  }

  @Test
  void largerBudgetLoosensTheBound() {
    int[] graph = randomGraph(new SeededRandom(5));
    double tight = sum(values(evaluate(0, 0, new SeededRandom(6), graph, graph, graph), "bound"));
    double loose = sum(values(evaluate(1, 0, new SeededRandom(6), graph, graph, graph), "bound"));
    assertThat(loose).isLessThan(tight - 0.1);
  }

  @Test
  void lossIsTheSoftplusOfTheNegatedBound() {
    SeededRandom random = new SeededRandom(8);
    int[] graph = randomGraph(random);
    LossAndGradient result = evaluate(0.3, 0, random, graph, graph, graph);
    double expected =
        Arrays.stream(values(result, "bound"))
            .map(bound -> Math.log1p(Math.exp(-bound)))
            .average()
            .orElseThrow();
    assertThat(result.loss()).isCloseTo(expected, within(1e-14));
  }

  @Test
  void graphWithoutEdgesLeavesNothingToDrop() {
    SeededRandom random = new SeededRandom(9);
    int[] none = new int[NODES * NODES];
    LossAndGradient result = evaluate(0.9, 0, random, none, none, none);
    assertThat(values(result, "bound"))
        .containsExactly(values(result, "compactness"), within(1e-13));
  }

  @Test
  void rateAboveOneIsRefused() {
    ObjectiveParameters parameters = new ObjectiveParameters(Map.of("dropRate", 1.5));
    assertThatThrownBy(() -> Objectives.POT.create(null, parameters))
        .hasMessage("parameter 'dropRate' must be between 0 and 1, was 1.5");
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  private double[] values(LossAndGradient result, String name) {
    return ObjectiveFacts.values(kernels, result.outputs().get(name));
  }

  /** A path through all nodes and about a third of the other edges. */
  private static int[] randomGraph(SeededRandom random) {
    int[] graph = new int[NODES * NODES];
    for (int i = 0; i < NODES; i++) {
      for (int j = i + 1; j < NODES; j++) {
        if (j == i + 1 || random.nextInt(3) == 0) {
          graph[i * NODES + j] = 1;
          graph[j * NODES + i] = 1;
        }
      }
    }
    return graph;
  }

  /** Drops edges while both ends keep to {@code min(d - 1, round(rate d))}. */
  private static int[] drop(int[] graph, double rate, SeededRandom random) {
    int[] dropped = graph.clone();
    double[] budget = new double[NODES];
    for (int i = 0; i < NODES; i++) {
      int degree = Arrays.stream(graph, i * NODES, (i + 1) * NODES).sum();
      budget[i] = Math.min(Math.max(degree - 1, 0), Math.rint(rate * degree));
    }
    for (int n = 0; n < 4 * NODES; n++) {
      int i = random.nextInt(NODES);
      int j = random.nextInt(NODES);
      if (dropped[i * NODES + j] == 1 && budget[i] > 0 && budget[j] > 0) {
        dropped[i * NODES + j] = 0;
        dropped[j * NODES + i] = 0;
        budget[i]--;
        budget[j]--;
      }
    }
    return dropped;
  }

  private LossAndGradient evaluate(
      double rate, double slope, SeededRandom random, int[] graph, int[] first, int[] second) {
    return ObjectiveFacts.create(
            kernels, Objectives.POT, Map.of("dropRate", rate, "negativeSlope", slope))
        .evaluate(
            new ObjectiveInputs()
                .put("x", normal(random, NODES, WIDTH))
                .put("adjacency", graph, NODES, NODES)
                .put("adjacency1", first, NODES, NODES)
                .put("adjacency2", second, NODES, NODES)
                .put("w1", normal(random, WIDTH, WIDTH))
                .put("b1", normal(random, 1, WIDTH), WIDTH)
                .put("w2", normal(random, WIDTH, WIDTH))
                .put("b2", normal(random, 1, WIDTH), WIDTH));
  }

  private Matrix normal(SeededRandom random, int rows, int columns) {
    double[] values = new double[rows * columns];
    Arrays.setAll(values, i -> random.nextGaussian());
    return kernels.of(rows, columns, values);
  }
}
