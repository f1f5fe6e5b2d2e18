package dev.millrace.model.objective;

import static dev.millrace.model.objective.ObjectiveFacts.A;
import static dev.millrace.model.objective.ObjectiveFacts.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AmclTest {

  private static final double LOW = 0.05;
  private static final double HIGH = 1.5;

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void oneHeadAndOneTemperatureAreNtXent() {
    double[] tau = filled(6, 0.3);
    LossAndGradient result = given(Map.of("beta", 0), 1, A, B, tau, filled(36, 0.3));
    LossAndGradient plain =
        ObjectiveFacts.pair(kernels, Objectives.NT_XENT, Map.of("tau", 0.3), A, B);
    assertThat(result.loss()).isCloseTo(plain.loss(), within(1e-13));
    double[] expected = ObjectiveFacts.values(kernels, plain.gradient("z2"));
    assertThat(ObjectiveFacts.values(kernels, result.gradient("z2")))
        .containsExactly(expected, within(1e-13));
  }

  @Test
  void equalHeadsAddTheirContrasts() {
    double one =
        given(Map.of(), 1, A, B, filled(6, 0.3), filled(36, 0.5)).scalars().get("contrast");
    LossAndGradient two = given(Map.of(), 2, twice(A), twice(B), filled(12, 0.3), filled(72, 0.5));
    assertThat(two.scalars().get("contrast")).isCloseTo(2 * one, within(1e-13));
  }

  @Test
  void onlyTheHardestNegativeCountsAndHasATemperature() {
    LossAndGradient result =
        given(Map.of("hardest", 1, "beta", 0), 1, A, B, filled(6, 0.3), filled(36, 0.5));
    double[] all = new double[24];
    System.arraycopy(A, 0, all, 0, 12);
    System.arraycopy(B, 0, all, 12, 12);
    double[] gradient = ObjectiveFacts.values(kernels, result.gradient("tauNegative"));
    double expected = 0;
    for (int i = 0; i < 6; i++) {
      int row = i;
      int nearest =
          IntStream.range(0, 6)
              .filter(j -> j % 3 != row % 3)
              .reduce((j, k) -> cosine(all, row, k) > cosine(all, row, j) ? k : j)
              .orElseThrow();
      double margin = cosine(all, i, nearest) / 0.5 - cosine(all, i, (i + 3) % 6) / 0.3;
      expected += Math.log1p(Math.exp(margin)) / 6;
      for (int j = 0; j < 6; j++) {
        assertThat(gradient[6 * i + j] != 0).as("%d %d", i, j).isEqualTo(j == nearest);
      }
    }
    assertThat(result.loss()).isCloseTo(expected, within(1e-13));
  }

  @Test
  void regulariserIsLeastAtTwoOverTheDimension() {
    double[] one = {3, 1, 0, 1};
    LossAndGradient result =
        given(Map.of(), 1, one, new double[] {1, 0, 1, 1}, filled(2, 0.5), filled(4, 0.5));
    assertThat(result.scalars().get("contrast")).isZero();
    assertThat(result.scalars().get("regulariser"))
        .isCloseTo((2 * Math.log(0.5) + 2) / 4, within(1e-14));
    assertThat(ObjectiveFacts.values(kernels, result.gradient("tauPositive")))
        .containsExactly(new double[] {0, 0}, within(1e-15));
    assertThat(ObjectiveFacts.values(kernels, result.gradient("z1"))).containsOnly(0);
  }

  @Test
  void networkIsTheContrastAtItsTemperaturesInSeveralChunks() {
    int batch = 40;
    double[] z1 = random(4 * batch, 1);
    double[] z2 = random(4 * batch, 2);
    double[][] weights = {random(24, 3), random(3, 4), random(3, 5), random(1, 6)};
    Objective network = network(2 * batch);
    LossAndGradient result = network.evaluate(inputs(z1, z2, weights));

    int rows = 2 * batch;
    double[] all = Arrays.copyOf(z1, 2 * z1.length);
    System.arraycopy(z2, 0, all, z1.length, z2.length);
    double[] negative = new double[rows * rows];
    double[] positive = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        negative[i * rows + j] = temperature(all, i, j, weights);
      }
      positive[i] = negative[i * rows + (i + batch) % rows];
    }
    LossAndGradient same = given(Map.of("hardest", rows), 1, z1, z2, positive, negative);
    assertThat(result.scalars().get("contrast"))
        .isCloseTo(same.scalars().get("contrast"), within(1e-12));
    assertThat(result.scalars().get("regulariser"))
        .isCloseTo(same.scalars().get("regulariser"), within(1e-12));

    double[][] gradients = {
      values(result, "w1"), values(result, "b1"), values(result, "w2"), values(result, "b2")
    };
    double[] ofZ = values(result, "z1");
    double step = 1e-6;
    for (int w = 0; w < weights.length; w++) {
      double[] tensor = weights[w];
      for (int i = 0; i < tensor.length; i++) {
        double change = difference(network, tensor, i, step, z1, z2, weights);
        assertThat(gradients[w][i]).as("%d %d", w, i).isCloseTo(change, within(1e-7));
      }
    }
    for (int i = 0; i < 12; i++) {
      double change = difference(network, z1, i, step, z1, z2, weights);
      assertThat(ofZ[i]).as("z1 %d", i).isCloseTo(change, within(1e-7));
    }
  }

  @Test
  void networkGivesAPairTheSameTemperatureInBothOrders() {
    double[][] weights = {random(24, 3), random(3, 4), random(3, 5), random(1, 6)};
    LossAndGradient result = network(1).evaluate(inputs(A, B, weights));
    double[] tau = ObjectiveFacts.values(kernels, result.outputs().get("temperature"));
    for (int i = 0; i < 3; i++) {
      assertThat(tau[2 * i]).isEqualTo(tau[2 * (i + 3)]).isBetween(LOW, HIGH);
    }
    assertThat(tau[0]).isNotEqualTo(tau[2]);
  }

  @Test
  void rangeOfTemperaturesAndTheNumberOfNegativesAreChecked() {
    assertThatThrownBy(
            () -> ObjectiveFacts.create(kernels, Objectives.AMCL, Map.of("tauHigh", 1e-6)))
        .hasMessageContaining("parameter 'tauHigh' must be above tauLow = 1.0E-5, was 1.0E-6");
    assertThatThrownBy(() -> ObjectiveFacts.create(kernels, Objectives.AMCL, Map.of("hardest", 0)))
        .hasMessageContaining("parameter 'hardest' must be above 0, was 0");
  }

  private double difference(
      Objective network,
      double[] changed,
      int index,
      double step,
      double[] z1,
      double[] z2,
      double[][] weights) {
    double value = changed[index];
    changed[index] = value + step;
    double above = network.evaluate(inputs(z1, z2, weights)).loss();
    changed[index] = value - step;
    double below = network.evaluate(inputs(z1, z2, weights)).loss();
    changed[index] = value;
    return (above - below) / (2 * step);
  }

  private Objective network(int hardest) {
    Map<String, ?> parameters = Map.of("tauLow", LOW, "tauHigh", HIGH, "hardest", hardest);
    return ObjectiveFacts.create(kernels, Objectives.AMCL, parameters);
  }

  private ObjectiveInputs inputs(double[] z1, double[] z2, double[][] weights) {
    return heads(1, z1, z2)
        .put("w1", kernels.of(3, 8, weights[0]))
        .put("b1", kernels.of(1, 3, weights[1]), 3)
        .put("w2", kernels.of(1, 3, weights[2]))
        .put("b2", kernels.of(1, 1, weights[3]), 1);
  }

  private ObjectiveInputs heads(int heads, double[] z1, double[] z2) {
    int batch = z1.length / 4 / heads;
    return new ObjectiveInputs()
        .put("z1", ObjectiveFacts.rows(kernels, z1), heads, batch, 4)
        .put("z2", ObjectiveFacts.rows(kernels, z2), heads, batch, 4);
  }

  private LossAndGradient given(
      Map<String, ?> parameters,
      int heads,
      double[] z1,
      double[] z2,
      double[] positive,
      double[] negative) {
    int rows = positive.length / heads;
    ObjectiveInputs inputs =
        heads(heads, z1, z2)
            .put("tauPositive", kernels.of(heads, rows, positive))
            .put("tauNegative", kernels.of(heads * rows, rows, negative), heads, rows, rows);
    return Objectives.AMCL
        .create(kernels, new ObjectiveParameters(parameters), inputs.shapes().keySet())
        .evaluate(inputs);
  }

  private double[] values(LossAndGradient result, String name) {
    return ObjectiveFacts.values(kernels, result.gradient(name));
  }

  private static double temperature(double[] rows, int i, int j, double[][] weights) {
    double raw = weights[3][0];
    for (int h = 0; h < 3; h++) {
      double hidden = weights[1][h];
      for (int d = 0; d < 4; d++) {
        double a = rows[4 * i + d] / norm(rows, i);
        double b = rows[4 * j + d] / norm(rows, j);
        hidden += weights[0][8 * h + d] * Math.abs(a - b) + weights[0][8 * h + 4 + d] * a * b;
      }
      raw += weights[2][h] * Math.max(0, hidden);
    }
    return LOW + (HIGH - LOW) / (1 + Math.exp(-raw));
  }

  private static double cosine(double[] rows, int i, int j) {
    double dot = 0;
    for (int d = 0; d < 4; d++) {
      dot += rows[4 * i + d] * rows[4 * j + d];
    }
    return dot / norm(rows, i) / norm(rows, j);
  }

  private static double norm(double[] rows, int i) {
    double sum = 0;
    for (int d = 4 * i; d < 4 * i + 4; d++) {
      sum += rows[d] * rows[d];
    }
    return Math.sqrt(sum);
  }

  private static double[] twice(double[] x) {
    double[] both = Arrays.copyOf(x, 2 * x.length);
    System.arraycopy(x, 0, both, x.length, x.length);
    return both;
  }

  private static double[] filled(int size, double value) {
    double[] values = new double[size];
    Arrays.fill(values, value);
    return values;
  }

  private static double[] random(int size, long seed) {
    SeededRandom random = new SeededRandom(seed);
    double[] values = new double[size];
    Arrays.setAll(values, i -> random.nextGaussian());
    return values;
  }
}
