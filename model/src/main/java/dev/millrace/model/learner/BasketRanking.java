package dev.millrace.model.learner;

import dev.millrace.model.data.Recommendations;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.Baseline;
import dev.millrace.model.eval.Baselines;
import dev.millrace.model.eval.Basket;
import dev.millrace.model.eval.ItemMask;
import dev.millrace.model.eval.PrequentialEvaluator;
import dev.millrace.model.eval.Scorer;
import dev.millrace.model.eval.TimeGroup;
import dev.millrace.model.eval.TopK;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.ranker.Component;
import dev.millrace.model.ranker.OnlineRanker;
import dev.millrace.model.ranker.UserPast;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ranks baskets before they are learned: the counting baselines, the neural learner and, where it
 * is on, the online ranker with each of its components. What ranks is what recommends.
 *
 * <p>With the ranker {@code model} is its score and {@code neural} the learner's alone; without,
 * {@code model} is the learner's.
 */
final class BasketRanking {

  static final String MODEL = "model";
  static final String NEURAL = "neural";
  private static final String COMPONENT_PREFIX = "ranker_";

  private final ItemRows items;
  private final UserScorer neural;
  private final PrequentialEvaluator evaluator;

  /** Null where it is off. */
  private final OnlineRanker ranker;

  private final Map<String, Scorer> scorers = new HashMap<>();
  private final TopK best;
  private final ItemMask withoutRow = new ItemMask();
  private float[] neuralByItem = new float[256];

  BasketRanking(SequenceLearnerConfig config, Kernels kernels, ItemRows items, UserScorer neural) {
    this(
        config,
        items,
        neural,
        new PrequentialEvaluator(
            baselines(config), models(config), config.output().windowTargets()),
        config.ranker().enabled()
            ? new OnlineRanker(config.ranker(), kernels, config.seed())
            : null);
  }

  private BasketRanking(
      SequenceLearnerConfig config,
      ItemRows items,
      UserScorer neural,
      PrequentialEvaluator evaluator,
      OnlineRanker ranker) {
    this.items = items;
    this.neural = neural;
    this.evaluator = evaluator;
    this.ranker = ranker;
    this.best = new TopK(config.output().recommendations());
    if (ranker == null) {
      scorers.put(MODEL, neural);
    } else {
      scorers.put(MODEL, (user, count, out) -> copy(ranker.scores(), count, out));
      scorers.put(NEURAL, (user, count, out) -> System.arraycopy(neuralByItem, 0, out, 0, count));
      for (Component component : components()) {
        scorers.put(
            COMPONENT_PREFIX + component.id(),
            (user, count, out) -> copy(ranker.feature(component), count, out));
      }
    }
  }

  static BasketRanking readFrom(
      DataInput in,
      SequenceLearnerConfig config,
      Kernels kernels,
      ItemRows items,
      UserScorer neural)
      throws IOException {
    PrequentialEvaluator evaluator =
        PrequentialEvaluator.read(in, baselines(config), models(config));
    OnlineRanker ranker =
        config.ranker().enabled() ? OnlineRanker.readFrom(in, config.ranker(), kernels) : null;
    return new BasketRanking(config, items, neural, evaluator, ranker);
  }

  /** Reads what {@link #writeSharedTo} wrote. */
  static BasketRanking readSharedFrom(
      DataInput in,
      SequenceLearnerConfig config,
      Kernels kernels,
      ItemRows items,
      UserScorer neural)
      throws IOException {
    PrequentialEvaluator evaluator =
        PrequentialEvaluator.read(in, baselines(config), models(config));
    OnlineRanker ranker =
        config.ranker().enabled()
            ? OnlineRanker.readSharedFrom(in, config.ranker(), kernels)
            : null;
    return new BasketRanking(config, items, neural, evaluator, ranker);
  }

  void writeTo(DataOutput out) throws IOException {
    evaluator.write(out);
    if (ranker != null) {
      ranker.writeTo(out);
    }
  }

  /** Writes what all lanes have in common: everything but who trains the ranker. */
  void writeSharedTo(DataOutput out) throws IOException {
    evaluator.write(out);
    if (ranker != null) {
      ranker.writeSharedTo(out);
    }
  }

