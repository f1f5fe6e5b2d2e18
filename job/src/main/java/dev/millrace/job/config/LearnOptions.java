package dev.millrace.job.config;

import dev.millrace.model.learner.SequenceLearnerConfig;
import dev.millrace.model.ranker.RankerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Options of the learner; their defaults are those of {@link SequenceLearnerConfig}. */
public final class LearnOptions {

  private static final SequenceLearnerConfig.Model MODEL = SequenceLearnerConfig.Model.STANDARD;
  private static final SequenceLearnerConfig.Training TRAINING =
      SequenceLearnerConfig.Training.STANDARD;
  private static final SequenceLearnerConfig.Output OUTPUT = SequenceLearnerConfig.Output.STANDARD;

  public static final ConfigOption<String> OBJECTIVE =
      ConfigOptions.key("learn.objective")
          .stringType()
          .defaultValue(TRAINING.objective())
          .withDescription(
              "Objective, see millrace objectives: softmax-ce alone, or one that"
                  + " contrasts two views of each history in addition.");

  public static final ConfigOption<Double> OBJECTIVE_WEIGHT =
      ConfigOptions.key("learn.objective-weight")
          .doubleType()
          .defaultValue(TRAINING.objectiveWeight())
          .withDescription("Weight of the contrastive addition.");

  public static final ConfigOption<Map<String, String>> OBJECTIVE_PARAMETERS =
      ConfigOptions.key("learn.objective-parameters")
          .mapType()
          .defaultValue(Map.of())
          .withDescription(
              "Parameters of the contrastive addition, such as tau:0.2; its class states them"
                  + " and their defaults.");

  public static final ConfigOption<Integer> VIEWS =
      ConfigOptions.key("learn.views")
          .intType()
          .defaultValue(TRAINING.views())
          .withDescription("Views of each history that are contrasted.");

  public static final ConfigOption<SequenceLearnerConfig.Positives> POSITIVES =
      ConfigOptions.key("learn.positives")
          .enumType(SequenceLearnerConfig.Positives.class)
          .defaultValue(TRAINING.positives())
          .withDescription(
              "What these views are: augmented, by crop, mask and reorder (CL4SRec, MCLRec);"
                  + " informative, with similar items inserted or put in place too (CoSeRec);"
                  + " same-target, the history and recent ones followed by the same item (DuoRec).");

  public static final ConfigOption<Integer> INTENTS =
      ConfigOptions.key("learn.intents")
          .intType()
          .defaultValue(TRAINING.intents())
          .withDescription(
              "Prototypes of histories, kept along the stream, that the views of a history are drawn"
                  + " to in addition (ICLRec); 0 for none.");

  public static final ConfigOption<SequenceLearnerConfig.Labels> LABELS =
      ConfigOptions.key("learn.labels")
          .enumType(SequenceLearnerConfig.Labels.class)
          .defaultValue(TRAINING.labels())
          .withDescription(
              "What objectives guided by labels take for one: none, or category, that of the"
                  + " basket that follows a history.");

  public static final ConfigOption<Long> SEED =
      ConfigOptions.key("learn.seed")
          .longType()
          .defaultValue(1L)
          .withDescription("Seed of initial weights, draws and dropout masks.");

  public static final ConfigOption<Integer> WIDTH =
      ConfigOptions.key("learn.width")
          .intType()
          .defaultValue(MODEL.width())
          .withDescription("Length of an embedding.");

  public static final ConfigOption<Integer> LAYERS =
      ConfigOptions.key("learn.layers")
          .intType()
          .defaultValue(MODEL.layers())
          .withDescription("Layers of the Transformer.");

  public static final ConfigOption<Integer> HEADS =
      ConfigOptions.key("learn.heads")
          .intType()
          .defaultValue(MODEL.heads())
          .withDescription("Attention heads; they divide the width.");

  public static final ConfigOption<Integer> INNER_WIDTH =
      ConfigOptions.key("learn.inner-width")
          .intType()
          .defaultValue(MODEL.inner())
          .withDescription("Width inside the Transformer's feed-forward part.");

  public static final ConfigOption<Integer> POOLS =
      ConfigOptions.key("learn.pools")
          .intType()
          .defaultValue(MODEL.pools())
          .withDescription("Learned decays by which a history is pooled.");

  public static final ConfigOption<Integer> BASKET_AGES =
      ConfigOptions.key("learn.basket-ages")
          .intType()
          .defaultValue(MODEL.ages())
          .withDescription("Basket ages told apart; older baskets count as the oldest.");

  public static final ConfigOption<Integer> HISTORY =
      ConfigOptions.key("learn.history")
          .intType()
          .defaultValue(MODEL.history())
          .withDescription("Items of a user's past that are kept.");

