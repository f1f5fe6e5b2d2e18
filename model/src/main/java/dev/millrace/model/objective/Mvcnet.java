package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * Contrast of two towers that see the same views of a sample: across views, and across towers.
 *
 * <pre>
 *   N(a, b) = NT-Xent of the rows of a with those of b: mean over both of
 *             log sum_{j != i} exp(s_ij / tau) - s_{i, p(i)} / tau   (unit rows)
 *   crossView  = mean over v = 1 .. V-1 of N([f_0; z_0], [f_v; z_v])
 *   crossModel = N([f_0; ..; f_{V-1}], [z_0; ..; z_{V-1}])
 *   loss = crossViewWeight crossView + crossModelWeight crossModel
 * </pre>
 *
 * <p>Shapes: {@code f, z: V x B x D} raw, one tower each, view 0 being the original; gradients as
 * the inputs; scalars {@code crossView, crossModel}.
 *
 * <p>Means over rows and views. Parameters: {@code tau} above 0; {@code crossViewWeight,
 * crossModelWeight} not below 0; {@code sameSampleMasked}. With one view crossView is 0. A row
 * without negatives (one sample, masked) contributes 0.
 *
 * <p>The released code has both towers' rows of one sample as negatives across views and as
 * positives across towers, two forces against each other. So by default, unlike there, rows of the
 * same sample other than the positive are not negatives; {@code sameSampleMasked} false is the
 * released form.
 *
 * <p>Wang et al., MVCNet: Multi-View Contrastive Network for Motor Imagery Classification,
 * Knowledge-Based Systems 2025.
 */
final class Mvcnet implements Objective {

  private static final Signature SIGNATURE =
      Signature.of().differentiable("f", "V", "B", "D").differentiable("z", "V", "B", "D").build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final InBatchContrast viewContrast;
  private final InBatchContrast modelContrast;
  private final double crossViewWeight;
  private final double crossModelWeight;
  private final boolean sameSampleMasked;
  private int[] viewSamples = new int[0];
  private int[] modelSamples = new int[0];

  Mvcnet(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    double tau = parameters.positive("tau", 0.2);
    this.viewContrast = new InBatchContrast(kernels, tau);
    this.modelContrast = new InBatchContrast(kernels, tau);
    this.crossViewWeight = parameters.weight("crossViewWeight", 0.1);
    this.crossModelWeight = parameters.weight("crossModelWeight", 0.1);
    this.sameSampleMasked = parameters.flag("sameSampleMasked", true);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = SIGNATURE.bind(inputs).get("B");
    Matrix unit = rows.forward(inputs.matrix("f"), inputs.matrix("z"));
    int half = unit.rows() / 2;
    listSamples(batch, half);
    Matrix gradientUnit = workspace.like("gradientUnit", unit);
    double crossModel =
        modelContrast.evaluate(
            unit, sameSampleMasked ? modelSamples : null, crossModelWeight, 0, gradientUnit);
    double crossView = crossView(unit, batch, gradientUnit);
    Matrix gradient = rows.backward(gradientUnit);
    return new LossAndGradient(crossViewWeight * crossView + crossModelWeight * crossModel)
        .withGradient("f", gradient.rows(0, half))
        .withGradient("z", gradient.rows(half, unit.rows()))
        .withScalar("crossView", crossView)
        .withScalar("crossModel", crossModel);
  }

  private double crossView(Matrix unit, int batch, Matrix gradientUnit) {
    int views = unit.rows() / 2 / batch;
    Matrix pair = workspace.matrix("pair", 4 * batch, unit.columns());
    Matrix gradientPair = workspace.like("gradientPair", pair);
    double sum = 0;
    for (int v = 1; v < views; v++) {
      int[] blocks = {0, views, v, views + v};
      for (int b = 0; b < 4; b++) {
        kernels.copy(block(unit, blocks[b], batch), block(pair, b, batch));
      }
      sum +=
          viewContrast.evaluate(
              pair,
              sameSampleMasked ? viewSamples : null,
              crossViewWeight / (views - 1),
              0,
              gradientPair);
      for (int b = 0; b < 4; b++) {
        kernels.addInPlace(block(gradientUnit, blocks[b], batch), 1, block(gradientPair, b, batch));
      }
    }
    return views == 1 ? 0 : sum / (views - 1);
  }

  /** The sample of each row of half a contrast. */
  private void listSamples(int batch, int half) {
    if (viewSamples.length != 2 * batch || modelSamples.length != half) {
      viewSamples = new int[2 * batch];
      Arrays.setAll(viewSamples, i -> i % batch);
      modelSamples = new int[half];
      Arrays.setAll(modelSamples, i -> i % batch);
    }
  }

  private static Matrix block(Matrix x, int index, int batch) {
    return x.rows(index * batch, (index + 1) * batch);
  }
}
