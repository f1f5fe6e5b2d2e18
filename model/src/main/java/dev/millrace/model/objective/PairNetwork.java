package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * A network of one hidden layer on the sum of every anchor and every candidate.
 *
 * <pre>
 *   o_ij = v2 tanh(v1 (a_i + c_j) + b1) + b2
 * </pre>
 *
 * <p>Shapes: {@code a, c: B x D, v1: H x D, b1: 1 x H, v2: 1 x H, b2: 1 x 1, o: B x B}. The layer
 * is linear before tanh, so anchors and candidates pass it apart and only their sums are formed for
 * all pairs, which are not kept; {@code tanh x = 2 sigmoid(2 x) - 1}.
 */
final class PairNetwork {

  private final Kernels kernels;
  private final Workspace workspace;
  private Matrix anchors;
  private Matrix candidates;
  private Matrix v1;
  private Matrix ofAnchors;
  private Matrix ofCandidates;
  private Matrix weights;
  private Matrix slopesOfAnchors;
  private Matrix slopesOfCandidates;

  PairNetwork(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  /** The negated outputs of all pairs; they live until the next call. */
  Matrix negated(Matrix a, Matrix c, Matrix v1, Matrix b1, Matrix v2, Matrix b2) {
    this.anchors = a;
    this.candidates = c;
    this.v1 = v1;
    int hidden = v1.rows();
    ofAnchors = workspace.matrix("ofAnchors", hidden, a.rows());
    ofCandidates = workspace.matrix("ofCandidates", hidden, c.rows());
    Matrix bias = workspace.matrix("bias", hidden, 1);
    kernels.copy(b1.reshaped(hidden, 1), bias);
    kernels.scaleInPlace(bias, 2);
    kernels.multiplyByTransposed(v1, a, 2, 0, ofAnchors);
    kernels.addColumnInPlace(ofAnchors, bias);
    kernels.multiplyByTransposed(v1, c, 2, 0, ofCandidates);
    weights = workspace.like("weights", v2);
    kernels.copy(v2, weights);
    kernels.scaleInPlace(weights, -2);
    Matrix out = workspace.matrix("out", a.rows(), c.rows());
    kernels.sigmoidsOfSums(ofAnchors, ofCandidates, weights, kernels.sum(v2) - b2.get(0, 0), out);
    return out;
  }

  /**
   * Adds the gradients of the four parameters to a result.
   *
   * @param gradient at the outputs but for a factor, {@code scale}
   * @param total sum of the gradient, which may cancel and is better known where it comes from
   */
  LossAndGradient backward(Matrix gradient, double total, double scale, LossAndGradient result) {
    int hidden = v1.rows();
    slopesOfAnchors = workspace.like("slopesOfAnchors", ofAnchors);
    slopesOfCandidates = workspace.like("slopesOfCandidates", ofCandidates);
    Matrix gradientV2 = workspace.like("gradientV2", weights);
    kernels.sigmoidsOfSumsBackward(
        ofAnchors,
        ofCandidates,
        weights,
        gradient,
        slopesOfAnchors,
        slopesOfCandidates,
        gradientV2);
    kernels.scaleInPlace(gradientV2, 2 * scale);
    kernels.addScalarInPlace(gradientV2, -total * scale);
    Matrix gradientB2 = workspace.matrix("gradientB2", 1, 1);
    kernels.fillInPlace(gradientB2, total * scale);
    // The kernel had weights of the negated outputs and arguments that are twice the layer's.
    kernels.scaleInPlace(slopesOfAnchors, -2 * scale);
    kernels.scaleInPlace(slopesOfCandidates, -2 * scale);
    Matrix gradientV1 = workspace.like("gradientV1", v1);
    kernels.multiply(slopesOfAnchors, anchors, 1, 0, gradientV1);
    kernels.multiply(slopesOfCandidates, candidates, 1, 1, gradientV1);
    Matrix gradientB1 = workspace.like("gradientB1", weights);
    kernels.rowSums(slopesOfAnchors, gradientB1.reshaped(hidden, 1));
    return result
        .withGradient("v1", gradientV1)
        .withGradient("b1", gradientB1)
        .withGradient("v2", gradientV2)
        .withGradient("b2", gradientB2);
  }

  /** After {@link #backward}: adds the gradients of anchors and candidates. */
  void backwardToRows(Matrix gradientAnchors, Matrix gradientCandidates) {
    kernels.multiplyTransposed(slopesOfAnchors, v1, 1, 1, gradientAnchors);
    kernels.multiplyTransposed(slopesOfCandidates, v1, 1, 1, gradientCandidates);
  }
}
