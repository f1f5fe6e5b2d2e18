package dev.millrace.model.sequential;

/** The weighted sum of the features, as {@link BlendFit} found it. */
final class BlendedScorer implements HistoryScorer {

  private final BlendFeatures features;
  private final double[] weights;
  private final float[][] x;

  /**
   * @param weights in the order of {@link BlendFeature}
   */
  BlendedScorer(BlendFeatures features, double[] weights) {
    this.features = features;
    this.weights = weights.clone();
    this.x = new float[weights.length][features.columns()];
  }

  @Override
  public void score(int[][] histories, int count, float[] scores) {
    int columns = features.columns();
    features.start(histories, count);
    ItemPopularity.clear(count, columns, scores);
    for (int i = 0; i < count; i++) {
      features.write(histories[i], i, x);
      for (int f = 0; f < weights.length; f++) {
        float weight = (float) weights[f];
        for (int item = 1; item < columns; item++) {
          scores[i * columns + item] += weight * x[f][item];
        }
      }
    }
  }
}
