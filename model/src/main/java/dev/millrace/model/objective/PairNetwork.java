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
 * <p>Shapes: {@code a, c: B x D, v1: H x D, b1: 1 x H, v2: 1 x H, b2: 1 x 1, o: B x B}. It keeps
 * {@code H x B x B} numbers. The layer is linear before tanh, so anchors and candidates pass it
 * apart and only their sums are formed for all pairs; {@code tanh x = 2 sigmoid(2 x) - 1}.
 */
final class PairNetwork {

  private final Kernels kernels;
  private final Workspace workspace;
  private Matrix anchors;
  private Matrix candidates;
  private Matrix v1;
  private Matrix v2;
  private Matrix ofAnchors;
  private Matrix ofCandidates;
  private Matrix units;

  PairNetwork(Kernels kernels) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  /** The outputs of all pairs; they live until the next call. */
  Matrix forward(Matrix a, Matrix c, Matrix v1, Matrix b1, Matrix v2, Matrix b2) {
    this.anchors = a;
    this.candidates = c;
    this.v1 = v1;
    this.v2 = v2;
    int batch = a.rows();
    int hidden = v1.rows();
    ofAnchors = workspace.matrix("ofAnchors", hidden, batch);
    ofCandidates = workspace.matrix("ofCandidates", hidden, batch);
    Matrix bias = workspace.matrix("bias", hidden, 1);
    kernels.copy(b1.reshaped(hidden, 1), bias);
    kernels.scaleInPlace(bias, 2);
    kernels.multiplyByTransposed(v1, a, 2, 0, ofAnchors);
    kernels.addColumnInPlace(ofAnchors, bias);
    kernels.multiplyByTransposed(v1, c, 2, 0, ofCandidates);

    units = workspace.matrix("units", hidden * batch, batch);
    kernels.sigmoidOfSums(ofAnchors, ofCandidates, units);
    Matrix out = workspace.matrix("out", batch, batch);
    int pairs = Math.multiplyExact(batch, batch);
    kernels.multiply(v2, units.reshaped(hidden, pairs), 2, 0, out.reshaped(1, pairs));
    kernels.addScalarInPlace(out, b2.get(0, 0) - kernels.sum(v2));
    return out;
  }

  /** Adds the gradients of the four parameters to a result. */
  LossAndGradient backward(Matrix gradientOut, LossAndGradient result) {
    int batch = anchors.rows();
    int hidden = v1.rows();
    int pairs = batch * batch;
    double total = kernels.sum(gradientOut);
    Matrix gradientV2 = workspace.like("gradientV2", v2);
    kernels.multiplyByTransposed(
        gradientOut.reshaped(1, pairs), units.reshaped(hidden, pairs), 2, 0, gradientV2);
    kernels.addScalarInPlace(gradientV2, -total);
    Matrix gradientB2 = workspace.matrix("gradientB2", 1, 1);
    kernels.fillInPlace(gradientB2, total);

    Matrix slopesOfAnchors = workspace.like("slopesOfAnchors", ofAnchors);
    Matrix slopesOfCandidates = workspace.like("slopesOfCandidates", ofCandidates);
    kernels.sigmoidOfSumsBackward(
        ofAnchors, ofCandidates, gradientOut, slopesOfAnchors, slopesOfCandidates);
    ofAnchors = slopesOfAnchors;
    ofCandidates = slopesOfCandidates;
    Matrix factors = workspace.matrix("factors", hidden, 1);
    kernels.copy(v2.reshaped(hidden, 1), factors);
    kernels.scaleInPlace(factors, 4);
    kernels.scaleRowsInPlace(ofAnchors, factors);
    kernels.scaleRowsInPlace(ofCandidates, factors);

    Matrix gradientV1 = workspace.like("gradientV1", v1);
    kernels.multiply(ofAnchors, anchors, 1, 0, gradientV1);
    kernels.multiply(ofCandidates, candidates, 1, 1, gradientV1);
    Matrix gradientB1 = workspace.like("gradientB1", v2);
    kernels.rowSums(ofAnchors, gradientB1.reshaped(hidden, 1));
    return result
        .withGradient("v1", gradientV1)
        .withGradient("b1", gradientB1)
        .withGradient("v2", gradientV2)
        .withGradient("b2", gradientB2);
  }

  /** After {@link #backward}: adds the gradients of anchors and candidates. */
  void backwardToRows(Matrix gradientAnchors, Matrix gradientCandidates) {
    kernels.multiplyTransposed(ofAnchors, v1, 1, 1, gradientAnchors);
    kernels.multiplyTransposed(ofCandidates, v1, 1, 1, gradientCandidates);
  }
}
