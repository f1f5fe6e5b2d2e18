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
        addTo(scores, i * columns, f, (float) weights[f]);
      }
    }
  }

  private void addTo(float[] scores, int offset, int f, float weight) {
    if (BlendFeature.values()[f].isDense()) {
      for (int item = 1; item < features.columns(); item++) {
        scores[offset + item] += weight * x[f][item];
      }
      return;
    }
    for (int i = 0; i < features.touchedCount(); i++) {
      int item = features.touched()[i];
      scores[offset + item] += weight * x[f][item];
    }
  }
}
