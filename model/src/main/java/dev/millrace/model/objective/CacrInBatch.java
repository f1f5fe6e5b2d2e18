package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.List;
import java.util.Map;

/**
 * Contrastive attraction and repulsion within a batch: far positives are drawn more than near ones,
 * near negatives are pushed more than far ones.
 *
 * <pre>
 *   d_ivw = |z_iv - z_iw|^2,  w+ = softmax over w of ( t+ d ),  unit rows
 *   e_ijvw = |z_iv - z_jw|^2 for v &lt; w, j != i,  w- = softmax over j of ( -t- e )
 *   loss = alpha mean_iv sum_w w+ d  -  beta mean_{i, v &lt; w} sum_j w- e
 * </pre>
 *
 * <p>Shapes: {@code z: V x B x D} raw, views one after another; gradient as the input; scalars
 * {@code attraction, repulsion}.
 *
 * <p>Means over views or pairs of views, and instances; a pair contrasts its earlier view against
 * the later one, not the reverse. Parameters: {@code tPlus, tMinus} not below 0 (0 weighs alike),
 * {@code alpha, beta} not below 0, {@code detachWeights} {@code all} or {@code none}. One view
 * costs 0; one instance has no repulsion.
 *
 * <p>The released small-scale code differentiates the weights. Then a negative farther than the
 * weighted mean of e plus {@code 1 / t-} is drawn near, so they are constants here unless {@code
 * detachWeights} is {@code none}. It squares a norm, whose gradient is infinite at equal rows; here
 * the distance is {@code |a|^2 + |b|^2 - 2 ab}.
 *
 * <p>Zheng et al., Contrastive Attraction and Contrastive Repulsion for Representation Learning,
 * TMLR 2023, equations 3 to 5.
 */
final class CacrInBatch implements Objective {

  private static final Signature SIGNATURE =
      Signature.of().differentiable("z", "V", "B", "D").build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final ViewBlocks blocks;
  private final ViewDots dots;
  private final StopGradient stopGradient = new StopGradient();
  private final CacrAttraction attraction;
  private final double temperature;
  private final double beta;
  private final boolean detach;

  CacrInBatch(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    this.blocks = new ViewBlocks(kernels);
    this.dots = new ViewDots(kernels);
    this.detach = CacrDetach.of(parameters) == CacrDetach.ALL;
    this.attraction =
        new CacrAttraction(
            stopGradient, parameters.weight("tPlus", 1), parameters.weight("alpha", 1), detach);
    this.temperature = parameters.weight("tMinus", 2);
    this.beta = parameters.weight("beta", 1);
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
    Map<String, Integer> symbols = SIGNATURE.bind(inputs);
    int views = symbols.get("V");
    int batch = symbols.get("B");
    Matrix z = rows.forward(inputs.matrix("z"));
    Matrix gradientUnit = workspace.zeros("gradientUnit", z.rows(), z.columns());
    // 1, or 0 for a row of zeros; the way back through the normalisation removes its gradient.
    Matrix squares = workspace.matrix("squares", z.rows(), 1);
    kernels.rowDots(z, z, squares);
    double attracted = views > 1 ? attract(z, squares, views, batch, gradientUnit) : 0;
    double repelled = views > 1 && batch > 1 ? repel(z, squares, views, batch, gradientUnit) : 0;
    return new LossAndGradient(attracted + repelled)
        .withGradient("z", rows.backward(gradientUnit))
        .withScalar("attraction", attracted)
        .withScalar("repulsion", repelled);
  }

  private double attract(Matrix z, Matrix squares, int views, int batch, Matrix gradientUnit) {
    double[] square = new double[z.rows()];
    kernels.read(squares, square);
    double[] distance = dots.dots(z, z, batch);
    for (int row = 0; row < distance.length; row++) {
      int view = row / batch / (views - 1);
      int other = ViewDots.other(view, row / batch % (views - 1));
      int i = row % batch;
      distance[row] = square[view * batch + i] + square[other * batch + i] - 2 * distance[row];
    }
    double loss = attraction.evaluate(distance, views, batch);
    double[] gradientDots = new double[distance.length];
    for (int row = 0; row < distance.length; row++) {
      int reversed = ViewDots.reversed(row / batch, views) * batch + row % batch;
      gradientDots[row] = -2 * (distance[row] + distance[reversed]);
    }
    dots.backward(gradientDots, z, batch, gradientUnit);
    return loss;
  }

  private double repel(Matrix z, Matrix squares, int views, int batch, Matrix gradientUnit) {
    List<ViewBlocks.Pair> pairs = ViewBlocks.unordered(views);
    Matrix distance = blocks.products(pairs, z, batch, -2);
    for (int p = 0; p < pairs.size(); p++) {
      Matrix block = blocks.block(distance, p);
      kernels.addColumnInPlace(block, blocks.view(squares, pairs.get(p).first()));
      Matrix second = blocks.view(squares, pairs.get(p).second());
      kernels.addRowInPlace(block, second.reshaped(1, batch));
    }
    Matrix weight = workspace.like("weight", distance);
    kernels.copy(distance, weight);
    kernels.scaleInPlace(weight, -temperature);
    blocks.maskDiagonal(weight);
    Matrix column = workspace.matrix("column", distance.rows(), 1);
    kernels.softmaxRowsInPlace(weight, column);
    if (detach) {
      stopGradient.holdInPlace("repulsionWeights", kernels, weight);
    }
    kernels.rowDots(weight, distance, column);
    double scale = beta / distance.rows();
    double loss = -scale * kernels.sum(column);
    if (!detach) {
      differentiateWeights(weight, distance, column);
    }
    blocks.backward(weight, z, 2 * scale, gradientUnit);
    return loss;
  }

  /** {@code w (1 - t- (e - mean))}, what a distance changes directly and through the weights. */
  private void differentiateWeights(Matrix weight, Matrix distance, Matrix mean) {
    Matrix through = workspace.like("through", distance);
    kernels.hadamard(weight, distance, through);
    kernels.scaleInPlace(mean, temperature);
    kernels.addScalarInPlace(mean, 1);
    kernels.scaleRowsInPlace(weight, mean);
    kernels.addInPlace(weight, -temperature, through);
  }
}
