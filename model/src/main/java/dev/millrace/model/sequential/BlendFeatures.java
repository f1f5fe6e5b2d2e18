package dev.millrace.model.sequential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the features of a blend for one stage of the protocol: counts of all that came before the
 * stage's target, and a trained model's scores.
 *
 * <pre>
 *   of counts s: log(1 + 10 N s_i / sum s), 0 where nothing was counted
 *   neural:      score less the best
 * </pre>
 *
 * <p>This is {@code log(.1 + N s_i / sum s)} but for a constant, which a softmax does not see.
 */
final class BlendFeatures {

  private static final BlendFeature[] FEATURES = BlendFeature.values();
  private static final double SHARE_SCALE = 10;

  private final HistoryScorer neural;
  private final List<PairScorer> pairs = new ArrayList<>();
  private final float[] logPopularity;
  private final int columns;
  private final float[] neuralScores;
  private final int[] touched;
  private int touchedCount;

  BlendFeatures(LeaveOneOut split, LeaveOneOut.Target before, HistoryScorer neural) {
    this.neural = neural;
    columns = split.data().items() + 1;
    ItemPopularity popularity = ItemPopularity.before(before, split);
    logPopularity = new float[columns];
    for (int item = 1; item < columns; item++) {
      logPopularity[item] = (float) StrictMath.log(1.0 + popularity.count(item));
    }
    for (BlendFeature feature : FEATURES) {
      pairs.add(feature.pairs() == null ? null : PairScorer.before(before, split, feature.pairs()));
    }
    neuralScores = new float[HistoryScorer.BATCH * columns];
    touched = new int[columns];
  }

  int columns() {
    return columns;
  }

  /** Takes the histories of a batch in; {@link #write} then makes the features of each. */
  void start(int[][] histories, int count) {
    neural.score(histories, count, neuralScores);
  }

  /**
   * Features of one history.
   *
   * @param index of the history in the batch
   * @param features by feature, then by item
   */
  void write(int[] history, int index, float[][] features) {
    for (int f = 0; f < FEATURES.length; f++) {
      if (pairs.get(f) != null) {
        Arrays.fill(features[f], 0);
        pairs.get(f).addTo(history, features[f], 0);
      }
    }
    float[] counts = features[BlendFeature.MARKOV.ordinal()];
    float[] logCounts = features[BlendFeature.MARKOV_COUNT.ordinal()];
    for (int item = 0; item < columns; item++) {
      logCounts[item] = counts[item] == 0 ? 0 : (float) StrictMath.log1p(counts[item]);
    }
    for (int f = 0; f < FEATURES.length; f++) {
      if (pairs.get(f) != null) {
        toLogShares(features[f]);
      }
    }
    writeNeural(index * columns, features[BlendFeature.NEURAL.ordinal()]);
    System.arraycopy(logPopularity, 0, features[BlendFeature.POPULARITY.ordinal()], 0, columns);
    float[] seen = features[BlendFeature.SEEN.ordinal()];
    Arrays.fill(seen, 0);
    for (int item : history) {
      seen[item] = 1;
    }
    listTouched(features);
  }

  private void listTouched(float[][] features) {
    touchedCount = 0;
    for (int item = 1; item < columns; item++) {
      for (BlendFeature feature : FEATURES) {
        if (!feature.isDense() && features[feature.ordinal()][item] != 0) {
          touched[touchedCount++] = item;
          break;
        }
      }
    }
  }

  /** Items for which a feature that is not dense has a value, ascending; of the last history. */
  int[] touched() {
    return touched;
  }

  /** How many of {@link #touched} there are. */
  int touchedCount() {
    return touchedCount;
  }

  private void toLogShares(float[] scores) {
    double sum = 0;
    for (float score : scores) {
      sum += score;
    }
    if (sum == 0) {
      return;
    }
    double scale = SHARE_SCALE * (columns - 1) / sum;
    for (int item = 0; item < columns; item++) {
      if (scores[item] != 0) {
        scores[item] = (float) StrictMath.log1p(scale * scores[item]);
      }
    }
  }

  private void writeNeural(int offset, float[] out) {
    float best = Float.NEGATIVE_INFINITY;
    for (int item = 1; item < columns; item++) {
      best = Math.max(best, neuralScores[offset + item]);
    }
    out[0] = 0;
    for (int item = 1; item < columns; item++) {
      out[item] = neuralScores[offset + item] - best;
    }
  }
}
