package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;

/**
 * Contrast of two views of a sequence and of what learnable augmenters make of them, with a
 * regulariser that keeps the augmenters from collapsing; the augmenters' outputs are given.
 *
 * <pre>
 *   con(a, b) = NT-Xent of plain dot products, temperature 1;  z = a / max(norm(a), 1e-12)
 *   cl1 = con(h1, h2)
 *   cl2 = con(z1, z2) + con(h1, z2) + con(h2, z1)
 *   loss = lambda cl1 + beta (cl2 + gamma R)
 *   p_r positive, n_rj the 2B - 2 negatives of row r of a stacked pair
 *   R = mean_r (p_r - low)+ + mean_rj (high - n_rj)+,  low, high = min, max of p and max n
 *   row-wise: bounds per row, R summed over the three pairs of cl2
 *   global:   bounds from min_r p_r and max_rj n_rj, R of (z1, z2) alone
 * </pre>
 *
 * <p>Shapes: {@code h1, h2: B x D} as they are, {@code a1, a2: B x D} raw, normalised inside;
 * gradients of all four; scalars {@code lossCl1, lossCl2, regulariser}.
 *
 * <p>Means over the 2B rows of a pair. Parameters, none below 0: {@code lambda, beta, gamma};
 * {@code regulariser}: {@code row-wise} or {@code global}. A batch of one has no negatives: loss
 * and gradient are 0.
 *
 * <p>The paper prints the global regulariser; the row-wise one on three pairs is what its results
 * were obtained with, and the default. The released steps differ in the weights alone: a step of
 * the encoder is this loss, a step of the augmenters has lambda 0 and beta 1.
 *
 * <p>Qin et al., Meta-optimized Contrastive Learning for Sequential Recommendation, SIGIR 2023,
 * equations 8 to 12.
 */
final class Mclrec implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("h1", "B", "D")
          .differentiable("h2", "B", "D")
          .differentiable("a1", "B", "D")
          .differentiable("a2", "B", "D")
          .build();

  private final MclrecLoss loss;

  Mclrec(Kernels kernels, ObjectiveParameters parameters) {
    this.loss = new MclrecLoss(kernels, parameters);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    MclrecLoss.Gradients gradients =
        loss.evaluate(
            inputs.matrix("h1"), inputs.matrix("h2"), inputs.matrix("a1"), inputs.matrix("a2"));
    return loss.result()
        .withGradient("h1", gradients.h1())
        .withGradient("h2", gradients.h2())
        .withGradient("a1", gradients.a1())
        .withGradient("a2", gradients.a2());
  }
}
