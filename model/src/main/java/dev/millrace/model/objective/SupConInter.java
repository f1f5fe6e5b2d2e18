package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Supervised contrastive loss between two modalities: an image attracts all texts of its label, and
 * a text all images.
 *
 * <pre>
 *   s_ij = &lt;v_i, e_j&gt; / tau  (unit rows of image and text),  P_i = { j : y_j = y_i }
 *   imageToText = mean_i ( log sum_j exp s_ij - mean_{p in P_i} s_ip )
 *   textToImage = the same of s transposed
 *   loss = (imageToText + textToImage) / 2
 * </pre>
 *
 * <p>Shapes: {@code image, text: B x D} raw, row by row a pair, {@code labels: [B]} of the pairs;
 * gradients {@code image, text}; outputs the scalars {@code imageToText, textToImage}.
 *
 * <p>Mean over the rows and over both directions. Parameter: {@code tau} above 0. The own pair is
 * always a positive, so every row is an anchor. A row costs at least the logarithm of its number of
 * positives, and nothing where it is alone.
 *
 * <p>The authors released no code. The positives are those of Yang et al., Unified Contrastive
 * Learning in Image-Text-Label Space, CVPR 2022, averaged outside of the logarithm as in Khosla et
 * al., Supervised Contrastive Learning, NeurIPS 2020, equation 2; between modalities as in Liu et
 * al., A Framework For Image Synthesis Using Supervised Contrastive Learning, 2024.
 */
final class SupConInter implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("image", "B", "D")
          .differentiable("text", "B", "D")
          .integers("labels", ValueRange.ids(), "B")
          .build();

  private static final int[] NO_BANK = {};

  private final Workspace workspace;
  private final UnitRows imageRows;
  private final UnitRows textRows;
  private final LabelContrast imageToText;
  private final LabelContrast textToImage;

  SupConInter(Kernels kernels, ObjectiveParameters parameters) {
    this.workspace = new Workspace(kernels);
    this.imageRows = new UnitRows(kernels);
    this.textRows = new UnitRows(kernels);
    double tau = parameters.positive("tau", 0.1);
    this.imageToText = new LabelContrast(kernels, tau, false);
    this.textToImage = new LabelContrast(kernels, tau, false);
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    SIGNATURE.bind(inputs);
    int[] labels = inputs.integers("labels");
    Matrix image = imageRows.forward(inputs.matrix("image"));
    Matrix text = textRows.forward(inputs.matrix("text"));
    double there = imageToText.evaluate(image, text, labels, null, NO_BANK);
    double back = textToImage.evaluate(text, image, labels, null, NO_BANK);
    Matrix gradientImage = workspace.zeros("gradientImage", image.rows(), image.columns());
    Matrix gradientText = workspace.zeros("gradientText", text.rows(), text.columns());
    imageToText.addGradients(0.5, gradientImage, gradientText);
    textToImage.addGradients(0.5, gradientText, gradientImage);
    return new LossAndGradient((there + back) / 2)
        .withGradient("image", imageRows.backward(gradientImage))
        .withGradient("text", textRows.backward(gradientText))
        .withScalar("imageToText", there)
        .withScalar("textToImage", back);
  }
}