  public static final ConfigOption<Integer> WINDOW =
      ConfigOptions.key("learn.window")
          .intType()
          .defaultValue(MODEL.window())
          .withDescription("Newest items of the past that the Transformer reads.");

  public static final ConfigOption<Integer> MAXIMUM_ITEMS =
      ConfigOptions.key("learn.items.maximum")
          .intType()
          .defaultValue(MODEL.maximumItems())
          .withDescription("Rows of the item table; one item more evicts the least recently used.");

  public static final ConfigOption<Integer> ADMIT_AFTER =
      ConfigOptions.key("learn.items.admit-after")
          .intType()
          .defaultValue(MODEL.admitAfter())
          .withDescription("Sightings after which an item gets a row.");

  public static final ConfigOption<Duration> EXPIRE_AFTER =
      ConfigOptions.key("learn.items.expire-after")
          .durationType()
          .defaultValue(Duration.ZERO)
          .withDescription(
              "Event time without use after which an item loses its row; 0 for never.");

  public static final ConfigOption<Integer> BATCH_BASKETS =
      ConfigOptions.key("learn.batch-baskets")
          .intType()
          .defaultValue(TRAINING.batchBaskets())
          .withDescription("New baskets that make a mini-batch.");

  public static final ConfigOption<Integer> REPLAY_STEPS =
      ConfigOptions.key("learn.replay-steps")
          .intType()
          .defaultValue(TRAINING.replaySteps())
          .withDescription("Steps on replayed recent baskets after each mini-batch.");

  public static final ConfigOption<Integer> REPLAY_BASKETS =
      ConfigOptions.key("learn.replay-baskets")
          .intType()
          .defaultValue(TRAINING.replayBaskets())
          .withDescription("Recent baskets kept for that, replaced at random.");

  public static final ConfigOption<Integer> PARTIAL_QUERIES =
      ConfigOptions.key("learn.partial-queries")
          .intType()
          .defaultValue(TRAINING.partialQueries())
          .withDescription("Positions inside a basket that predict the rest of it.");

  public static final ConfigOption<Integer> PARTIAL_ITEMS =
      ConfigOptions.key("learn.partial-items")
          .intType()
          .defaultValue(TRAINING.partialItems())
          .withDescription("Most items of a basket that are read for them.");

  public static final ConfigOption<Double> HISTORY_DROPOUT =
      ConfigOptions.key("learn.history-dropout")
          .doubleType()
          .defaultValue(TRAINING.historyDropout())
          .withDescription("Chance that a basket is learned without its user's history.");

  public static final ConfigOption<Double> POOL_DROPOUT =
      ConfigOptions.key("learn.pool-dropout")
          .doubleType()
          .defaultValue(TRAINING.poolDropout())
          .withDescription("Dropout rate of the pooled history.");

  public static final ConfigOption<Double> DROPOUT =
      ConfigOptions.key("learn.dropout")
          .doubleType()
          .defaultValue(TRAINING.dropout())
          .withDescription("Dropout rate in the Transformer.");

  public static final ConfigOption<Double> RATE =
      ConfigOptions.key("learn.rate")
          .doubleType()
          .defaultValue(TRAINING.rate())
          .withDescription("Learning rate of embeddings and pooling (Adam).");

  public static final ConfigOption<Double> ENCODER_RATE =
      ConfigOptions.key("learn.encoder-rate")
          .doubleType()
          .defaultValue(TRAINING.encoderRate())
          .withDescription("Learning rate of the Transformer (Adam).");

  public static final ConfigOption<Double> PRIOR_HALF_LIFE =
      ConfigOptions.key("learn.prior-half-life")
          .doubleType()
          .defaultValue(TRAINING.priorHalfLife())
          .withDescription("Lines after which a sale counts half in the popularity prior.");

  public static final ConfigOption<Integer> BANK_ENTRIES =
      ConfigOptions.key("learn.bank.entries")
          .intType()
          .defaultValue(TRAINING.bankEntries())
          .withDescription(
              "Negatives kept per key of the memory bank, for objectives that take" + " one.");

  public static final ConfigOption<Integer> BANK_KEYS =
      ConfigOptions.key("learn.bank.keys")
          .intType()
          .defaultValue(TRAINING.bankKeys())
          .withDescription(
              "Keys (item categories) of the memory bank; one more drops the least"
                  + " recently used.");

  public static final ConfigOption<Boolean> RANKER =
      ConfigOptions.key("learn.ranker")
          .booleanType()
          .defaultValue(RankerConfig.STANDARD.enabled())
          .withDescription(
              "Whether counts and the neural score are blended into one ranking; without,"
                  + " the neural score ranks alone.");

