package dev.millrace.model.learner;

import dev.millrace.model.cluster.Prototypes;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import java.util.Arrays;

/** The prototypes nearest to images, with the softmax over all prototypes at them. */
final class ImageClusters {

  private final Kernels kernels;
  private final Prototypes prototypes;
  private final int top;
  private final double tau;
  private final RowBuffer logSums;

  ImageClusters(Kernels kernels, ImageLearnerConfig config, Prototypes prototypes) {
    this.kernels = kernels;
    this.prototypes = prototypes;
    this.top = Math.min(config.output().topClusters(), config.clusters().count());
    this.tau = config.clusters().tau();
    this.logSums = new RowBuffer(kernels, 1);
  }

  /**
   * Of some images.
   *
   * @param top prototypes of each
   * @param columns the nearest first, image after image
   * @param shares softmax at them
   */
  record Nearest(int top, int[] columns, double[] shares) {

    int[] clusters(int image) {
      return Arrays.copyOfRange(columns, image * top, (image + 1) * top);
    }

    float[] assignment(int image) {
      float[] assignment = new float[top];
      for (int k = 0; k < top; k++) {
        assignment[k] = (float) shares[image * top + k];
      }
      return assignment;
    }
  }

  /**
   * @param unit embeddings of length 1, {@code n x width}
   */
  Nearest nearest(Matrix unit) {
    int count = unit.rows();
    Matrix scores = prototypes.scores(unit);
    kernels.scaleInPlace(scores, 1 / tau);
    kernels.softmaxRowsInPlace(scores, logSums.rows(count));
    int[] columns = new int[count * top];
    kernels.largestInRows(scores, top, columns);
    int[] rows = new int[columns.length];
    Arrays.setAll(rows, i -> i / top);
    double[] shares = new double[columns.length];
    kernels.getAt(scores, rows, columns, columns.length, shares);
    return new Nearest(top, columns, shares);
  }
}