  private static List<? extends Baseline> baselines(SequenceLearnerConfig config) {
    return config.output().baselines() ? List.of(Baselines.values()) : List.of();
  }

  private static List<String> models(SequenceLearnerConfig config) {
    List<String> names = new ArrayList<>(List.of(MODEL));
    if (config.ranker().enabled()) {
      names.add(NEURAL);
      for (Component component : components()) {
        names.add(COMPONENT_PREFIX + component.id());
      }
    }
    return names;
  }

  /** Components that are ranked alone; the neural one is already. */
  private static List<Component> components() {
    return Arrays.stream(Component.values()).filter(c -> c != Component.NEURAL).toList();
  }

  PrequentialEvaluator evaluator() {
    return evaluator;
  }

  /** Ranks a basket for whose user the neural scorer stands; nothing is learned. */
  void rank(long eventTime, Basket basket) {
    if (ranker != null) {
      score(basket.user(), eventTime, true);
    }
    evaluator.rank(eventTime, basket, scorers);
    if (ranker != null) {
      ranker.remember(basket);
    }
  }

  /** Lets the counts, and the ranker's blend, learn the baskets of one time. */
  void learn(TimeGroup baskets) {
    evaluator.learn(baskets);
    if (ranker != null) {
      ranker.learn(baskets);
    }
  }

  /** Counts the baskets of one time; no blend learns. */
  void count(TimeGroup baskets) {
    evaluator.learn(baskets);
    if (ranker != null) {
      ranker.count(baskets);
    }
  }

  /** Null where it is off. */
  OnlineRanker ranker() {
    return ranker;
  }

  /**
   * Ranks a basket for whose user the neural scorer stands, into another evaluator's tables;
   * nothing is changed here but what the ranker's learner keeps as an example.
   *
   * @param past what the user had, null for nothing
   * @return what the ranker shall observe, null for nothing
   */
  double[] rankBeside(PrequentialEvaluator beside, long eventTime, Basket basket, UserPast past) {
    double[] moments = null;
    if (ranker != null) {
      scoreNeural(basket.user());
      moments = ranker.scoreBeside(basket.user(), past, eventTime, neuralByItem);
    }
    beside.rank(eventTime, basket, scorers);
    if (ranker != null) {
      ranker.remember(basket);
    }
    return moments;
  }

  /** The best items for the user for whom the neural scorer stands and who had this past. */
  Recommendations recommendBeside(
      int user, UserPast past, String id, long version, long eventTime, SourcePosition cause) {
    if (ranker == null) {
      return neural.recommend(id, version, eventTime, cause);
    }
    scoreNeural(user);
    ranker.scoreBeside(user, past, eventTime, neuralByItem);
    return best(id, version, eventTime, cause);
  }

  /** The best items for the user for whom the neural scorer stands. */
  Recommendations recommend(
      int user, String id, long version, long eventTime, SourcePosition cause) {
    if (ranker == null) {
      return neural.recommend(id, version, eventTime, cause);
    }
    score(user, eventTime, false);
    return best(id, version, eventTime, cause);
  }

  private Recommendations best(String id, long version, long eventTime, SourcePosition cause) {
    withoutRow.clear();
    for (int item = 0; item < ranker.items(); item++) {
      if (items.rowOf(item) == ItemRows.ABSENT) {
        withoutRow.add(item);
      }
    }
    best.select(ranker.scores(), ranker.items(), withoutRow);
    List<Recommendations.ScoredItem> list = new ArrayList<>(best.size());
    for (int rank = 0; rank < best.size(); rank++) {
      list.add(new Recommendations.ScoredItem(items.idOf(best.item(rank)), best.score(rank)));
    }
    return new Recommendations(id, list, version, eventTime, cause);
  }

  private void score(int user, long eventTime, boolean evaluated) {
    scoreNeural(user);
    ranker.score(user, eventTime, neuralByItem, evaluated);
  }

  private void scoreNeural(int user) {
    int known = evaluator.counts().items();
    if (neuralByItem.length < known) {
      neuralByItem = new float[known + known / 4];
    }
    neural.score(user, known, neuralByItem);
  }

  private static void copy(float[] scores, int count, float[] out) {
    System.arraycopy(scores, 0, out, 0, count);
  }
}
