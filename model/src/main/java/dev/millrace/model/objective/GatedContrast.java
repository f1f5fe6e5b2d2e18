package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Contrast of rows under a gate of each anchor, which is what both forms of Hydra share.
 *
 * <pre>
 *   c_bn = cos( z_b * g_b, z_n * g_b )
 *        = &lt;z_b * g_b^2, z_n&gt; / sqrt( &lt;g_b^2, z_b^2&gt; &lt;g_b^2, z_n^2&gt; )
 * </pre>
 *
 * <p>The second form takes products of B x D matrices in place of an array of B x B x D. The
 * squared lengths have 1e-24 added, so that a row that is zero, or that its gate closes, has cosine
 * 0: lengths are not below 1e-12, as elsewhere.
 */
final class GatedContrast {

  private static final double SQUARED_FLOOR = 1e-24;

  private final Kernels kernels;
  private final Workspace workspace;
  private final RelationContrast contrast;
  private final double scale;
  private int[] relation = new int[0];
  private double[] weight = new double[0];
  private int positivePairs;
  private Matrix gradientZ;
  private Matrix gradientGates;

  GatedContrast(Kernels kernels, double scale) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.contrast = new RelationContrast(kernels);
    this.scale = scale;
  }

  /** The loss, with gradients at the rows and at the gates. */
  double evaluate(Matrix z, Matrix gates, int[] labels, int[] partner) {
    int rows = z.rows();
    Matrix squaredGates = square("squaredGates", gates);
    Matrix squaredZ = square("squaredZ", z);
    Matrix own = workspace.like("own", z);
    kernels.hadamard(z, squaredGates, own);
    Matrix dots = workspace.matrix("dots", rows, rows);
    kernels.multiplyByTransposed(own, z, 1, 0, dots);
    Matrix inverse = workspace.matrix("inverse", rows, rows);
    Matrix squares = workspace.matrix("squares", rows, rows);
    kernels.multiplyByTransposed(squaredGates, squaredZ, 1, 0, squares);
    inverseRoot(squares, inverse);
    Matrix ownInverse = workspace.matrix("ownInverse", rows, 1);
    Matrix ownSquares = workspace.matrix("ownSquares", rows, 1);
    kernels.rowDots(squaredGates, squaredZ, ownSquares);
    inverseRoot(ownSquares, ownInverse);

    Matrix factor = workspace.matrix("factor", rows, rows);
    kernels.copy(inverse, factor);
    kernels.scaleRowsInPlace(factor, ownInverse);
    kernels.scaleInPlace(factor, scale);
    Matrix logits = workspace.matrix("logits", rows, rows);
    kernels.hadamard(dots, factor, logits);
    double loss = contrastInPlace(logits, labels, partner);

    Matrix gradientDots = workspace.matrix("gradientDots", rows, rows);
    kernels.hadamard(logits, factor, gradientDots);
    Matrix radial = workspace.matrix("radial", rows, rows);
    kernels.hadamard(gradientDots, dots, radial);
    Matrix gradientOwnSquares = workspace.matrix("gradientOwnSquares", rows, 1);
    kernels.rowSums(radial, gradientOwnSquares);
    kernels.hadamard(radial, inverse, squares);
    Matrix gradientSquares = workspace.matrix("gradientSquares", rows, rows);
    kernels.hadamard(squares, inverse, gradientSquares);
    kernels.scaleInPlace(gradientSquares, -0.5);
    Matrix ownInverseSquare = square("ownInverseSquare", ownInverse);
    kernels.scaleRowsInPlace(gradientOwnSquares, ownInverseSquare);
    kernels.scaleInPlace(gradientOwnSquares, -0.5);
    backward(z, own, squaredGates, squaredZ, gradientDots, gradientSquares, gradientOwnSquares);
    Matrix gradientSquaredGates = workspace.like("gradientSquaredGates", z);
    gradientGates = workspace.like("gradientGates", z);
    kernels.hadamard(gradientSquaredGates, gates, gradientGates);
    kernels.scaleInPlace(gradientGates, 2);
    return loss;
  }

  /** Number of pairs over which the last loss is the mean. */
  int positivePairs() {
    return positivePairs;
  }

  Matrix gradientZ() {
    return gradientZ;
  }

  Matrix gradientGates() {
    return gradientGates;
  }

  /** The mean over positives of softplus(log-sum of negatives - logit); its gradient in place. */
  private double contrastInPlace(Matrix logits, int[] labels, int[] partner) {
    select(labels, partner);
    Arrays.fill(weight, positivePairs == 0 ? 0 : 1.0 / positivePairs);
    return contrast.evaluateInPlace(logits, relation, weight);
  }

  /** Positives are rows of the partner's class, negatives those of neither class. */
  private void select(int[] labels, int[] partner) {
    int rows = labels.length;
    if (weight.length != rows) {
      weight = new double[rows];
      relation = new int[rows * rows];
    }
    positivePairs = 0;
    for (int b = 0; b < rows; b++) {
      for (int n = 0; n < rows; n++) {
        boolean inPartner = labels[n] == partner[b];
        boolean positive = inPartner && n != b;
        positivePairs += positive ? 1 : 0;
        relation[b * rows + n] = positive ? 1 : inPartner || labels[n] == labels[b] ? 0 : -1;
      }
    }
  }

  /** Gradients at z and at the squared gates from those at the dots and the squared lengths. */
  private void backward(
      Matrix z,
      Matrix own,
      Matrix squaredGates,
      Matrix squaredZ,
      Matrix gradientDots,
      Matrix gradientSquares,
      Matrix gradientOwnSquares) {
    Matrix mixed = workspace.like("mixed", z);
    Matrix product = workspace.like("product", z);
    gradientZ = workspace.like("gradientZ", z);
    Matrix gradientSquaredGates = workspace.like("gradientSquaredGates", z);

    kernels.multiply(gradientDots, z, 1, 0, mixed);
    kernels.hadamard(mixed, squaredGates, gradientZ);
    kernels.hadamard(mixed, z, gradientSquaredGates);
    kernels.multiplyTransposed(gradientDots, own, 1, 1, gradientZ);

    kernels.multiply(gradientSquares, squaredZ, 1, 1, gradientSquaredGates);
    kernels.multiplyTransposed(gradientSquares, squaredGates, 2, 0, mixed);
    kernels.hadamard(mixed, z, product);
    kernels.addInPlace(gradientZ, 1, product);

    kernels.copy(squaredZ, product);
    kernels.scaleRowsInPlace(product, gradientOwnSquares);
    kernels.addInPlace(gradientSquaredGates, 1, product);
    kernels.copy(own, product);
    kernels.scaleRowsInPlace(product, gradientOwnSquares);
    kernels.addInPlace(gradientZ, 2, product);
  }

  /** {@code out = 1 / sqrt(x + floor)}; changes x. */
  private void inverseRoot(Matrix x, Matrix out) {
    kernels.addScalarInPlace(x, SQUARED_FLOOR);
    kernels.apply(Elementwise.SQRT, x, out);
    kernels.copy(out, x);
    kernels.apply(Elementwise.RECIPROCAL, x, out);
  }

  private Matrix square(String name, Matrix x) {
    Matrix square = workspace.like(name, x);
    kernels.apply(Elementwise.SQUARE, x, square);
    return square;
  }
}
