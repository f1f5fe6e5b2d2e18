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
 * Each objective teaches a linear encoder to see clusters in a stream of which every sample comes
 * once.
 *
 * <p>A sample is eight numbers near the centre of its cluster beside sixteen louder ones that
 * differ between its two views. Untrained, the ten nearest neighbours name the cluster little
 * better than chance (one in six); what keeps what the views share finds it.
 */
class ToyConvergenceTest {

  private static final int CLUSTERS = 6;
  private static final int SIGNAL = 8;
  private static final int INPUT = 24;
  private static final int BATCH = 48;
  private static final int STEPS = 600;
  private static final double UNTRAINED = 0.4;
  private static final double TRAINED = 0.95;

  private final Kernels kernels = new CpuKernels(1);
  private final SeededRandom random = new SeededRandom(31);
  private final double[][] centres = new double[CLUSTERS][SIGNAL];

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
            CLUSTERS),
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
    for (double[] centre : centres) {
      Arrays.setAll(centre, i -> 1.5 * random.nextGaussian());
    }
    int width = config.model().width();
    Parameters encoder =
        Parameters.of(kernels).normal("w", INPUT, width, 0.2).build(new SeededRandom(2));
    Adam adam = new Adam(kernels, encoder, AdamConfig.STANDARD);
    Adam ofWeights =
        weights.parameters() == null
            ? null
            : new Adam(kernels, weights.parameters(), AdamConfig.STANDARD);
    double before = accuracy(encoder.value("w"), width);

    Matrix states = kernels.allocate(2 * BATCH, width);
    Matrix gradient = kernels.allocate(2 * BATCH, width);
    for (int step = 0; step < STEPS; step++) {
      int[] clusters = new int[BATCH];
      Matrix inputs = views(clusters, 2);
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
      call.evaluate(rows, states, 2, 1, random, gradient);
      if (bank != null) {
        bank.enqueue(states.rows(BATCH, 2 * BATCH), rows, step);
      }
      kernels.multiplyTransposed(inputs, gradient, 1, 0, encoder.gradient("w"));
      adam.stepInPlace(0.01);
      if (ofWeights != null) {
        ofWeights.stepInPlace(0.01);
      }
    }
    double after = accuracy(encoder.value("w"), width);
    assertThat(before).isLessThan(UNTRAINED);
    assertThat(after).isGreaterThan(level(objective));
  }

  /** Views of one sample a row: all first views, then all second views. */
  private Matrix views(int[] clusters, int count) {
    int batch = clusters.length;
    double[] values = new double[count * batch * INPUT];
    for (int i = 0; i < batch; i++) {
      clusters[i] = random.nextInt(CLUSTERS);
      double[] own = new double[SIGNAL];
      for (int s = 0; s < SIGNAL; s++) {
        own[s] = centres[clusters[i]][s] + 0.3 * random.nextGaussian();
      }
      for (int view = 0; view < count; view++) {
        int at = (view * batch + i) * INPUT;
        for (int j = 0; j < INPUT; j++) {
          values[at + j] =
              j < SIGNAL ? own[j] + 0.1 * random.nextGaussian() : 5 * random.nextGaussian();
        }
      }
    }
    return kernels.of(count * batch, INPUT, values);
  }

  /** How often the ten nearest of 300 samples by cosine name the cluster of 300 others. */
  private double accuracy(Matrix encoder, int width) {
    int count = 300;
    int[] known = new int[count];
    int[] asked = new int[count];
    double[] gallery = unit(views(known, 1), encoder, width);
    double[] queries = unit(views(asked, 1), encoder, width);
    int right = 0;
    for (int q = 0; q < count; q++) {
      double[] similarity = new double[count];
      Integer[] order = new Integer[count];
      for (int g = 0; g < count; g++) {
        order[g] = g;
        for (int j = 0; j < width; j++) {
          similarity[g] += queries[q * width + j] * gallery[g * width + j];
        }
      }
      Arrays.sort(order, (a, b) -> Double.compare(similarity[b], similarity[a]));
      int[] votes = new int[CLUSTERS];
      int best = 0;
      for (int n = 0; n < 10; n++) {
        int cluster = known[order[n]];
        votes[cluster]++;
        best = votes[cluster] > votes[best] ? cluster : best;
      }
      right += best == asked[q] ? 1 : 0;
    }
    return (double) right / count;
  }

  private double[] unit(Matrix inputs, Matrix encoder, int width) {
    Matrix states = kernels.allocate(inputs.rows(), width);
    kernels.multiply(inputs, encoder, 1, 0, states);
    Matrix unit = kernels.allocate(inputs.rows(), width);
    kernels.normalizeRows(states, unit, kernels.allocate(inputs.rows(), 1));
    double[] values = new double[inputs.rows() * width];
    kernels.read(unit, values);
    return values;
  }
}
