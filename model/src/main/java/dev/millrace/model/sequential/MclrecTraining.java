package dev.millrace.model.sequential;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.objective.Signature;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;
import dev.millrace.model.optimizer.Parameters;
import java.util.HashMap;
import java.util.Map;

/**
 * MCLRec: the encoder theta and two learnable augmenters phi take turns.
 *
 * <pre>
 *   theta step: CE + lambda cl1 + beta (cl2 + .1 R)   phi fixed
 *   phi step:   cl2 + .1 R                            theta fixed, views encoded anew
 *   released: theta, phi, theta; paper: theta, phi; joint: one step on both
 * </pre>
 *
 * <p>All steps of a batch see the same views with dropout drawn anew. The paper prints R of one
 * pair with global bounds and .1 beta as its weight in both steps; the released code, which made
 * the printed figures, has three pairs, bounds by rows, and .1 in the phi step. Each form here is
 * its source's. The gradient is of first order: the augmenters do not see the encoder's step.
 *
 * <p>Qin et al., Meta-optimized contrastive learning for sequential recommendation, SIGIR 2023,
 * section 3.4 and algorithm 1.
 */
final class MclrecTraining implements TrainingMethod, ViewLoss {

  /** Order of the steps. */
  enum Updates {
    RELEASED,
    PAPER,
    JOINT
  }

  /**
   * Weights of the loss.
   *
   * @param lambda of the contrast of the two views
   * @param beta of the contrasts with the augmenters' outputs
   */
  record Weights(double lambda, double beta) {

    /** What the released results on Beauty were obtained with. */
    static final Weights BEAUTY = new Weights(0, 0.05);
  }

  private static final double GAMMA = 0.1;
  private static final double INITIAL_DEVIATION = 0.02;

  // configuration
  private final Kernels kernels;
  private final Updates updates;
  private final double rate;
  private final NextItemTraining training;
  private final Objective ofTheta;
  private final Objective ofPhi;

  // runtime
  private final Parameters augmenters;
  private final Adam adam;
  private final ObjectiveInputs inputs = new ObjectiveInputs();

  MclrecTraining(
      Kernels kernels,
      NextItemModel model,
      ViewPairs pairs,
      Updates updates,
      Weights weights,
      double rate,
      SeededRandom random) {
    this.kernels = kernels;
    this.updates = updates;
    this.rate = rate;
    boolean paper = updates == Updates.PAPER;
    String regulariser = paper ? "global" : "row-wise";
    ofTheta = objective(weights.lambda(), weights.beta(), GAMMA, regulariser);
    ofPhi = objective(0, 1, paper ? GAMMA * weights.beta() : GAMMA, regulariser);
    augmenters = weightsOf(ofTheta.signature(), model.width(), random);
    adam = new Adam(kernels, augmenters, AdamConfig.STANDARD);
    training = new NextItemTraining(kernels, model, pairs, this, rate);
  }

  private Objective objective(double lambda, double beta, double gamma, String regulariser) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("variant", "augmenters");
    parameters.put("lambda", lambda);
    parameters.put("beta", beta);
    parameters.put("gamma", gamma);
    parameters.put("regulariser", regulariser);
    return Objectives.MCLREC.create(kernels, new ObjectiveParameters(parameters));
  }

  private Parameters weightsOf(Signature signature, int width, SeededRandom random) {
    Parameters.Builder builder = Parameters.of(kernels);
    for (Signature.Input input : signature.inputs()) {
      if (input.kind() != Signature.Kind.PARAMETER) {
        continue;
      }
      int[] shape = input.sizes(sizes(signature, width));
      if (shape.length == 1) {
        builder.zeros(input.name(), 1, shape[0]);
      } else {
        builder.normal(input.name(), shape[0], shape[1], INITIAL_DEVIATION);
      }
    }
    return builder.build(random);
  }

  private static Map<String, Integer> sizes(Signature signature, int width) {
    Map<String, Integer> sizes = new HashMap<>(signature.sizes());
    sizes.put("D", width);
    return sizes;
  }

  /** The augmenters' weights. */
  Parameters augmenters() {
    return augmenters;
  }

  NextItemTraining training() {
    return training;
  }

  @Override
  public double step(ExampleBatch batch, SeededRandom random) {
    training.drawViews(batch, random);
    if (updates == Updates.JOINT) {
      augmenters.zeroGradientsInPlace();
      double loss = training.stepOnViews(batch, random.nextLong());
      adam.stepInPlace(rate);
      return loss;
    }
    double loss = training.stepOnViews(batch, random.nextLong());
    augmenterGradients(random.nextLong());
    adam.stepInPlace(rate);
    if (updates == Updates.RELEASED) {
      training.stepOnViews(batch, random.nextLong());
    }
    return loss;
  }

  /** Loss of the phi step on the views drawn last; its gradients are in the augmenters. */
  double augmenterGradients(long seed) {
    Matrix states = training.encodeViews(seed);
    int size = states.rows() / 2;
    augmenters.zeroGradientsInPlace();
    LossAndGradient result =
        evaluate(ofPhi, states.rows(0, size), states.rows(size, states.rows()));
    NextItemTraining.requireFinite(result.loss());
    return result.loss();
  }

  @Override
  public double addGradients(States states, States gradients) {
    LossAndGradient result = evaluate(ofTheta, states.first(), states.second());
    kernels.addInPlace(gradients.first(), 1, result.gradient("h1"));
    kernels.addInPlace(gradients.second(), 1, result.gradient("h2"));
    return result.loss();
  }

  /** Evaluates an objective and adds the gradients of the augmenters to theirs. */
  private LossAndGradient evaluate(Objective objective, Matrix first, Matrix second) {
    inputs.put("h1", first).put("h2", second);
    for (Parameters.Parameter weight : augmenters.all()) {
      if (weight.value().rows() == 1) {
        inputs.put(weight.name(), weight.value(), weight.value().columns());
      } else {
        inputs.put(weight.name(), weight.value());
      }
    }
    LossAndGradient result = objective.evaluate(inputs);
    for (Parameters.Parameter weight : augmenters.all()) {
      kernels.addInPlace(weight.gradient(), 1, result.gradient(weight.name()));
    }
    return result;
  }
}
