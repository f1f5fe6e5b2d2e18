package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Contrast of two views of a sequence and of what learnable augmenters make of them; the weights of
 * the two augmenters are inputs that the learner trains.
 *
 * <pre>
 *   a_v = W3 gelu( W2 gelu( W1 h_v + b1 ) + b2 ) + b3   with the weights of augmenter v
 *   loss: that of {@link Mclrec} on h1, h2, a1, a2
 * </pre>
 *
 * <p>Shapes: {@code h1, h2: B x D}; per augmenter {@code aug1, aug2}: {@code w1: H x D, b1: [H],
 * w2: G x H, b2: [G], w3: D x G, b3: [D]}; gradients of all of them; scalars {@code lossCl1,
 * lossCl2, regulariser}.
 *
 * <p>Reduction and parameters of {@link Mclrec}; {@code width1, width2}: the hidden widths H and G
 * of new weights. A batch of one: loss and gradient are 0. GELU is the exact one. The gradient at
 * {@code h1, h2} passes through the augmenters; there is none of a later step of the encoder, as in
 * the released code.
 *
 * <p>Qin et al., Meta-optimized Contrastive Learning for Sequential Recommendation, SIGIR 2023,
 * equations 8 to 12.
 */
final class MclrecAugmenters implements Objective {

  private final Signature signature;
  private final MclrecLoss loss;
  private final Augmenter first;
  private final Augmenter second;

  MclrecAugmenters(Kernels kernels, ObjectiveParameters parameters) {
    this.loss = new MclrecLoss(kernels, parameters);
    this.first = new Augmenter(kernels, "aug1");
    this.second = new Augmenter(kernels, "aug2");
    Signature.Builder builder =
        Signature.of().differentiable("h1", "B", "D").differentiable("h2", "B", "D");
    Augmenter.declare(builder, "aug1");
    Augmenter.declare(builder, "aug2");
    this.signature =
        builder
            .size("H", parameters.integer("width1", 32))
            .size("G", parameters.integer("width2", 16))
            .build();
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    signature.bind(inputs);
    Matrix h1 = inputs.matrix("h1");
    Matrix h2 = inputs.matrix("h2");
    MclrecLoss.Gradients gradients =
        loss.evaluate(h1, h2, first.forward(h1, inputs), second.forward(h2, inputs));
    LossAndGradient result =
        loss.result().withGradient("h1", gradients.h1()).withGradient("h2", gradients.h2());
    first.backward(gradients.a1(), inputs, gradients.h1(), result);
    second.backward(gradients.a2(), inputs, gradients.h2(), result);
    return result;
  }
}
