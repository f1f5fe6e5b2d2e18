package dev.millrace.model.sequential;

import java.util.Arrays;

/**
 * Scores items by counts of pairs: what followed, or occurred beside, the items of the history.
 *
 * <pre>
 *   w(j, i) = sum over pairs of positions a &lt; b with items j, i: decay^(b - a - 1)
 *   score_i = sum over the last items j of the history, r back: fade^r w(j, i) / (n_i n_j)^(1/2)
 * </pre>
 *
 * <p>The first-order Markov chain has pairs of neighbours only and no division; with both
 * directions and no decay it is item-kNN with the cosine of Sarwar et al., Item-based collaborative
 * filtering recommendation algorithms, WWW 2001.
 */
final class PairScorer implements HistoryScorer {

  /**
   * What is counted and how it is used.
   *
   * @param reach largest distance of a pair
   * @param decay of the weight of a pair with each step of distance beyond the first
   * @param backward whether the later item also counts towards the earlier one
   * @param depth how many last items of the history are used
   * @param fade of their weight with each step back
   * @param cosine whether popularity is divided out
   */
  record Kind(int reach, double decay, boolean backward, int depth, double fade, boolean cosine) {

    /** What followed the last item directly. */
    static final Kind MARKOV = new Kind(1, 1, false, 1, 1, false);

    /** What followed the last items within a few steps. */
    static final Kind DECAYED_MARKOV = new Kind(8, 0.7, false, 8, 0.7, true);

    /** What occurred beside all items of the history. */
    static final Kind ITEM_KNN = new Kind(50, 1, true, 50, 1, true);
  }

  private final Kind kind;
  private final PairWeights pairs;
  private final float[] inverseRoots;
  private final int columns;

  private PairScorer(Kind kind, PairWeights pairs, float[] inverseRoots) {
    this.kind = kind;
    this.pairs = pairs;
    this.inverseRoots = inverseRoots;
    this.columns = inverseRoots.length;
  }

  /** Counts pairs in all that came before a held-out item. */
  static PairScorer before(LeaveOneOut.Target target, LeaveOneOut split, Kind kind) {
    int columns = split.data().items() + 1;
    PairWeights.Builder builder = new PairWeights.Builder(columns);
    for (int user = 0; user < split.data().users(); user++) {
      int[] past = split.past(target, user);
      for (int later = 1; later < past.length; later++) {
        double weight = 1;
        for (int a = later - 1; a >= Math.max(0, later - kind.reach()); a--) {
          builder.add(past[a], past[later], (float) weight);
          if (kind.backward()) {
            builder.add(past[later], past[a], (float) weight);
          }
          weight *= kind.decay();
        }
      }
    }
    float[] inverseRoots = new float[columns];
    Arrays.fill(inverseRoots, 1);
    if (kind.cosine()) {
      ItemPopularity popularity = ItemPopularity.before(target, split);
      for (int item = 1; item < columns; item++) {
        inverseRoots[item] = (float) (1 / Math.sqrt(Math.max(1, popularity.count(item))));
      }
    }
    return new PairScorer(kind, builder.build(), inverseRoots);
  }

  @Override
  public void score(int[][] histories, int count, float[] scores) {
    ItemPopularity.clear(count, columns, scores);
    for (int i = 0; i < count; i++) {
      addTo(histories[i], scores, i * columns);
    }
  }

  /** Adds the scores for one history; items that nothing leads to are left as they are. */
  void addTo(int[] history, float[] scores, int offset) {
    double weight = 1;
    int oldest = Math.max(0, history.length - kind.depth());
    for (int at = history.length - 1; at >= oldest; at--) {
      int item = history[at];
      float scale = (float) weight * inverseRoots[item];
      for (int e = pairs.start(item); e < pairs.start(item + 1); e++) {
        int other = pairs.column(e);
        scores[offset + other] += scale * inverseRoots[other] * pairs.weight(e);
      }
      weight *= kind.fade();
    }
  }
}
