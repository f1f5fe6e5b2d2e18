package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Agreement of two towers on the prototypes of an object: each predicts the other's balanced
 * assignment.
 *
 * <pre>
 *   f = image c^T,  e = sequence c^T  (unit rows);  Q(x) balanced assignment, constant
 *   sequenceTerm = mean_i - sum_k Q(f)_ik log softmax(e_i / tau)_k
 *   imageTerm    = mean_i - sum_k Q(e)_ik log softmax(f_i / tau)_k
 *   loss = (sequenceTerm + imageTerm) / 2
 * </pre>
 *
 * <p>Shapes: {@code image, sequence: B x D} raw, {@code prototypes: K x D}, unit rows by the caller
 * before each batch; gradients as the inputs, that of the prototypes at the unit rows; scalars
 * {@code sequenceTerm, imageTerm}.
 *
 * <p>Mean over the B rows, which are those that both towers have seen. Parameters: {@code tau,
 * epsilon} above 0, {@code iterations} at least 1. With one row or one prototype the loss is
 * defined but says little.
 *
 * <p>Agreement alone is met by towers that say the same of everything; the balance rules that out.
 *
 * <p>The paper trains two branches to agree and releases no code; the balanced form is a
 * reconstruction with the assignments of SwAV. Das, Ghosh, Stober, PI-RADS v2 Compliant Automated
 * Segmentation of Prostate Zones Using co-training Motivated Multi-task Dual-Path CNN, 2023.
 *
 * @see AgreementSquared
 * @see Swav
 */
final class Agreement implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("image", "B", "D")
          .differentiable("sequence", "B", "D")
          .parameter("prototypes", ValueRange.unitRows(), "K", "D")
          .build();

  private final UnitRows rows;
  private final StopGradient stopGradient = new StopGradient();
  private final SwappedPrediction prediction;

  Agreement(Kernels kernels, ObjectiveParameters parameters) {
    this.rows = new UnitRows(kernels);
    this.prediction = new SwappedPrediction(kernels, parameters, stopGradient);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public StopGradient stopGradient() {
    return stopGradient;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = SIGNATURE.bind(inputs).get("B");
    Matrix z = rows.forward(inputs.matrix("image"), inputs.matrix("sequence"));
    SwappedPrediction.Result result =
        prediction.evaluate(z, 2, 2, inputs.matrix("prototypes"), null, null);
    Matrix gradient = rows.backward(result.gradientZ());
    return new LossAndGradient(result.loss())
        .withGradient("image", gradient.rows(0, batch))
        .withGradient("sequence", gradient.rows(batch, 2 * batch))
        .withGradient("prototypes", result.gradientPrototypes())
        .withScalar("sequenceTerm", result.losses()[0])
        .withScalar("imageTerm", result.losses()[1]);
  }
}
