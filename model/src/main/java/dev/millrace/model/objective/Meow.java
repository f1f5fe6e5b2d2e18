package dev.millrace.model.objective;

import static dev.millrace.model.objective.Signature.Kind.CONSTANT;
import static dev.millrace.model.objective.Signature.Kind.DIFFERENTIABLE;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Contrast of a coarse with a fine view of the nodes of a heterogeneous graph, in which negatives
 * that share clusters with the anchor count less, plus contrast with the clusters' centroids.
 *
 * <pre>
 *   s_ij = &lt;q_i, k_j&gt; / tau with unit rows
 *   u_ij = max(T - number of clusterings in which i and j agree, 0.05 T)
 *   w_ij = (B - 1) u_ij / sum_{l != i} u_il  for j != i,  w_ii = 1
 *   infoNce = mean_i ( log sum_j w_ij exp s_ij - s_ii )
 *   loss = infoNce + lambda prototype
 * </pre>
 *
 * <p>Shapes: {@code q: B x D} raw, {@code k: B x D} raw and constant, {@code assignments: T x B},
 * optional {@code concentrations: [C]}, those of the T clusterings one after another, in place of
 * computed ones; gradient {@code q}; outputs {@code weights: B x B}, {@code concentrations: [C]} (0
 * for an empty cluster), and the scalars {@code infoNce, prototype}.
 *
 * <p>Mean over the B rows. Parameters: {@code tau} above 0; {@code lambda} not below 0; {@code
 * clusters}: the number of clusters of each clustering, whose sum is C; {@code fixed}, which
 * follows the variant unless given. Empty clusters take no part; concentrations below {@code 1e-6
 * tau} count as that. A batch of one costs nothing, nor does a clustering of one used cluster.
 *
 * <p>Not fixed, as released: {@code w_ij = T - agreements}, so that the positive is not in the
 * denominator; {@code k} is differentiated; the prototype term has the constant {@code log(B / used
 * clusters)}. A row that shares all clusters with every other has no negatives and contributes 0.
 *
 * <p>Deviations of the fixed form from the released code: without the positive in the denominator
 * the loss has no lower bound, and without a floor a row can lose all its negatives; the scale of
 * the weights is fixed so that it does not act as a temperature; keys are constants as those of a
 * bank are. The released concentration is the root of an inner product, which is large for tight
 * clusters and not a number for a negative product: here it is the mean distance in both forms.
 *
 * <p>Yu and Li, Heterogeneous Graph Contrastive Learning with Meta-path Contexts and Weighted
 * Negative Samples, SDM 2023, equations 9 to 13.
 *
 * @see MeowPrototypes
 */
final class Meow implements Objective {

  private static final double FLOOR = 0.05;

  private final Signature signature;
  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows queries;
  private final UnitRows keys;
  private final StopGradient stopGradient = new StopGradient();
  private final MeowPrototypes prototypes;
  private final Entries entries = new Entries();
  private final double tau;
  private final double lambda;
  private final boolean fixed;
  private final int[] clusters;
  private final int[] from;
  private final Clustering[] clusterings;
  private final double[] concentrations;
  private int[] diagonal = new int[0];

  Meow(Kernels kernels, ObjectiveParameters parameters) {
    this(kernels, parameters, true);
  }

