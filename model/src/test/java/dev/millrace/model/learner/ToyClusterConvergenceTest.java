package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.cluster.Prototypes;
import dev.millrace.model.cluster.PrototypesConfig;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.memory.BankEntry;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;
import dev.millrace.model.optimizer.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each objective that only a stream with prototypes can feed teaches a linear encoder to see the
 * clusters of a {@link ToyStream}. Prototypes learn by swapped prediction, which the encoder gets
 * nothing of.
 */
class ToyClusterConvergenceTest {

  private static final int PROTOTYPES = 12;
  private static final int WIDTH = 16;
  private static final int BATCH = 48;
  private static final int STEPS = 600;
  private static final double UNTRAINED = 0.4;
  private static final double TRAINED = 0.9;

  private final Kernels kernels = new CpuKernels(1);
  private final ToyStream stream = new ToyStream(kernels);

  static Stream<Objectives> clustering() {
    return Arrays.stream(Objectives.values())
        .filter(objective -> ImageLearnerConfig.refusal(objective).isEmpty())
        .filter(objective -> SequenceLearnerConfig.refusal(objective).isPresent());
  }

  private static ObjectiveFeed feed(Objectives objective) {
    ImageLearnerConfig.Training training =
        ImageLearnerConfig.standard(1)
            .withObjective(objective.key(), Map.of(), ImageLearnerConfig.Labels.LABEL)
            .training();
    return ObjectiveFeed.of(
        FeedStream.images(training, PROTOTYPES), objective, parameters(objective));
  }

  /** SepCLR's joint entropy at its default weight spreads the noise, which is loudest here. */
  private static Map<String, Object> parameters(Objectives objective) {
    return switch (objective) {
      case SWAV -> Map.of("crops", 2, "tau", 0.2);
      case SEPCLR -> Map.of("jointEntropyWeight", 1);
      default -> Map.of();
    };
  }

  @ParameterizedTest
  @MethodSource("clustering")
  void clustersAreFound(Objectives objective) {
    PrototypesConfig config = new PrototypesConfig(PROTOTYPES, WIDTH, 0, 0.9, 0, 0.1, 50);
    Prototypes prototypes = new Prototypes(kernels, config, new SeededRandom(3));
    ClusterInputs clusters = new ClusterInputs(kernels, prototypes, null, 2);
    ObjectiveFeed feed = feed(objective);
    ObjectiveWeights weights = weights(feed);
    ObjectiveCall call = new ObjectiveCall(kernels, feed, weights, null, clusters);
    ObjectiveFeed swapped = feed(Objectives.SWAV);
    ObjectiveCall assign = new ObjectiveCall(kernels, swapped, weights(swapped), null, clusters);
    Parameters encoder =
        Parameters.of(kernels).normal("w", ToyStream.INPUT, WIDTH, 0.2).build(new SeededRandom(2));
    List<Parameters> trained = new ArrayList<>(List.of(encoder, prototypes.parameters()));
    if (weights.parameters() != null) {
      trained.add(weights.parameters());
    }
    List<Adam> steps = new ArrayList<>();
    trained.forEach(part -> steps.add(new Adam(kernels, part, AdamConfig.STANDARD)));
    double before = stream.accuracy(encoder.value("w"), WIDTH);

    Matrix states = kernels.allocate(2 * BATCH, WIDTH);
    Matrix gradient = kernels.allocate(2 * BATCH, WIDTH);
    for (int step = 0; step < STEPS; step++) {
      int[] truth = new int[BATCH];
      Matrix inputs = stream.views(truth, 2);
      List<Sample> rows = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        rows.add(new Sample(step * BATCH + i, truth[i]));
      }
      prototypes.normaliseInPlace();
      trained.forEach(Parameters::zeroGradientsInPlace);
      kernels.multiply(inputs, encoder.value("w"), 1, 0, states);
      assign.evaluate(rows, states, 2, 1, stream.random(), gradient);
      call.evaluate(rows, states, 2, 1, stream.random(), gradient);
      kernels.multiplyTransposed(inputs, gradient, 1, 0, encoder.gradient("w"));
      steps.forEach(adam -> adam.stepInPlace(0.01));
      prototypes.observeInPlace(clusters.clusters(states, BATCH, 0), BATCH);
    }
    assertThat(before).isLessThan(UNTRAINED);
    assertThat(stream.accuracy(encoder.value("w"), WIDTH)).isGreaterThan(TRAINED);
  }

  private ObjectiveWeights weights(ObjectiveFeed feed) {
    Map<String, Integer> sizes = Map.of("D", WIDTH, "K", PROTOTYPES, "C", PROTOTYPES);
    return new ObjectiveWeights(kernels, 1, sizes, feed);
  }

  /** Clusters are labels where an objective wants some, and one of them is the background. */
  private record Sample(int id, int cluster) implements ContrastRow {

    @Override
    public String label() {
      return "cluster " + cluster;
    }

    @Override
    public int classIn(int bound) {
      return cluster % bound;
    }

    @Override
    public boolean isBackground() {
      return cluster == 0;
    }

    @Override
    public String bankKey() {
      return label();
    }

    @Override
    public String user() {
      return BankEntry.NONE;
    }

    @Override
    public String item() {
      return Integer.toString(id);
    }
  }
}
