package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Aligns each salient feature with one known attribute: rows of near values of the attribute
 * attract each other in that feature, and all rows spread along it.
 *
 * <pre>
 *   alignment  = sum_a mean_{i < j} w( y_ia - y_ja ) (s_ia - s_ja)^2
 *   uniformity = sum_a log mean_{i < j} exp( -(s_ia - s_ja)^2 / (2 tau) )
 *   w(d) = exp( -d^2 / (2 bandwidth) ), or exp( -d^2 / 1e-5 ) for discrete attributes
 *   loss = alignment + uniformity
 * </pre>
 *
 * <p>Shapes: {@code salient: B x A}, not normalised, {@code attributes: B x A} constant; gradient
 * {@code salient}; outputs the scalars {@code alignment, uniformity}.
 *
 * <p>Means over the pairs, sums over the attributes. Parameters: {@code tau} and {@code bandwidth}
 * above 0; {@code discrete} if only equal values count as near, and bandwidth is not used. A batch
 * of one row has loss 0 and no gradient. Differences are taken before squares, so that attributes
 * and features far from zero lose nothing.
 *
 * <p>Louiset, Duchesnay, Grigis, Gori, Separating Common from Salient Patterns with Contrastive
 * Representation Learning, ICLR 2024, with known attributes of the salient factors.
 */
final class SepClrSupervised implements Objective {

  private static final Signature SIGNATURE =
      Signature.of().differentiable("salient", "B", "A").constant("attributes", "B", "A").build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final PairKernel pairs;
  private final double tau;
  private final double attributeScale;

  SepClrSupervised(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.tau = parameters.positive("tau", 0.5);
    this.pairs = new PairKernel(kernels, tau);
    double bandwidth = parameters.positive("bandwidth", 0.025);
    this.attributeScale = parameters.flag("discrete", false) ? -1e5 : -0.5 / bandwidth;
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    Matrix salient = inputs.matrix("salient");
    int rows = salient.rows();
    int attributes = salient.columns();
    double[] s = values(salient);
    double[] y = values(inputs.matrix("attributes"));
    double[] gradient = new double[s.length];
    double alignment = 0;
    double uniformity = 0;
    for (int a = 0; a < attributes && rows > 1; a++) {
      Matrix difference = differences("difference", s, a, attributes);
      alignment += align(difference, differences("weight", y, a, attributes), gradient, a);
      uniformity += spread(difference, gradient, a);
    }
    Matrix gradientSalient = workspace.like("gradient", salient);
    kernels.write(gradient, gradientSalient);
    return new LossAndGradient(alignment + uniformity)
        .withGradient("salient", gradientSalient)
        .withScalar("alignment", alignment)
        .withScalar("uniformity", uniformity);
  }

  /** Alignment of one attribute, whose differences become weights; adds to its gradient. */
  private double align(Matrix difference, Matrix weight, double[] gradient, int attribute) {
    int rows = difference.rows();
    double pairCount = rows * (rows - 1.0);
    Matrix square = workspace.like("square", difference);
    kernels.apply(Elementwise.SQUARE, weight, square);
    kernels.scaleInPlace(square, attributeScale);
    kernels.apply(Elementwise.EXP, square, weight);
    kernels.hadamard(weight, difference, square);
    Matrix column = workspace.matrix("column", rows, 1);
    kernels.rowSums(square, column);
    addToGradient(column, 4 / pairCount, gradient, attribute);
    kernels.rowDots(square, difference, column);
    return kernels.sum(column) / pairCount;
  }

  /** Uniformity of one feature; adds to its gradient. */
  private double spread(Matrix difference, double[] gradient, int attribute) {
    Matrix logKernel = workspace.like("square", difference);
    kernels.apply(Elementwise.SQUARE, difference, logKernel);
    kernels.scaleInPlace(logKernel, -0.5 / tau);
    double uniformity = pairs.uniformity(logKernel);
    Matrix column = workspace.matrix("column", difference.rows(), 1);
    kernels.rowDots(logKernel, difference, column);
    addToGradient(column, -2 / tau, gradient, attribute);
    return uniformity;
  }

  /** {@code x_i - x_j} of one attribute's column of a row-major array. */
  private Matrix differences(String name, double[] x, int attribute, int attributes) {
    int rows = x.length / attributes;
    double[] values = new double[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = x[i * attributes + attribute];
    }
    Matrix column = workspace.matrix("column", rows, 1);
    kernels.write(values, column);
    Matrix difference = workspace.zeros(name, rows, rows);
    kernels.addColumnInPlace(difference, column);
    kernels.scaleInPlace(column, -1);
    kernels.addRowInPlace(difference, column.reshaped(1, rows));
    return difference;
  }

  private void addToGradient(Matrix column, double factor, double[] gradient, int attribute) {
    double[] values = values(column);
    int attributes = gradient.length / values.length;
    for (int i = 0; i < values.length; i++) {
      gradient[i * attributes + attribute] += factor * values[i];
    }
  }

  private double[] values(Matrix x) {
    double[] values = new double[Math.toIntExact(x.size())];
    kernels.read(x, values);
    return values;
  }
}
