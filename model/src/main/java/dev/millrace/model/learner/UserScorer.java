package dev.millrace.model.learner;

import dev.millrace.model.data.Recommendations;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.Basket;
import dev.millrace.model.eval.Scorer;
import dev.millrace.model.eval.TopK;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores a group of users at once, then answers for one of them. */
final class UserScorer implements Scorer {

  private final SequenceModel model;
  private final ItemRows items;
  private final UserHistories histories;
  private final PopularityPrior popularity;
  private final TopK best;

  private SequenceModel.Scores scores;
  private float[] row = new float[256];
  private float[] user;
  private float[] item;

  UserScorer(
      SequenceModel model,
      ItemRows items,
      UserHistories histories,
      PopularityPrior popularity,
      SequenceLearnerConfig.Output output) {
    this.model = model;
    this.items = items;
    this.histories = histories;
    this.popularity = popularity;
    this.best = new TopK(output.recommendations());
  }

  /** Scores all items for users of these histories. */
  void score(List<int[]> past, List<int[]> ages) {
    scores = model.score(past, ages, popularity);
  }

  /** Scores all items for each user, from the histories as they are now. */
  void score(int[] users) {
    List<int[]> past = new ArrayList<>(users.length);
    List<int[]> ages = new ArrayList<>(users.length);
    for (int one : users) {
      past.add(histories.items(one));
      ages.add(histories.ages(one));
    }
    score(past, ages);
  }

  /** Turns to one of the users of the last call of {@link #score(int[])}. */
  void select(int index) {
    Matrix all = scores.scores();
    if (row.length < all.columns()) {
      row = new float[2 * all.columns()];
    }
    all.rows(index, index + 1).copyTo(row, 0);
    user = new float[scores.users().columns()];
    scores.users().rows(index, index + 1).copyTo(user, 0);
  }

  @Override
  public void score(int ignored, int count, float[] out) {
    Arrays.fill(out, 0, count, Float.NEGATIVE_INFINITY);
    for (int r = 1; r < scores.scores().columns(); r++) {
      int index = items.itemAt(r);
      if (index != ItemRows.ABSENT && index < count) {
        out[index] = row[r];
      }
    }
  }

  /** The selected user's vector, an array of its own. */
  float[] user() {
    return user;
  }

  Recommendations recommend(String id, long version, long eventTime, SourcePosition cause) {
    best.select(row, scores.scores().columns());
    List<Recommendations.ScoredItem> list = new ArrayList<>(best.size());
    for (int rank = 0; rank < best.size(); rank++) {
      list.add(
          new Recommendations.ScoredItem(
              items.idOf(items.itemAt(best.item(rank))), best.score(rank)));
    }
    return new Recommendations(id, list, version, eventTime, cause);
  }

  /** Notes the similarity of the selected user to what came next, and to as many random items. */
  void sampleScores(Basket basket, SeededRandom random, ScoreDistribution distribution) {
    int bound = items.table().bound();
    for (int i = 0; i < basket.itemCount(); i++) {
      int target = items.rowOf(basket.item(i));
      int other = 1 + random.nextInt(Math.max(1, bound - 1));
      if (target != ItemRows.ABSENT && items.itemAt(other) != ItemRows.ABSENT) {
        distribution.addPositive(cosine(target));
        distribution.addNegative(cosine(other));
      }
    }
  }

  private double cosine(int itemRow) {
    if (item == null) {
      item = new float[user.length];
    }
    items.table().vectors().value().rows(itemRow, itemRow + 1).copyTo(item, 0);
    double dot = 0;
    double userSquares = 0;
    double itemSquares = 0;
    for (int j = 0; j < user.length; j++) {
      dot += (double) user[j] * item[j];
      userSquares += (double) user[j] * user[j];
      itemSquares += (double) item[j] * item[j];
    }
    return dot / Math.max(Math.sqrt(userSquares * itemSquares), 1e-12);
  }
}
