package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Centres of communities by the density of edges within and between them, as released.
 *
 * <pre>
 *   r_ik = softmax_k( &lt;h_i, c_k&gt; / tau ) with unit rows,  F = r^T A r
 *   loss = ( lambda sum F - (B - 1 + lambda) tr F ) / ( B (B - 1) ) + tr(r^T r) / (2 B)
 * </pre>
 *
 * <p>Shapes: {@code h: B x D} raw and constant, {@code centres: K x D} raw, {@code adjacency: B x
 * B}; gradient {@code centres}; output {@code assignments: B x K}.
 *
 * <p>Parameters: {@code tau} above 0; {@code lambda} not below 0. Without edges or with one node
 * the last term alone is left.
 *
 * <p>For comparison only: rows of r sum to 1, so sum F is the number of edge ends whatever the
 * assignment, and the loss is lowest with everything in one community. {@link GcoolModularity} has
 * a null model in place of the last term and should be used instead.
 *
 * <p>Li, Jing, Tong, Graph Communal Contrastive Learning, WWW 2022, equations 4 to 7.
 */
final class GcoolDensity implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .constant("h", "B", "D")
          .parameter("centres", ValueRange.any(), "K", "D")
          .integers("adjacency", ValueRange.adjacency(), "B", "B")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final CommunityAssignment assignment;
  private final double lambda;

  GcoolDensity(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.assignment = new CommunityAssignment(kernels, parameters.positive("tau", 0.2));
    this.lambda = parameters.weight("lambda", 0.9);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = SIGNATURE.bind(inputs).get("B");
    Matrix r = assignment.forward(inputs.matrix("h"), inputs.matrix("centres"));
    int[] edges = inputs.integers("adjacency");
    double[] values = new double[edges.length];
    double ends = 0;
    for (int i = 0; i < edges.length; i++) {
      values[i] = edges[i];
      ends += edges[i];
    }
    Matrix adjacency = workspace.matrix("adjacency", batch, batch);
    kernels.write(values, adjacency);

    Matrix gradient = workspace.like("gradient", r);
    kernels.multiply(adjacency, r, 1, 0, gradient);
    kernels.multiplyTransposed(adjacency, r, 1, 1, gradient);
    double within = dot(r, gradient) / 2;
    double pairs = Math.max(1, batch * (batch - 1.0));
    double weight = batch - 1 + lambda;
    double loss = (lambda * ends - weight * within) / pairs + dot(r, r) / (2 * batch);
    kernels.scaleInPlace(gradient, -weight / pairs);
    kernels.addInPlace(gradient, 1.0 / batch, r);
    return new LossAndGradient(loss)
        .withGradient("centres", assignment.backward(gradient))
        .withOutput("assignments", r);
  }

  private double dot(Matrix a, Matrix b) {
    Matrix dots = workspace.matrix("dots", a.rows(), 1);
    kernels.rowDots(a, b, dots);
    return kernels.sum(dots);
  }
}
