package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;
import dev.millrace.model.optimizer.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each objective that a stream of interactions can feed teaches a linear encoder to see the
 * clusters of a {@link ToyStream}.
 */
class ToyConvergenceTest {

  private static final int BATCH = 48;
  private static final int STEPS = 600;
  private static final double UNTRAINED = 0.4;
  private static final double TRAINED = 0.95;

  private final Kernels kernels = new CpuKernels(1);
  private final ToyStream stream = new ToyStream(kernels);

  static Stream<Objectives> contrastive() {
    return Arrays.stream(Objectives.values())
        .filter(objective -> objective != Objectives.SOFTMAX_CE)
        .filter(objective -> SequenceLearnerConfig.refusal(objective).isEmpty());
  }

  /**
   * AdaMEOW is slow: its candidates are constants, and its own weights learn to look at the easy
   * negatives.
   */
  private static double level(Objectives objective) {
    return objective == Objectives.ADAMEOW ? 0.55 : TRAINED;
  }

  private static SequenceLearnerConfig config(String objective) {
    SequenceLearnerConfig config = Streams.config(1);
    SequenceLearnerConfig.Training t = config.training();
    return new SequenceLearnerConfig(
        config.model(),
        new SequenceLearnerConfig.Training(
            BATCH,
            t.replaySteps(),
            t.replayBaskets(),
            t.partialQueries(),
            t.partialItems(),
            t.historyDropout(),
            t.poolDropout(),
            t.dropout(),
            t.rate(),
            t.encoderRate(),
            t.priorHalfLife(),
            objective,
            1,
            t.objectiveParameters(),
            t.views(),
            t.positives(),
            t.intents(),
            t.labels(),
            256,
            ToyStream.CLUSTERS),
        config.ranker(),
        config.output(),
        config.seed());
  }

  @ParameterizedTest
  @MethodSource("contrastive")
  void clustersAreFound(Objectives objective) {
    SequenceLearnerConfig config = config(objective.key());
    ObjectiveFeed feed = ObjectiveFeed.of(config.training());
    ObjectiveWeights weights =
        new ObjectiveWeights(kernels, config.seed(), config.objectiveSizes(), feed);
    NegativeBank bank =
        feed.takes(ObjectiveFeed.Source.BANK) ? new NegativeBank(config.bank(), 0, kernels) : null;
    ObjectiveCall call = new ObjectiveCall(kernels, feed, weights, bank, null);
    boolean labels =
        feed.takes(ObjectiveFeed.Source.LABELS_OF_VIEWS) || feed.takes(ObjectiveFeed.Source.LABELS);
    int width = config.model().width();
    Parameters encoder =
        Parameters.of(kernels).normal("w", ToyStream.INPUT, width, 0.2).build(new SeededRandom(2));
    Adam adam = new Adam(kernels, encoder, AdamConfig.STANDARD);
    Adam ofWeights =
        weights.parameters() == null
            ? null
            : new Adam(kernels, weights.parameters(), AdamConfig.STANDARD);
    double before = stream.accuracy(encoder.value("w"), width);

    Matrix states = kernels.allocate(2 * BATCH, width);
    Matrix gradient = kernels.allocate(2 * BATCH, width);
    for (int step = 0; step < STEPS; step++) {
      int[] clusters = new int[BATCH];
      Matrix inputs = stream.views(clusters, 2);
      List<BasketExample> rows = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        int id = step * BATCH + i;
        String label = labels ? "cluster " + clusters[i] : "";
        rows.add(new BasketExample(id, new int[] {id}, new int[] {1}, new int[] {id}, label, 1));
      }
      kernels.multiply(inputs, encoder.value("w"), 1, 0, states);
      encoder.zeroGradientsInPlace();
      if (ofWeights != null) {
        weights.parameters().zeroGradientsInPlace();
      }
      call.evaluate(rows, states, 2, 1, stream.random(), gradient);
      if (bank != null) {
        bank.enqueue(states.rows(BATCH, 2 * BATCH), rows, step);
      }
      kernels.multiplyTransposed(inputs, gradient, 1, 0, encoder.gradient("w"));
      adam.stepInPlace(0.01);
      if (ofWeights != null) {
        ofWeights.stepInPlace(0.01);
      }
    }
    double after = stream.accuracy(encoder.value("w"), width);
    assertThat(before).isLessThan(UNTRAINED);
    assertThat(after).isGreaterThan(level(objective));
  }
}
