package dev.millrace.model.sequential;

import dev.millrace.model.eval.RankingMetrics;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.objective.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trains a method on a file of sequences, stops it on the validation items, and ranks the test
 * items by it, by the counts beside it and, for {@link #BLEND}, by both together.
 *
 * <p>The model learns from the training examples alone. Counts are given in two forms: of the
 * training items, as the published figure of the first-order Markov chain is ({@code markov}), and
 * of all that came before the test item, as that of popularity is ({@code popularity}); the other
 * form of each carries it in its name. The blend finds its weights with counts of the training
 * items and ranks with counts of all before the test item; {@code blend_training_counts} ranks with
 * the former.
 */
public final class LeaveOneOutEvaluation {

  /** The method that adds model and counts up. */
  public static final String BLEND = "blend";

  /** The model inside the blend. */
  private static final SequentialMethod BLENDED = SequentialMethod.DUOREC;

  private static final String MODEL = "model";

  // configuration
  private final Kernels kernels;
  private final TrainingConfig config;
  private final LeaveOneOut split;

  // runtime
  private final FullRanking ranking;
  private final Map<String, RankingMetrics> masked = new LinkedHashMap<>();
  private final Map<String, RankingMetrics> unmasked = new LinkedHashMap<>();

  public LeaveOneOutEvaluation(Kernels kernels, InteractionSequences data, TrainingConfig config) {
    this.kernels = kernels;
    this.config = config;
    this.split = new LeaveOneOut(data, config.encoder().maxLength());
    // Ties go to the item that is more popular in training, so that no figure depends on names.
    ItemPopularity training = ItemPopularity.before(LeaveOneOut.Target.VALIDATION, split);
    this.ranking = new FullRanking(split, training.places());
  }

  /**
   * What came out.
   *
   * @param passes passes over the training examples
   * @param bestPass the pass whose model was kept, by validation
   * @param validationMrrAt10 of the model at that pass, the history in the list
   * @param masked by name, items of the history left out of the list
   * @param unmasked by name, all items in the list
   * @param blendWeights by feature, empty but for the blend
   */
  public record Report(
      int passes,
      int bestPass,
      double validationMrrAt10,
      Map<String, RankingMetrics> masked,
      Map<String, RankingMetrics> unmasked,
      Map<String, Double> blendWeights) {}

  /** Names that {@link #run} takes. */
  public static List<String> methods() {
    List<String> names = new ArrayList<>();
    names.add(BLEND);
    names.addAll(SequentialMethod.names());
    return names;
  }

  /**
   * Checks the name of a method before anything costly is done.
   *
   * @throws IllegalArgumentException if there is none; the message has the nearest name
   */
  public static void requireMethod(String name) {
    if (!methods().contains(name)) {
      throw new IllegalArgumentException(
          "no method '" + name + "'" + Nearest.suggestion(name, methods()));
    }
  }

  /**
   * Trains and ranks.
   *
   * @param name one of {@link #methods}
   */
  public Report run(String name, PassReport.Listener listener) {
    requireMethod(name);
    boolean blended = name.equals(BLEND);
    SequentialMethod method = blended ? BLENDED : SequentialMethod.of(name);
    SequentialTrainer.Trained trained =
        new SequentialTrainer(kernels, config, split).train(method, listener);
    masked.clear();
    unmasked.clear();
    Map<String, Double> weights = new TreeMap<>();
    if (blended) {
      addBlend(trained.model(), weights);
      add(method.key(), trained.model());
    } else {
      add(MODEL, trained.model());
    }
    addCounts();
    return new Report(
        trained.passes(),
        trained.bestPass(),
        trained.bestMrrAt10(),
        new LinkedHashMap<>(masked),
        new LinkedHashMap<>(unmasked),
        weights);
  }

  private void addBlend(NextItemModel model, Map<String, Double> byName) {
    BlendFeatures validation = new BlendFeatures(split, LeaveOneOut.Target.VALIDATION, model);
    double[] weights = BlendFit.weights(split, validation);
    for (BlendFeature feature : BlendFeature.values()) {
      byName.put(feature.key(), weights[feature.ordinal()]);
    }
    BlendFeatures test = new BlendFeatures(split, LeaveOneOut.Target.TEST, model);
    add(MODEL, new BlendedScorer(test, weights));
    add("blend_training_counts", new BlendedScorer(validation, weights));
  }

  private void addCounts() {
    LeaveOneOut.Target training = LeaveOneOut.Target.VALIDATION;
    LeaveOneOut.Target all = LeaveOneOut.Target.TEST;
    add("popularity", ItemPopularity.before(all, split));
    add("popularity_training", ItemPopularity.before(training, split));
    add("markov", PairScorer.before(training, split, PairScorer.Kind.MARKOV));
    add("markov_until_test", PairScorer.before(all, split, PairScorer.Kind.MARKOV));
    add("markov_decayed", PairScorer.before(training, split, PairScorer.Kind.DECAYED_MARKOV));
    add("markov_decayed_until_test", PairScorer.before(all, split, PairScorer.Kind.DECAYED_MARKOV));
    add("item_knn", PairScorer.before(training, split, PairScorer.Kind.ITEM_KNN));
    add("item_knn_until_test", PairScorer.before(all, split, PairScorer.Kind.ITEM_KNN));
  }

  private void add(String name, HistoryScorer scorer) {
    FullRanking.Result result = ranking.rank(LeaveOneOut.Target.TEST, scorer);
    masked.put(name, result.masked());
    unmasked.put(name, result.unmasked());
  }
}
