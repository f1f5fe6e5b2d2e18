package dev.millrace.model.learner;

import dev.millrace.model.encoder.EncoderConfig;
import dev.millrace.model.memory.EmbeddingTableConfig;
import dev.millrace.model.memory.MemoryBankConfig;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.ranker.RankerConfig;
import java.io.Serializable;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that decides what a {@link SequenceLearner} learns.
 *
 * @param model shapes
 * @param training steps, rates and losses
 * @param ranker the blend with counts on top
 * @param output what is published and reported
 * @param seed seed of initial weights, of every draw and of every dropout mask
 */
public record SequenceLearnerConfig(
    Model model, Training training, RankerConfig ranker, Output output, long seed)
    implements Serializable {

  /**
   * Shapes of the model.
   *
   * @param width length of an embedding
   * @param pools number of learned decays by which a history is pooled
   * @param ages basket ages told apart; older baskets count as the oldest
   * @param history items of a user's past that are kept
   * @param window newest items of the past that the Transformer reads
   * @param layers layers of the Transformer
   * @param heads attention heads
   * @param inner width inside the feed-forward part
   * @param maximumItems rows of the item table; one more evicts the least recently used
   * @param admitAfter sightings after which an item gets a row
   * @param expireAfterMillis event time without use after which an item loses its row
   */
  public record Model(
      int width,
      int pools,
      int ages,
      int history,
      int window,
      int layers,
      int heads,
      int inner,
      int maximumItems,
      int admitAfter,
      long expireAfterMillis)
      implements Serializable {

    public static final Model STANDARD =
        new Model(64, 2, 16, 256, 50, 1, 2, 128, 200_000, 1, EmbeddingTableConfig.NEVER);

    public Model {
      requirePositive("pools", pools);
      requirePositive("ages", ages);
      requirePositive("history", history);
      requirePositive("window", window);
    }
  }

  /**
   * @throws IllegalArgumentException if a stream of interactions cannot feed the objective; the
   *     message says what is missing
   */
  public SequenceLearnerConfig {
    if (ObjectiveFeed.isContrastive(training.objective())) {
      ObjectiveFeed.of(training);
    }
  }

  /**
   * Why a stream of interactions, with categories as labels, cannot feed an objective; empty if it
   * can.
   */
  public static Optional<String> refusal(Objectives objective) {
    try {
      standard(1).withObjective(objective.key(), Map.of(), Labels.CATEGORY);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** What an objective that is guided by labels takes for the label of a history. */
  public enum Labels {
    /** Nothing: such objectives are refused. */
    NONE,
    /** The category of the basket that follows the history. */
    CATEGORY
  }

  /** What views of a history an objective compares. */
  public enum Positives {
    /** Views by crop, mask and reorder, as in CL4SRec and MCLRec. */
    AUGMENTED,
    /** These, and views with similar items inserted or in place of others, as in CoSeRec. */
    INFORMATIVE,
    /** The history and recent ones that were followed by the same item, as in DuoRec. */
    SAME_TARGET;

    /** The name in options. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Training.
   *
   * @param batchBaskets new baskets that make a mini-batch
   * @param replaySteps further steps on replayed baskets after each mini-batch
   * @param replayBaskets recent baskets kept for replay, replaced at random
   * @param partialQueries positions inside a basket that predict the rest of it
   * @param partialItems most items of a basket that are read for them
   * @param historyDropout chance that a basket is learned without its user's history
   * @param poolDropout dropout rate of the pooled history
   * @param dropout dropout rate in the Transformer
   * @param rate learning rate of embeddings and pooling (Adam)
   * @param encoderRate learning rate of the Transformer (Adam)
   * @param priorHalfLife lines after which a sale counts half in the popularity prior
   * @param objective name of the objective: {@code softmax-ce} alone, or one that contrasts two
   *     views of each history in addition
   * @param objectiveWeight weight of that addition
   * @param objectiveParameters its own parameters, such as {@code tau}; what is absent has the
   *     objective's default
   * @param views views of each history that it contrasts
   * @param positives what those views are
   * @param intents prototypes of histories that the views are drawn to in addition, 0 for none
   * @param labels what it takes for a label
   * @param bankEntries negatives kept per key of the memory bank
   * @param bankKeys keys (item categories) of the memory bank
   */
  public record Training(
      int batchBaskets,
      int replaySteps,
      int replayBaskets,
      int partialQueries,
      int partialItems,
      double historyDropout,
      double poolDropout,
      double dropout,
      double rate,
      double encoderRate,
      double priorHalfLife,
      String objective,
      double objectiveWeight,
      SortedMap<String, String> objectiveParameters,
      int views,
      Positives positives,
      int intents,
      Labels labels,
      int bankEntries,
      int bankKeys)
      implements Serializable {

    public static final Training STANDARD =
        new Training(
            16,
            3,
            1200,
            8,
            30,
            0.5,
            0.4,
            0.3,
            0.003,
            0.002,
            10_000,
            "softmax-ce",
            0.1,
            new TreeMap<>(),
            2,
            Positives.AUGMENTED,
            0,
            Labels.NONE,
            1024,
            64);

    public Training {
      requirePositive("batchBaskets", batchBaskets);
      requirePositive("replayBaskets", replayBaskets);
      requirePositive("bankEntries", bankEntries);
      requirePositive("bankKeys", bankKeys);
      requireRate("historyDropout", historyDropout);
      requireRate("poolDropout", poolDropout);
      requireRate("dropout", dropout);
      if (!(priorHalfLife > 0) || !(rate > 0) || !(encoderRate > 0)) {
        throw new IllegalArgumentException("priorHalfLife, rate and encoderRate are above 0");
      }
      if (intents < 0) {
        throw new IllegalArgumentException("intents is at least 0, was " + intents);
      }
      if (views < 2) {
        throw new IllegalArgumentException("views is at least 2, was " + views);
      }
      objectiveParameters = Collections.unmodifiableSortedMap(new TreeMap<>(objectiveParameters));
      if (replaySteps < 0 || partialQueries < 0 || partialItems < 0 || !(objectiveWeight >= 0)) {
        throw new IllegalArgumentException(
            "replaySteps, partialQueries, partialItems and objectiveWeight are at least 0");
      }
    }

    /** The same with another objective. */
    public Training withObjective(String name, Map<String, String> parameters, Labels from) {
      return new Training(
          batchBaskets,
          replaySteps,
          replayBaskets,
          partialQueries,
          partialItems,
          historyDropout,
          poolDropout,
          dropout,
          rate,
          encoderRate,
          priorHalfLife,
          name,
          objectiveWeight,
          new TreeMap<>(parameters),
          views,
          positives,
          intents,
          from,
          bankEntries,
          bankKeys);
    }
  }

  /**
   * What is published and reported.
   *
   * @param recommendations items recommended to a user
   * @param windowTargets evaluated items after which a window of the metrics closes
   * @param baselines whether the counting baselines are ranked beside the model
   */
  public record Output(int recommendations, long windowTargets, boolean baselines)
      implements Serializable {

    public static final Output STANDARD = new Output(10, 4_000, true);

    public Output {
      requirePositive("recommendations", recommendations);
    }
  }

  /** The configuration whose figures the README reports. */
  public static SequenceLearnerConfig standard(long seed) {
    return new SequenceLearnerConfig(
        Model.STANDARD, Training.STANDARD, RankerConfig.STANDARD, Output.STANDARD, seed);
  }

  /** The same with another objective, its parameters at their defaults. */
  public SequenceLearnerConfig withObjective(String name) {
    return withObjective(name, Map.of(), training.labels());
  }

  /** The same with another objective. */
  public SequenceLearnerConfig withObjective(
      String name, Map<String, String> parameters, Labels labels) {
    return new SequenceLearnerConfig(
        model, training.withObjective(name, parameters, labels), ranker, output, seed);
  }

  /** The same with another ranker. */
  public SequenceLearnerConfig withRanker(RankerConfig other) {
    return new SequenceLearnerConfig(model, training, other, output, seed);
  }

  EncoderConfig encoder() {
    return new EncoderConfig(
        model.width,
        model.heads,
        model.layers,
        model.inner,
        model.window + 1 + training.partialItems,
        training.dropout,
        training.dropout,
        1e-5);
  }

  EmbeddingTableConfig table() {
    return EmbeddingTableConfig.of(model.width, model.maximumItems, seed)
        .withAdmitAfter(model.admitAfter, model.maximumItems)
        .withExpireAfter(model.expireAfterMillis)
        .withDeviation(1 / Math.sqrt(model.width))
        .withBiases(true);
  }

  MemoryBankConfig bank() {
    int entries = training.bankEntries;
    return new MemoryBankConfig(
        model.width, entries, training.bankKeys, entries * training.bankKeys);
  }

  /**
   * Sizes of an objective's own weights. There are half as many prototypes as baskets in a
   * mini-batch, so that each can get a share of it, and as many classes of labels as the memory
   * bank has keys.
   */
  Map<String, Integer> objectiveSizes() {
    return Map.of(
        "D", model.width, "K", Math.max(2, training.batchBaskets / 2), "C", training.bankKeys);
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, was " + value);
    }
  }

  private static void requireRate(String name, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(name + " lies in [0, 1), was " + rate);
    }
  }
}