  public static final ConfigOption<Double> RANKER_HALF_LIFE =
      ConfigOptions.key("learn.ranker.half-life-days")
          .doubleType()
          .defaultValue(RankerConfig.STANDARD.halfLifeDays())
          .withDescription("Days of event time after which a counted pair weighs half.");

  public static final ConfigOption<Double> RANKER_RECENT_LINES =
      ConfigOptions.key("learn.ranker.recent-lines")
          .doubleType()
          .defaultValue(RankerConfig.STANDARD.recentLines())
          .withDescription(
              "Lines after which a line counts half in an item's recent popularity; in a second one"
                  + " after five times as many.");

  public static final ConfigOption<Integer> RANKER_PAIRS =
      ConfigOptions.key("learn.ranker.pairs-per-item")
          .intType()
          .defaultValue(RankerConfig.STANDARD.pairsPerItem())
          .withDescription("Partners counted of each item, in each of two tables.");

  public static final ConfigOption<Integer> RANKER_ITEMS_PER_USER =
      ConfigOptions.key("learn.ranker.items-per-user")
          .intType()
          .defaultValue(RankerConfig.STANDARD.itemsPerUser())
          .withDescription("Items whose counts are kept of each user, the newest.");

  public static final ConfigOption<Integer> RANKER_BASKETS =
      ConfigOptions.key("learn.ranker.baskets")
          .intType()
          .defaultValue(RankerConfig.STANDARD.baskets())
          .withDescription("Baskets kept to find those like a user's history, the newest.");

  public static final ConfigOption<Integer> RANKER_HIDDEN =
      ConfigOptions.key("learn.ranker.hidden")
          .intType()
          .defaultValue(RankerConfig.STANDARD.hidden())
          .withDescription("Width of the network on top of the linear blend, 0 for none.");

  public static final ConfigOption<Double> RANKER_RATE =
      ConfigOptions.key("learn.ranker.rate")
          .doubleType()
          .defaultValue(RankerConfig.STANDARD.rate())
          .withDescription("Learning rate of the blend (Adam).");

  public static final ConfigOption<Integer> RANKER_REPLAY_BASKETS =
      ConfigOptions.key("learn.ranker.replay-baskets")
          .intType()
          .defaultValue(RankerConfig.STANDARD.replayBaskets())
          .withDescription("Baskets kept for further steps of the blend, replaced at random.");

  public static final ConfigOption<Integer> RECOMMENDATIONS =
      ConfigOptions.key("learn.recommendations")
          .intType()
          .defaultValue(OUTPUT.recommendations())
          .withDescription("Items recommended to a user after each basket.");

  public static final ConfigOption<Long> EVALUATION_WINDOW =
      ConfigOptions.key("learn.evaluation.window")
          .longType()
          .defaultValue(OUTPUT.windowTargets())
          .withDescription("Ranked items after which a window of the metrics closes.");

  public static final ConfigOption<Boolean> EVALUATION_BASELINES =
      ConfigOptions.key("learn.evaluation.baselines")
          .booleanType()
          .defaultValue(OUTPUT.baselines())
          .withDescription("Whether the counting baselines are ranked beside the model.");

  public static final ConfigOption<Integer> THREADS =
      ConfigOptions.key("learn.threads")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Threads of the numeric kernels, 0 for as many as there are"
                  + " processors; they never change a result.");

  private LearnOptions() {}

  /** All options, in the order of the README's table. */
  public static List<ConfigOption<?>> all() {
    return List.of(
        OBJECTIVE,
        OBJECTIVE_WEIGHT,
        OBJECTIVE_PARAMETERS,
        VIEWS,
        POSITIVES,
        INTENTS,
        LABELS,
        SEED,
        WIDTH,
        LAYERS,
        HEADS,
        INNER_WIDTH,
        POOLS,
        BASKET_AGES,
        HISTORY,
        WINDOW,
        MAXIMUM_ITEMS,
        ADMIT_AFTER,
        EXPIRE_AFTER,
        BATCH_BASKETS,
        REPLAY_STEPS,
        REPLAY_BASKETS,
        PARTIAL_QUERIES,
        PARTIAL_ITEMS,
        HISTORY_DROPOUT,
        POOL_DROPOUT,
        DROPOUT,
        RATE,
        ENCODER_RATE,
        PRIOR_HALF_LIFE,
        BANK_ENTRIES,
        BANK_KEYS,
        RANKER,
        RANKER_HALF_LIFE,
        RANKER_RECENT_LINES,
        RANKER_PAIRS,
        RANKER_ITEMS_PER_USER,
        RANKER_BASKETS,
        RANKER_HIDDEN,
        RANKER_RATE,
        RANKER_REPLAY_BASKETS,
        RECOMMENDATIONS,
        EVALUATION_WINDOW,
        EVALUATION_BASELINES,
        THREADS);
  }
}
