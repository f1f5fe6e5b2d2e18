package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Dual contrastive loss of a discriminator: each real logit against all fake ones and each fake one
 * against all real ones.
 *
 * <pre>
 *   loss = mean_r log(1 + sum_u exp(u - r)) + mean_u log(1 + sum_r exp(u - r))
 * </pre>
 *
 * <p>Shapes: {@code real: [B]} and {@code fake: [N]} logits, at least one of each; gradients as the
 * inputs; scalars {@code realTerm, fakeTerm}.
 *
 * <p>Mean over the logits of each kind. No parameters.
 *
 * <p>Yu et al., Dual Contrastive Loss and Attention for GANs, ICCV 2021, as used by Wu, Jiang, Liu,
 * A Practical Contrastive Learning Framework for Single-Image Super-Resolution, TNNLS 2023, to
 * train the network whose features {@link PclSr} compares.
 */
final class PclSrDual implements Objective {

  private static final Signature SIGNATURE =
      Signature.of().differentiable("real", "B").differentiable("fake", "N").build();

  private final Kernels kernels;
  private final Workspace workspace;

  PclSrDual(Kernels kernels, ObjectiveParameters parameters) {
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
    double[] real = read(inputs.matrix("real"));
    double[] fake = read(inputs.matrix("fake"));
    double[] negatedReal = new double[real.length];
    for (int i = 0; i < real.length; i++) {
      negatedReal[i] = -real[i];
    }
    // Real logits count as they are and fake ones negated: then both terms are the same function.
    double[] gradientReal = new double[real.length];
    double[] gradientFake = new double[fake.length];
    double realTerm = term(negatedReal, fake, gradientReal, gradientFake);
    double fakeTerm = term(fake, negatedReal, gradientFake, gradientReal);
    for (int i = 0; i < real.length; i++) {
      gradientReal[i] = -gradientReal[i];
    }
    return new LossAndGradient(realTerm + fakeTerm)
        .withGradient("real", write("gradientReal", gradientReal))
        .withGradient("fake", write("gradientFake", gradientFake))
        .withScalar("realTerm", realTerm)
        .withScalar("fakeTerm", fakeTerm);
  }

  /** {@code mean_i softplus(a_i + log sum_j exp b_j)}; adds its gradients. */
  private static double term(double[] a, double[] b, double[] gradientA, double[] gradientB) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : b) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (double value : b) {
      sum += Math.exp(value - largest);
    }
    double logSum = largest + Math.log(sum);
    double loss = 0;
    double total = 0;
    for (int i = 0; i < a.length; i++) {
      double x = a[i] + logSum;
      double share = 1 / (1 + Math.exp(-x)) / a.length;
      loss += (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))) / a.length;
      gradientA[i] += share;
      total += share;
    }
    for (int j = 0; j < b.length; j++) {
      gradientB[j] += total * Math.exp(b[j] - largest) / sum;
    }
    return loss;
  }

  private double[] read(Matrix logits) {
    double[] values = new double[Math.toIntExact(logits.size())];
    kernels.read(logits, values);
    return values;
  }

  private Matrix write(String name, double[] values) {
    Matrix matrix = workspace.matrix(name, 1, values.length);
    kernels.write(values, matrix);
    return matrix;
  }
}
