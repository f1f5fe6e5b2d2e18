package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Contrast of two views of a graph's nodes with each other and with the communities of the other
 * view.
 *
 * <pre>
 *   m_k = mean of the unit rows of community k of the other view, constant;  a the node's community
 *   node = mean_i ( log sum_j exp(&lt;h1_i, h2_j&gt; / tau) - &lt;h1_i, h2_i&gt; / tau )
 *   cosine: x_ik = &lt;h_i, m_k&gt; / tau
 *   rbf:    x_ik = -|h_i - m_k|^2 / tau^2 - gamma |m_a - m_k|^2
 *   community = mean_i ( log sum_k exp x_ik - x_ia ), mean of both directions
 *   loss = node + community
 * </pre>
 *
 * <p>Shapes: {@code h1, h2: B x D} raw, {@code communities1, communities2: [B]}, indices below
 * {@code communities}; gradients {@code h1, h2}; scalars {@code node, community}. A node of one
 * view is contrasted with the community that it has in the other.
 *
 * <p>Mean over the B rows. Parameters: {@code tau} above 0, {@code communities}, {@code similarity}
 * (cosine or rbf), {@code gamma} not below 0, which makes near communities count more than far ones
 * (rbf only). An empty community is the zero vector and stays a candidate. A batch of one has no
 * node term, a single community no community term.
 *
 * <p>The node term has one direction, as in the released code. There, the term is switched off
 * after a share of the epochs and weighs at most 0.048; here the weight of the objective is the
 * learner's. {@code |h|^2} and {@code gamma |m_a|^2} are the same for all communities of a row and
 * are left out.
 *
 * <p>Li, Jing, Tong, Graph Communal Contrastive Learning, WWW 2022, equations 8 to 13.
 */
final class GcoolContrast implements Objective {

  private final Signature signature;
  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows first;
  private final UnitRows second;
  private final ClusterMeans firstMeans;
  private final ClusterMeans secondMeans;
  private final StopGradient stopGradient = new StopGradient();
  private final double tau;
  private final int communities;
  private final boolean rbf;
  private final double gamma;
  private int[] targets = new int[0];

  GcoolContrast(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.first = new UnitRows(kernels);
    this.second = new UnitRows(kernels);
    this.firstMeans = new ClusterMeans(kernels);
    this.secondMeans = new ClusterMeans(kernels);
    this.tau = parameters.positive("tau", 0.2);
    this.communities = parameters.integer("communities", 8);
    this.rbf = parameters.choice("similarity", "cosine", "cosine", "rbf").equals("rbf");
    this.gamma = parameters.weight("gamma", 1);
    if (communities < 1) {
      throw new IllegalArgumentException(
          "parameter 'communities' must be above 0, was " + communities);
    }
    ValueRange index = ValueRange.between(0, communities - 1);
    this.signature =
        Signature.of()
            .differentiable("h1", "B", "D")
            .differentiable("h2", "B", "D")
            .integers("communities1", index, "B")
            .integers("communities2", index, "B")
            .build();
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
    int[] index1 = inputs.integers("communities1");
    int[] index2 = inputs.integers("communities2");
    Clustering.check("communities1", index1, 0, batch, communities);
    Clustering.check("communities2", index2, 0, batch, communities);
    Matrix h1 = first.forward(inputs.matrix("h1"));
    Matrix h2 = second.forward(inputs.matrix("h2"));
    Matrix means1 = firstMeans.forward(h1, index1, communities);
    Matrix means2 = secondMeans.forward(h2, index2, communities);
    stopGradient.holdInPlace("means1", kernels, means1);
    stopGradient.holdInPlace("means2", kernels, means2);

    Matrix gradient1 = workspace.like("gradient1", h1);
    Matrix gradient2 = workspace.like("gradient2", h2);
    double node = node(h1, h2, gradient1, gradient2);
    double community =
        (community(h1, means2, index2, gradient1) + community(h2, means1, index1, gradient2)) / 2;
    return new LossAndGradient(node + community)
        .withGradient("h1", first.backward(gradient1))
        .withGradient("h2", second.backward(gradient2))
        .withScalar("node", node)
        .withScalar("community", community);
  }

  private double node(Matrix h1, Matrix h2, Matrix gradient1, Matrix gradient2) {
    int batch = h1.rows();
    Matrix logits = workspace.matrix("logits", batch, batch);
    kernels.multiplyByTransposed(h1, h2, 1 / tau, 0, logits);
    Matrix rowLoss = workspace.matrix("rowLoss", batch, 1);
    kernels.crossEntropyRowsInPlace(logits, diagonal(batch), rowLoss);
    kernels.multiply(logits, h2, 1 / (tau * batch), 0, gradient1);
    kernels.multiplyTransposed(logits, h1, 1 / (tau * batch), 0, gradient2);
    return kernels.sum(rowLoss) / batch;
  }

  /** One direction; adds half its gradient. */
  private double community(Matrix h, Matrix means, int[] index, Matrix gradient) {
    int batch = h.rows();
    Matrix logits = workspace.matrix("ofCommunities", batch, communities);
    double slope = rbf ? 2 / (tau * tau) : 1 / tau;
    if (rbf) {
      Matrix left = workspace.like("left", h);
      kernels.gatherRows(means, index, batch, left);
      kernels.scaleInPlace(left, 2 * gamma);
      kernels.addInPlace(left, slope, h);
      kernels.multiplyByTransposed(left, means, 1, 0, logits);
      Matrix squares = workspace.matrix("squares", communities, 1);
      kernels.rowDots(means, means, squares);
      kernels.scaleInPlace(squares, -slope / 2 - gamma);
      kernels.addRowInPlace(logits, squares.reshaped(1, communities));
    } else {
      kernels.multiplyByTransposed(h, means, slope, 0, logits);
    }
    Matrix rowLoss = workspace.matrix("rowLoss", batch, 1);
    kernels.crossEntropyRowsInPlace(logits, index, rowLoss);
    kernels.multiply(logits, means, slope / (2 * batch), 1, gradient);
    return kernels.sum(rowLoss) / batch;
  }

  private int[] diagonal(int batch) {
    if (targets.length != batch) {
      targets = new int[batch];
      Arrays.setAll(targets, i -> i);
    }
    return targets;
  }
}
