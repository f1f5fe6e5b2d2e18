package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;

/**
 * Correspondence of segments of two views: the most similar segments of the other view are the
 * positives, background rows the negatives, and all other segments neither, so that parts of one
 * object are not pushed apart.
 *
 * <pre>
 *   a_i, b_j, g_k = unit rows of segments1 w^T, segments2 w^T, background w^T
 *   C(i) = the {@code nearest} largest &lt;a_i, b_j&gt;, a constant choice
 *   loss = mean_i mean_{j in C(i)} log( 1 + sum_k exp((&lt;a_i, g_k&gt; - &lt;a_i, b_j&gt;) / tau) )
 * </pre>
 *
 * <p>Shapes: {@code segments1: B x D, segments2: N x D, background: M x D}, means of the features
 * of a segment, not normalised before {@code w: H x D}, the projection; gradients of all four;
 * output {@code chosen: B x nearest}, the most similar first.
 *
 * <p>Mean over the positives of all B segments. Parameters: {@code tau} above 0; {@code nearest}
 * positives of a segment, at least 1, or all N if there are fewer; {@code width}, the H of a
 * projection that the learner makes. No background gives 0 and no gradient.
 *
 * <p>The released code does not contain this loss; it is rebuilt from the paper's description.
 *
 * <p>Liu, Xiao, Zhang, Lu, Shao, FAC: 3D Representation Learning via Foreground Aware Feature
 * Contrast, CVPR 2023, correspondence of foreground segments.
 */
final class FacSegments implements Objective {

  private final Signature signature;
  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows raw;
  private final UnitRows projections;
  private final PositivesAgainstNegatives contrast;
  private final StopGradient stopGradient = new StopGradient();
  private final double tau;
  private final int nearest;

  FacSegments(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.raw = new UnitRows(kernels, false);
    this.projections = new UnitRows(kernels);
    this.contrast = new PositivesAgainstNegatives(kernels);
    this.tau = parameters.positive("tau", 0.1);
    this.nearest = parameters.count("nearest", 1);
    this.signature =
        Signature.of()
            .differentiable("segments1", "B", "D")
            .differentiable("segments2", "N", "D")
            .differentiable("background", "M", "D")
            .parameter("w", ValueRange.any(), "H", "D")
            .size("H", parameters.count("width", 64))
            .build();
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public StopGradient stopGradient() {
    return stopGradient;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    Map<String, Integer> sizes = signature.bind(inputs);
    int first = sizes.get("B");
    int segments = first + sizes.get("N");
    Matrix w = inputs.matrix("w");
    Matrix rows =
        raw.forward(
            inputs.matrix("segments1"), inputs.matrix("segments2"), inputs.matrix("background"));
    Matrix projected = workspace.matrix("projected", rows.rows(), w.rows());
    kernels.multiplyByTransposed(rows, w, 1, 0, projected);
    Matrix unit = projections.forward(projected);
    int[] chosen = stopGradient.hold("chosen", choose(unit, first, segments));

    Matrix gradientUnit = workspace.zeros("gradientUnit", unit.rows(), unit.columns());
    double loss =
        segments < rows.rows() ? contrast(unit, first, segments, chosen, gradientUnit) : 0;

    Matrix gradientProjected = projections.backward(gradientUnit);
    Matrix gradientRows = workspace.like("gradientRows", rows);
    kernels.multiply(gradientProjected, w, 1, 0, gradientRows);
    Matrix gradientW = workspace.like("gradientW", w);
    kernels.multiplyTransposed(gradientProjected, rows, 1, 0, gradientW);
    Matrix chosenOutput = workspace.matrix("chosen", first, chosen.length / first);
    kernels.write(Arrays.stream(chosen).asDoubleStream().toArray(), chosenOutput);
    return new LossAndGradient(loss)
        .withGradient("segments1", gradientRows.rows(0, first))
        .withGradient("segments2", gradientRows.rows(first, segments))
        .withGradient("background", gradientRows.rows(segments, rows.rows()))
        .withGradient("w", gradientW)
        .withOutput("chosen", chosenOutput);
  }

  private int[] choose(Matrix unit, int first, int segments) {
    Matrix across = workspace.matrix("across", first, segments - first);
    kernels.multiplyByTransposed(unit.rows(0, first), unit.rows(first, segments), 1, 0, across);
    int count = Math.min(nearest, across.columns());
    int[] columns = new int[across.rows() * count];
    kernels.largestInRows(across, count, columns);
    return columns;
  }

  /** The loss; fills the gradient at the unit rows. Only chosen pairs are looked at again. */
  private double contrast(Matrix unit, int first, int segments, int[] chosen, Matrix gradientUnit) {
    int pairs = chosen.length;
    int perAnchor = pairs / first;
    int[] anchorOf = new int[pairs];
    Arrays.setAll(anchorOf, i -> i / perAnchor);
    Matrix anchors = unit.rows(0, first);
    Matrix others = unit.rows(first, segments);
    Matrix background = unit.rows(segments, unit.rows());
    Matrix left = workspace.matrix("left", pairs, unit.columns());
    Matrix right = workspace.like("right", left);
    kernels.gatherRows(anchors, anchorOf, pairs, left);
    kernels.gatherRows(others, chosen, pairs, right);
    Matrix similarity = workspace.matrix("similarity", pairs, 1);
    kernels.rowDots(left, right, similarity);
    kernels.scaleInPlace(similarity, 1 / tau);
    Matrix negative = workspace.matrix("negative", first, background.rows());
    kernels.multiplyByTransposed(anchors, background, 1 / tau, 0, negative);
    double loss = contrast.meanInPlace(similarity.reshaped(first, perAnchor), negative);

    Matrix ofAnchors = gradientUnit.rows(0, first);
    kernels.multiply(negative, background, 1 / tau, 0, ofAnchors);
    kernels.multiplyTransposed(
        negative, anchors, 1 / tau, 0, gradientUnit.rows(segments, unit.rows()));
    kernels.scaleRowsInPlace(left, similarity);
    kernels.scaleRowsInPlace(right, similarity);
    kernels.scatterAddRowsInPlace(ofAnchors, anchorOf, pairs, 1 / tau, right);
    kernels.scatterAddRowsInPlace(gradientUnit.rows(first, segments), chosen, pairs, 1 / tau, left);
    return loss;
  }
}
