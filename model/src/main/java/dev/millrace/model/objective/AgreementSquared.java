package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Agreement of two predictions: the mean squared difference of their probabilities.
 *
 * <pre>
 *   loss = mean_ik ( softmax(logits1_i)_k - softmax(logits2_i)_k )^2
 * </pre>
 *
 * <p>Shapes: {@code logits1, logits2: B x K}; gradients as the inputs, both sides differentiated.
 *
 * <p>Mean over the B K entries, no parameters. One class gives 0. Constant predictions satisfy it,
 * so it belongs beside a loss that they do not satisfy.
 *
 * <p>Das, Ghosh, Stober, PI-RADS v2 Compliant Automated Segmentation of Prostate Zones Using
 * co-training Motivated Multi-task Dual-Path CNN, 2023, whose code is not released: the square is a
 * reconstruction.
 */
final class AgreementSquared implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("logits1", "B", "K")
          .differentiable("logits2", "B", "K")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;

  /** There are no parameters to read. */
  AgreementSquared(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    Matrix first = probabilities("first", inputs.matrix("logits1"));
    Matrix second = probabilities("second", inputs.matrix("logits2"));
    Matrix difference = workspace.like("difference", first);
    kernels.copy(first, difference);
    kernels.addInPlace(difference, -1, second);
    Matrix squares = workspace.matrix("column", first.rows(), 1);
    kernels.rowDots(difference, difference, squares);
    return new LossAndGradient(kernels.sum(squares) / first.size())
        .withGradient("logits1", gradient("gradient1", first, difference, 1))
        .withGradient("logits2", gradient("gradient2", second, difference, -1));
  }

  private Matrix probabilities(String name, Matrix logits) {
    Matrix probabilities = workspace.like(name, logits);
    kernels.copy(logits, probabilities);
    kernels.softmaxRowsInPlace(probabilities, workspace.matrix("column", logits.rows(), 1));
    return probabilities;
  }

  /** {@code p (d - <p, d>)} times the slope of the mean of squares; overwrites p. */
  private Matrix gradient(String name, Matrix p, Matrix difference, double sign) {
    Matrix gradient = workspace.like(name, p);
    kernels.hadamard(p, difference, gradient);
    Matrix mean = workspace.matrix("column", p.rows(), 1);
    kernels.rowSums(gradient, mean);
    kernels.scaleRowsInPlace(p, mean);
    kernels.addInPlace(gradient, -1, p);
    kernels.scaleInPlace(gradient, sign * 2 / p.size());
    return gradient;
  }
}
