package dev.millrace.model.learner;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;

/**
 * A stream of clusters that an encoder can learn to see, every sample of which comes once.
 *
 * <p>A sample is eight numbers near the centre of its cluster beside sixteen louder ones that
 * differ between its two views. Untrained, the ten nearest neighbours name the cluster little
 * better than chance (one in six); what keeps what the views share finds it.
 */
final class ToyStream {

  static final int CLUSTERS = 6;
  static final int INPUT = 24;

  private static final int SIGNAL = 8;

  private final Kernels kernels;
  private final SeededRandom random = new SeededRandom(31);
  private final double[][] centres = new double[CLUSTERS][SIGNAL];

  ToyStream(Kernels kernels) {
    this.kernels = kernels;
    for (double[] centre : centres) {
      Arrays.setAll(centre, i -> 1.5 * random.nextGaussian());
    }
  }

  SeededRandom random() {
    return random;
  }

  /** Views of one sample a row: all first views, then all second views. */
  Matrix views(int[] clusters, int count) {
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
  double accuracy(Matrix encoder, int width) {
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
