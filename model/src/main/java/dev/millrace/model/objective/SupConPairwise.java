package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.HashMap;
import java.util.Map;

/**
 * Matching of images and texts in which each image has its own text for the only target, and other
 * pairs of its label are no negatives.
 *
 * <pre>
 *   s_ij = gamma &lt;v_i, e_j&gt;  (unit rows of image and text)
 *   imageToText = mean_i ( log( exp s_ii + sum_{j : y_j != y_i} exp s_ij ) - s_ii )
 *   textToImage = the same of s transposed
 *   loss = imageToText + textToImage
 * </pre>
 *
 * <p>Shapes: {@code image, text: B x D} raw, row by row a pair, {@code labels: [B]} of the pairs;
 * gradients {@code image, text}; outputs the scalars {@code imageToText, textToImage}.
 *
 * <p>Mean over the rows, sum of both directions. Parameter: {@code gamma} above 0, an inverse
 * temperature. A row without negatives (one row, one label) contributes 0 and no gradient.
 *
 * <p>Xu et al., AttnGAN: Fine-Grained Text to Image Generation with Attentional Generative
 * Adversarial Networks, CVPR 2018, the sentence part of its matching model.
 */
final class SupConPairwise implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("image", "B", "D")
          .differentiable("text", "B", "D")
          .integers("labels", ValueRange.ids(), "B")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows imageRows;
  private final UnitRows textRows;
  private final Entries masked = new Entries();
  private final double gamma;

  SupConPairwise(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.imageRows = new UnitRows(kernels);
    this.textRows = new UnitRows(kernels);
    this.gamma = parameters.positive("gamma", 10);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    Matrix image = imageRows.forward(inputs.matrix("image"));
    Matrix text = textRows.forward(inputs.matrix("text"));
    maskOtherPairsOfTheLabel(inputs.integers("labels"));
    Matrix gradientImage = workspace.zeros("gradientImage", image.rows(), image.columns());
    Matrix gradientText = workspace.zeros("gradientText", text.rows(), text.columns());
    double there = match(image, text, gradientImage, gradientText);
    double back = match(text, image, gradientText, gradientImage);
    return new LossAndGradient(there + back)
        .withGradient("image", imageRows.backward(gradientImage))
        .withGradient("text", textRows.backward(gradientText))
        .withScalar("imageToText", there)
        .withScalar("textToImage", back);
  }

  /** One direction; adds to both gradients. */
  private double match(Matrix a, Matrix b, Matrix gradientA, Matrix gradientB) {
    int rows = a.rows();
    Matrix logits = workspace.matrix("logits", rows, rows);
    kernels.multiplyByTransposed(a, b, gamma, 0, logits);
    masked.addTo(kernels, logits);
    int[] own = new int[rows];
    for (int i = 0; i < rows; i++) {
      own[i] = i;
    }
    Matrix rowLoss = workspace.matrix("rowLoss", rows, 1);
    kernels.crossEntropyRowsInPlace(logits, own, rowLoss);
    kernels.multiply(logits, b, gamma / rows, 1, gradientA);
    kernels.multiplyTransposed(logits, a, gamma / rows, 1, gradientB);
    return kernels.sum(rowLoss) / rows;
  }

  private void maskOtherPairsOfTheLabel(int[] labels) {
    masked.clear();
    Map<Integer, Integer> last = new HashMap<>();
    int[] previous = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      Integer before = last.put(labels[i], i);
      previous[i] = before == null ? -1 : before;
      for (int j = previous[i]; j >= 0; j = previous[j]) {
        masked.mask(i, j);
        masked.mask(j, i);
      }
    }
  }
}