  private Meow(Kernels kernels, ObjectiveParameters parameters, boolean fixed) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.queries = new UnitRows(kernels);
    this.keys = new UnitRows(kernels);
    this.tau = parameters.positive("tau", 0.4);
    this.lambda = parameters.weight("lambda", 1);
    this.fixed = parameters.flag("fixed", fixed);
    this.clusters = parameters.integers("clusters", 4, 4);
    this.prototypes = new MeowPrototypes(kernels, stopGradient, tau);
    this.from = new int[clusters.length];
    this.clusterings = new Clustering[clusters.length];
    int all = 0;
    for (int t = 0; t < clusters.length; t++) {
      if (clusters[t] < 1) {
        throw new IllegalArgumentException(
            "parameter 'clusters' must be numbers above 0, was " + Arrays.toString(clusters));
      }
      from[t] = all;
      all += clusters[t];
      clusterings[t] = new Clustering();
    }
    this.concentrations = new double[all];
    int largest = Arrays.stream(clusters).max().orElseThrow();
    this.signature =
        Signature.of()
            .differentiable("q", "B", "D")
            .add("k", this.fixed ? CONSTANT : DIFFERENTIABLE, true, ValueRange.any(), "B", "D")
            .integers(
                "assignments",
                ValueRange.between(0, largest - 1),
                String.valueOf(clusters.length),
                "B")
            .optional("concentrations", CONSTANT, ValueRange.positive(), String.valueOf(all))
            .build();
  }

  /** The loss of the released code. */
  static Meow released(Kernels kernels, ObjectiveParameters parameters) {
    return new Meow(kernels, parameters, false);
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public StopGradient stopGradient() {
    return stopGradient;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = signature.bind(inputs).get("B");
    for (int t = 0; t < clusterings.length; t++) {
      int[] assignments = inputs.integers("assignments");
      clusterings[t].read("assignments", assignments, t * batch, batch, clusters[t]);
    }
    Matrix q = queries.forward(inputs.matrix("q"));
    Matrix k = keys.forward(inputs.matrix("k"));
    Matrix weights = weights(batch);
    Matrix logWeights = workspace.like("logWeights", weights);
    kernels.apply(Elementwise.LOG, weights, logWeights);
    Matrix logits = workspace.like("logits", weights);
    kernels.multiplyByTransposed(q, k, 1 / tau, 0, logits);
    kernels.addInPlace(logits, 1, logWeights);
    double infoNce = fixed ? crossEntropy(logits) : decoupled(q, k, logits);

    Matrix gradientQ = workspace.like("gradientQ", q);
    Matrix gradientK = workspace.like("gradientK", k);
    kernels.multiply(logits, k, 1 / (tau * batch), 0, gradientQ);
    if (!fixed) {
      kernels.multiplyTransposed(logits, q, 1 / (tau * batch), 0, gradientK);
    }
    double prototype = prototype(inputs, q, k, gradientQ);
    Matrix used = workspace.matrix("concentrations", 1, concentrations.length);
    kernels.write(concentrations, used);
    LossAndGradient result =
        new LossAndGradient(infoNce + lambda * prototype)
            .withGradient("q", queries.backward(gradientQ))
            .withOutput("weights", weights)
            .withOutput("concentrations", used)
            .withScalar("infoNce", infoNce)
            .withScalar("prototype", prototype);
    return fixed ? result : result.withGradient("k", keys.backward(gradientK));
  }

  /** Mean cross entropy with the positive in the denominator; logits become their gradient. */
  private double crossEntropy(Matrix logits) {
    Matrix rowLoss = workspace.matrix("rowLoss", logits.rows(), 1);
    kernels.crossEntropyRowsInPlace(logits, diagonal(logits.rows()), rowLoss);
    return kernels.sum(rowLoss) / logits.rows();
  }

  /** The same without it; rows without negatives cost nothing. */
  private double decoupled(Matrix q, Matrix k, Matrix logits) {
    int batch = q.rows();
    Matrix positive = workspace.matrix("positive", batch, 1);
    kernels.rowDots(q, k, positive);
    kernels.scaleInPlace(positive, -1 / tau);
    kernels.addColumnInPlace(logits, positive);
    Matrix logSums = workspace.matrix("logSums", batch, 1);
    kernels.softmaxRowsInPlace(logits, logSums);
    double[] rows = new double[batch];
    kernels.read(logSums, rows);
    double loss = 0;
    entries.clear();
    for (int i = 0; i < batch; i++) {
      if (rows[i] != Double.NEGATIVE_INFINITY) {
        loss += rows[i] / batch;
        entries.add(i, i, -1);
      }
    }
    entries.addTo(kernels, logits);
    return loss;
  }

  private double prototype(ObjectiveInputs inputs, Matrix q, Matrix k, Matrix gradientQ) {
    boolean given = inputs.has("concentrations");
    if (given) {
      kernels.read(inputs.matrix("concentrations"), concentrations);
    }
    double loss =
        prototypes.evaluate(q, k, clusterings, from, concentrations, given, lambda, gradientQ);
    for (Clustering clustering : clusterings) {
      double perCluster = (double) q.rows() / clustering.used();
      loss += fixed ? 0 : Math.log(perCluster) / clusterings.length;
    }
    return loss;
  }

  private Matrix weights(int batch) {
    Matrix disagreements = disagreements(batch);
    if (!fixed) {
      return disagreements;
    }
    double floor = FLOOR * clusterings.length;
    Matrix weights = workspace.like("weights", disagreements);
    kernels.addScalarInPlace(disagreements, -floor);
    kernels.apply(Elementwise.RELU, disagreements, weights);
    kernels.addScalarInPlace(weights, floor);
    addToDiagonal(weights, -floor);
    Matrix sums = workspace.matrix("sums", batch, 1);
    kernels.rowSums(weights, sums);
    double[] factors = new double[batch];
    kernels.read(sums, factors);
    Arrays.setAll(factors, i -> factors[i] > 0 ? (batch - 1) / factors[i] : 0);
    kernels.write(factors, sums);
    kernels.scaleRowsInPlace(weights, sums);
    addToDiagonal(weights, 1);
    return weights;
  }

  /** {@code T} minus the number of clusterings in which two rows agree: a product of indicators. */
  private Matrix disagreements(int batch) {
    int columns = 0;
    entries.clear();
    for (Clustering clustering : clusterings) {
      int[] members = clustering.members();
      for (int i = 0; i < batch; i++) {
        entries.add(i, columns + members[i], 1);
      }
      columns += clustering.used();
    }
    Matrix indicators = workspace.zeros("indicators", batch, columns);
    entries.addTo(kernels, indicators);
    Matrix disagreements = workspace.matrix("disagreements", batch, batch);
    kernels.multiplyByTransposed(indicators, indicators, -1, 0, disagreements);
    kernels.addScalarInPlace(disagreements, clusterings.length);
    return disagreements;
  }

  private void addToDiagonal(Matrix x, double value) {
    entries.clear();
    for (int i = 0; i < x.rows(); i++) {
      entries.add(i, i, value);
    }
    entries.addTo(kernels, x);
  }

  private int[] diagonal(int batch) {
    if (diagonal.length != batch) {
      diagonal = new int[batch];
      Arrays.setAll(diagonal, i -> i);
    }
    return diagonal;
  }
}
