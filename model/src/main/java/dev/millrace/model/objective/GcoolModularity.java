package dev.millrace.model.objective;

import static dev.millrace.model.objective.Signature.Kind.CONSTANT;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Centres of communities by soft modularity: edges within communities against what their volumes
 * let expect.
 *
 * <pre>
 *   r_ik = softmax_k( &lt;h_i, c_k&gt; / tau ) with unit rows
 *   v_k = mean of r_k over all edge ends,  H = -sum_k v_k log v_k
 *   loss = -mean_edges &lt;r_i, r_j&gt; + sum_k v_k u_k - entropyWeight H
 *   u = v, or the constant communityVolume if it is given
 * </pre>
 *
 * <p>Shapes: {@code h: B x D} raw and constant, {@code centres: K x D} raw, {@code edges: E x 2} of
 * rows of {@code h}, either way round or both; optional {@code communityVolume: [K]} of a stream;
 * gradient {@code centres}; outputs {@code assignments: B x K, volume: [K]} and the scalar {@code
 * entropy}.
 *
 * <p>Mean over the E edges, of which there is at least one. Parameters: {@code tau} above 0; {@code
 * entropyWeight} not below 0. With one centre the loss is 0. On a stream of small batches the
 * batch's own volume is a poor null model: pass a moving average of the output {@code volume}.
 *
 * <p>It stands in for the density objective of Li, Jing, Tong, Graph Communal Contrastive Learning,
 * WWW 2022, equations 4 to 7, which prefers a single community; modularity is that of Newman,
 * Modularity and Community Structure in Networks, PNAS 2006, with soft assignments. Entropy is that
 * of the volumes.
 */
final class GcoolModularity implements Objective {

  private static final double SMALLEST = 1e-300;

  private static final Signature SIGNATURE =
      Signature.of()
          .constant("h", "B", "D")
          .parameter("centres", ValueRange.any(), "K", "D")
          .integers("edges", ValueRange.index("B"), "E", "2")
          .optional("communityVolume", CONSTANT, ValueRange.distribution(), "K")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final CommunityAssignment assignment;
  private final double entropyWeight;
  private int[] starts = new int[0];
  private int[] neighbours = new int[0];

  GcoolModularity(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.assignment = new CommunityAssignment(kernels, parameters.positive("tau", 0.2));
    this.entropyWeight = parameters.weight("entropyWeight", 0.1);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = SIGNATURE.bind(inputs).get("B");
    Matrix r = assignment.forward(inputs.matrix("h"), inputs.matrix("centres"));
    int communities = r.columns();
    int[] edges = inputs.integers("edges");
    double count = edges.length / 2.0;

    Matrix gradient = neighbourSums(r, edges);
    Matrix dots = workspace.matrix("dots", batch, 1);
    kernels.rowDots(r, gradient, dots);
    double within = kernels.sum(dots) / (2 * count);
    Matrix degrees = degrees(batch, edges);
    Matrix volume = workspace.matrix("volume", communities, 1);
    kernels.multiplyTransposed(r, degrees, 1 / (2 * count), 0, volume);
    double[] v = new double[communities];
    kernels.read(volume, v);
    double[] u = v;
    boolean streaming = inputs.has("communityVolume");
    if (streaming) {
      u = new double[communities];
      kernels.read(inputs.matrix("communityVolume"), u);
    }
    double expected = 0;
    double entropy = 0;
    double[] slopes = new double[communities];
    for (int k = 0; k < communities; k++) {
      double log = Math.log(Math.max(v[k], SMALLEST));
      expected += v[k] * u[k];
      entropy -= v[k] * log;
      slopes[k] = (streaming ? u[k] : 2 * u[k]) + entropyWeight * log;
    }
    centre(slopes, v);
    Matrix ofVolume = workspace.matrix("ofVolume", 1, communities);
    kernels.write(slopes, ofVolume);
    kernels.scaleInPlace(gradient, -1 / count);
    kernels.multiply(degrees, ofVolume, 1 / (2 * count), 1, gradient);
    return new LossAndGradient(expected - within - entropyWeight * entropy)
        .withGradient("centres", assignment.backward(gradient))
        .withOutput("assignments", r)
        .withOutput("volume", volume.reshaped(1, communities))
        .withScalar("entropy", entropy);
  }

  /** Takes the mean off: a constant has no gradient through a softmax, but rounds. */
  private static void centre(double[] slopes, double[] v) {
    double mean = 0;
    for (int k = 0; k < v.length; k++) {
      mean += v[k] * slopes[k];
    }
    for (int k = 0; k < v.length; k++) {
      slopes[k] -= mean;
    }
  }

  /** For each row the sum of the rows at the other ends of its edges. */
  private Matrix neighbourSums(Matrix r, int[] edges) {
    if (starts.length < r.rows() + 2 || neighbours.length < edges.length) {
      starts = new int[r.rows() + 2];
      neighbours = new int[edges.length];
    }
    Arrays.fill(starts, 0, r.rows() + 2, 0);
    for (int end : edges) {
      starts[end + 2]++;
    }
    for (int i = 2; i < r.rows() + 2; i++) {
      starts[i] += starts[i - 1];
    }
    // Filling a row's list moves its start to its end, which is the next one's start.
    for (int e = 0; e < edges.length; e++) {
      neighbours[starts[edges[e] + 1]++] = edges[e ^ 1];
    }
    Matrix sums = workspace.like("neighbourSums", r);
    kernels.sumsOfBags(r, starts, neighbours, sums);
    return sums;
  }

  private Matrix degrees(int batch, int[] edges) {
    double[] values = new double[batch];
    for (int end : edges) {
      values[end]++;
    }
    Matrix degrees = workspace.matrix("degrees", batch, 1);
    kernels.write(values, degrees);
    return degrees;
  }
}
