package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Foreground-aware contrast: anchors count per group and not per row, so that large groups do not
 * dominate, and a pair of rows is positive, negative, or neither.
 *
 * <pre>
 *   s_ij = &lt;f_i, f_j&gt; / tau   (unit rows)
 *   l_i = mean_{j: r_ij = 1} log( 1 + sum_{k: r_ik = -1} exp(s_ik - s_ij) )
 *   loss = mean over groups of the mean of l_i over the anchors i of the group
 * </pre>
 *
 * <p>Shapes: {@code f: B x D} raw, {@code groups: [B]} the group of each anchor, below 0 for a row
 * that is no anchor (background), {@code relation: B x B} with 1 positive, -1 negative and 0
 * neither, 0 on its diagonal; gradient {@code f}; scalar {@code groups}, the number of groups that
 * count.
 *
 * <p>Anchors are the rows of a group that have a positive; a group counts if it has an anchor.
 * Parameter: {@code tau} above 0. No anchor at all gives 0, an anchor without negatives has l = 0.
 *
 * <p>The released code does not contain this loss; it is rebuilt from the paper's description.
 *
 * <p>Liu, Xiao, Zhang, Lu, Shao, FAC: 3D Representation Learning via Foreground Aware Feature
 * Contrast, CVPR 2023, grouping of foreground points.
 *
 * @see FacSegments the correspondence of segments of two views
 */
final class Fac implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("f", "B", "D")
          .integers("groups", ValueRange.ids(), "B")
          .integers("relation", ValueRange.between(-1, 1), "B", "B")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final RelationContrast contrast;
  private final double tau;

  Fac(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    this.contrast = new RelationContrast(kernels);
    this.tau = parameters.positive("tau", 0.1);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int batch = SIGNATURE.bind(inputs).get("B");
    int[] relation = inputs.integers("relation");
    int[] counts = positivesOf(relation, batch);
    Map<Integer, Integer> anchors = anchorsOfGroups(inputs.integers("groups"), counts);
    double[] weight = weights(inputs.integers("groups"), counts, anchors);

    Matrix f = rows.forward(inputs.matrix("f"));
    Matrix logits = workspace.matrix("logits", batch, batch);
    kernels.multiplyByTransposed(f, f, 1 / tau, 0, logits);
    double loss = contrast.evaluateInPlace(logits, relation, weight);

    Matrix gradientUnit = workspace.like("gradientUnit", f);
    kernels.multiply(logits, f, 1 / tau, 0, gradientUnit);
    kernels.multiplyTransposed(logits, f, 1 / tau, 1, gradientUnit);
    return new LossAndGradient(loss)
        .withGradient("f", rows.backward(gradientUnit))
        .withScalar("groups", anchors.size());
  }

  /** Counts the positives of each row. */
  private static int[] positivesOf(int[] relation, int batch) {
    int[] counts = new int[batch];
    for (int i = 0; i < batch; i++) {
      for (int j = 0; j < batch; j++) {
        require(relation, i * batch + j);
        // 1 for 1 alone.
        counts[i] += (relation[i * batch + j] + 1) >> 1;
      }
    }
    return counts;
  }

  private static void require(int[] relation, int position) {
    if (relation[position] < -1 || relation[position] > 1) {
      throw new IllegalArgumentException(
          "input 'relation' holds %d at position %d, expected 1 for a positive, -1 for a negative or 0"
              .formatted(relation[position], position));
    }
  }

  private static Map<Integer, Integer> anchorsOfGroups(int[] groups, int[] counts) {
    Map<Integer, Integer> anchors = new HashMap<>();
    for (int i = 0; i < groups.length; i++) {
      if (groups[i] >= 0 && counts[i] > 0) {
        anchors.merge(groups[i], 1, Integer::sum);
      }
    }
    return anchors;
  }

  /** Weight of each single positive of a row. */
  private static double[] weights(int[] groups, int[] counts, Map<Integer, Integer> anchors) {
    double[] weight = new double[groups.length];
    Arrays.setAll(
        weight,
        i ->
            groups[i] >= 0 && counts[i] > 0
                ? 1.0 / anchors.size() / anchors.get(groups[i]) / counts[i]
                : 0);
    return weight;
  }
}
