package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Locale;

/**
 * The sum of MCLRec's terms over two encoder outputs and two augmenter outputs; both forms of the
 * objective share it.
 */
final class MclrecLoss {

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows first;
  private final UnitRows second;
  private final MclrecPair pair;
  private final double lambda;
  private final double beta;
  private final double gamma;
  private final MclrecPair.Bounds bounds;
  private double cl1;
  private double cl2;
  private double regulariser;

  MclrecLoss(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.first = new UnitRows(kernels);
    this.second = new UnitRows(kernels);
    this.pair = new MclrecPair(kernels);
    this.lambda = parameters.weight("lambda", 0.04);
    this.beta = parameters.weight("beta", 0.4);
    this.gamma = parameters.weight("gamma", 0.1);
    this.bounds =
        MclrecPair.Bounds.valueOf(
            parameters
                .choice("regulariser", "row-wise", "row-wise", "global")
                .toUpperCase(Locale.ROOT)
                .replace('-', '_'));
  }

  /**
   * Gradients at the arguments.
   *
   * @param h1 as the encoder's outputs
   * @param h2 as the encoder's outputs
   * @param a1 before the normalisation of the augmenter's outputs
   * @param a2 before the normalisation of the augmenter's outputs
   */
  record Gradients(Matrix h1, Matrix h2, Matrix a1, Matrix a2) {}

  /** Computes all terms; they and the gradients live until the next call. */
  Gradients evaluate(Matrix h1, Matrix h2, Matrix a1, Matrix a2) {
    Matrix z1 = first.forward(a1);
    Matrix z2 = second.forward(a2);
    int rows = h1.rows();
    int columns = h1.columns();
    Matrix ofH1 = workspace.zeros("h1", rows, columns);
    Matrix ofH2 = workspace.zeros("h2", rows, columns);
    Matrix ofZ1 = workspace.zeros("z1", rows, columns);
    Matrix ofZ2 = workspace.zeros("z2", rows, columns);
    boolean rowWise = bounds == MclrecPair.Bounds.ROW_WISE;
    MclrecPair.Bounds crossed = rowWise ? bounds : MclrecPair.Bounds.NONE;
    cl2 = 0;
    regulariser = 0;
    pair.add(h1, h2, lambda, 0, MclrecPair.Bounds.NONE, ofH1, ofH2);
    cl1 = pair.contrast();
    add(z1, z2, bounds, ofZ1, ofZ2);
    add(h1, z2, crossed, ofH1, ofZ2);
    add(h2, z1, crossed, ofH2, ofZ1);
    return new Gradients(ofH1, ofH2, first.backward(ofZ1), second.backward(ofZ2));
  }

  private void add(Matrix a, Matrix b, MclrecPair.Bounds of, Matrix gradientA, Matrix gradientB) {
    pair.add(a, b, beta, gamma, of, gradientA, gradientB);
    cl2 += pair.contrast();
    regulariser += pair.regulariser();
  }

  /** A result with the loss and its terms of the last call. */
  LossAndGradient result() {
    return new LossAndGradient(lambda * cl1 + beta * (cl2 + gamma * regulariser))
        .withScalar("lossCl1", cl1)
        .withScalar("lossCl2", cl2)
        .withScalar("regulariser", regulariser);
  }
}
