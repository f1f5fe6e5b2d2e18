package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Decoupled contrastive loss: NT-Xent without the positive in the denominator, so that its gradient
 * does not fade for easy positives and small batches; with von Mises-Fisher weights DCLW.
 *
 * <pre>
 *   z = [z1; z2] with unit rows,  s_ij = &lt;z_i, z_j&gt;,  positive p(i) = i +- B
 *   loss = mean_i ( log sum_{j != i, j != p(i)} exp(s_ij / tau) - w_i s_{i, p(i)} / tau )
 *   DCL:  w_i = 1
 *   DCLW: w_i = 2 - B softmax_i(s_{i, p(i)} / sigma), constant, the same for both views
 * </pre>
 *
 * <p>Shapes: {@code z1, z2: B x D} raw, optional {@code ids: [B]}, whose equals are not negatives;
 * gradients as the inputs; outputs {@code weight: B x 1} and the scalars {@code loss12, loss21}.
 *
 * <p>Mean over both directions. Parameters: {@code tau} above 0; DCLW: {@code sigma} above 0 and
 * {@code clampWeight}, which keeps a negative weight (one pair far more similar than the rest,
 * which would be pushed apart) at 0. The loss is not bounded below. A row without negatives (a
 * batch of one, all of one id) contributes 0 and no gradient.
 *
 * <p>Yeh et al., Decoupled Contrastive Learning, ECCV 2022, equation 6, and the weighted form DCLW.
 * Ports that multiply masked entries into the sum instead of leaving them out fail at small
 * temperatures.
 */
final class Dcl implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("z1", "B", "D")
          .differentiable("z2", "B", "D")
          .optional("ids", Signature.Kind.INTEGERS, ValueRange.ids(), "B")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final Entries masked = new Entries();
  private final Entries positives = new Entries();
  private final StopGradient stopGradient = new StopGradient();
  private final double tau;
  private final boolean weighted;
  private final double sigma;
  private final boolean clampWeight;

  Dcl(Kernels kernels, ObjectiveParameters parameters) {
    this(kernels, parameters, false);
  }

  private Dcl(Kernels kernels, ObjectiveParameters parameters, boolean weighted) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    this.tau = parameters.positive("tau", 0.1);
    this.weighted = weighted;
    this.sigma = weighted ? parameters.positive("sigma", 0.5) : 1;
    this.clampWeight = weighted && parameters.flag("clampWeight", true);
  }

  /** With weights on the positives. */
  static Dcl weighted(Kernels kernels, ObjectiveParameters parameters) {
    return new Dcl(kernels, parameters, true);
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
    int count = 2 * batch;
    Matrix z = rows.forward(inputs.matrix("z1"), inputs.matrix("z2"));
    Matrix logits = workspace.matrix("logits", count, count);
    kernels.multiplyByTransposed(z, z, 1 / tau, 0, logits);
    double[] positive = positiveLogits(batch, logits);
    double[] weight = stopGradient.hold("weight", weights(batch, positive));
    maskAllButNegatives(inputs, batch);
    masked.addTo(kernels, logits);
    Matrix negatives = workspace.matrix("negatives", count, 1);
    kernels.softmaxRowsInPlace(logits, negatives);
    double[] negative = new double[count];
    kernels.read(negatives, negative);

    double[] loss = {0, 0};
    positives.clear();
    for (int i = 0; i < count; i++) {
      if (negative[i] != Double.NEGATIVE_INFINITY) {
        loss[i / batch] += (negative[i] - weight[i % batch] * positive[i]) / batch;
        positives.add(i, (i + batch) % count, -weight[i % batch]);
      }
    }
    positives.addTo(kernels, logits);

    Matrix gradientUnit = workspace.like("gradientUnit", z);
    double scale = 1 / (tau * count);
    kernels.multiply(logits, z, scale, 0, gradientUnit);
    kernels.multiplyTransposed(logits, z, scale, 1, gradientUnit);
    Matrix gradient = rows.backward(gradientUnit);
    Matrix weightOutput = workspace.matrix("weight", batch, 1);
    kernels.write(weight, weightOutput);
    return new LossAndGradient((loss[0] + loss[1]) / 2)
        .withGradient("z1", gradient.rows(0, batch))
        .withGradient("z2", gradient.rows(batch, count))
        .withOutput("weight", weightOutput)
        .withScalar("loss12", loss[0])
        .withScalar("loss21", loss[1]);
  }

  /** Logit of each row's positive, before it is masked out of the denominator. */
  private double[] positiveLogits(int batch, Matrix logits) {
    positives.clear();
    for (int i = 0; i < 2 * batch; i++) {
      positives.add(i, (i + batch) % (2 * batch), 0);
    }
    return positives.readFrom(kernels, logits).clone();
  }

  private double[] weights(int batch, double[] positive) {
    double[] weight = new double[batch];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < batch; i++) {
      largest = Math.max(largest, positive[i] * tau / sigma);
    }
    double sum = 0;
    for (int i = 0; i < batch; i++) {
      sum += Math.exp(positive[i] * tau / sigma - largest);
    }
    for (int i = 0; i < batch; i++) {
      double vonMises = 2 - batch * Math.exp(positive[i] * tau / sigma - largest) / sum;
      weight[i] = !weighted ? 1 : clampWeight ? Math.max(0, vonMises) : vonMises;
    }
    return weight;
  }

  private void maskAllButNegatives(ObjectiveInputs inputs, int batch) {
    masked.clear();
    for (int i = 0; i < 2 * batch; i++) {
      masked.mask(i, i);
      masked.mask(i, (i + batch) % (2 * batch));
    }
    if (inputs.has("ids")) {
      SameIds.mask(inputs.integers("ids"), masked);
    }
  }
}
