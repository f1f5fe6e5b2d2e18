package dev.millrace.model.learner;

import dev.millrace.model.augment.ItemCorrelation;
import dev.millrace.model.cluster.IntentPrototypes;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.Basket;
import dev.millrace.model.eval.TimeGroup;
import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Texts;
import dev.millrace.model.memory.IdIndex;
import dev.millrace.model.optimizer.Parameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The online learner of interactions: test, then learn.
 *
 * <p>For the events of one time:
 *
 * <ol>
 *   <li>they are gathered into baskets, one per user;
 *   <li>every basket whose user has a past is ranked by the model and by every counting baseline,
 *       from the state strictly before;
 *   <li>counts, histories, the popularity prior and the item table take them in;
 *   <li>each user's new vector and recommendations are published;
 *   <li>once enough baskets wait they are one mini-batch: a step on them, then steps on replayed
 *       recent baskets. Vectors of the mini-batch's items are published.
 * </ol>
 *
 * <p>All that decides a later step is in the written state. Ties and draws follow the order of
 * events alone.
 */
public final class SequenceLearner implements OnlineLearner<Interaction> {

  private static final int VERSION_1 = 1;
  private static final double LOSS_DECAY = 0.98;

  /** Users scored at once: a shop's nightly import may give thousands of them one time. */
  private static final int SCORED_AT_ONCE = 64;

  // configuration
  private final SequenceLearnerConfig config;
  private final Kernels kernels;

  // state
  private final IdIndex users;
  private final ItemRows items;
  private final UserHistories histories;
  private final PopularityPrior popularity;
  private final BasketRanking ranking;
  private final SequenceModel model;
  private final BasketTrainer trainer;
  private final LearningCurve curve;
  private final ScoreDistribution scores;

  /** Negatives of an objective that takes a bank, else null. */
  private final NegativeBank bank;

  /** Which items are alike, where views put similar ones in; else null. */
  private final ItemCorrelation correlation;

  /** Intents that views are drawn to; null where there are none. */
  private final IntentPrototypes intents;

  private long events;
  private long modelVersion;
  private long latestTime = Long.MIN_VALUE;

  /** Where the newest event stands; published, but no part of what is learned. */
  private SourcePosition latestPosition = new SourcePosition("", 0, 0);

  // runtime; both null where no contrastive objective is
  private final ObjectiveFeed feed;
  private final ObjectiveWeights weights;

  private final ContrastiveTerm contrast;
  private final UserScorer scorer;
  private final BasketIntake intake;
  private final ItemPublisher publisher;
  private double averageLoss = Double.NaN;

  /** A learner that knows nothing yet. */
  public SequenceLearner(SequenceLearnerConfig config, Kernels kernels) {
    this.config = config;
    this.kernels = kernels;
    users = new IdIndex(0);
    items = new ItemRows(config, kernels);
    histories = new UserHistories(config.model().history());
    popularity = new PopularityPrior(config.training().priorHalfLife());
    feed = feedOf(config);
    weights = feed == null ? null : weightsOf(feed);
    model = model();
    trainer = new BasketTrainer(config.training(), config.seed());
    curve = new LearningCurve();
    scores = new ScoreDistribution();
    bank = takesBank() ? new NegativeBank(config.bank(), 0, kernels) : null;
    correlation = takesCorrelation() ? new ItemCorrelation() : null;
    intents =
        takesIntents()
            ? new IntentPrototypes(kernels, config.training().intents(), config.model().width())
            : null;
    contrast = contrast();
    scorer = scorer();
    ranking = new BasketRanking(config, kernels, items, scorer);
    intake = new BasketIntake(items, histories, popularity);
    publisher = new ItemPublisher(items);
  }

  private SequenceLearner(SequenceLearnerConfig config, Kernels kernels, DataInput in)
      throws IOException {
    this.config = config;
    this.kernels = kernels;
    events = in.readLong();
    modelVersion = in.readLong();
    latestTime = in.readLong();
    averageLoss = in.readDouble();
    trainer = new BasketTrainer(config.training(), 0);
    trainer.readRandomInPlace(in);
    users = IdIndex.readFrom(in);
    items = ItemRows.readFrom(in, kernels);
    histories = UserHistories.readFrom(in);
    popularity = PopularityPrior.readFrom(in);
    feed = feedOf(config);
    weights = feed == null ? null : weightsOf(feed);
    model = model();
    model.readFrom(in);
    trainer.readBasketsInPlace(in);
    curve = LearningCurve.readFrom(in);
    scores = new ScoreDistribution();
    scores.readFrom(in);
    scorer = scorer();
    ranking = BasketRanking.readFrom(in, config, kernels, items, scorer);
    bank = takesBank() ? NegativeBank.readFrom(in, 0, kernels) : null;
    correlation = takesCorrelation() ? ItemCorrelation.readFrom(in) : null;
    intents =
        takesIntents()
            ? IntentPrototypes.readFrom(
                in, kernels, config.training().intents(), config.model().width())
            : null;
    contrast = contrast();
    intake = new BasketIntake(items, histories, popularity);
    publisher = new ItemPublisher(items);
    latestPosition = new SourcePosition(Texts.read(in), in.readInt(), in.readLong());
  }

  /**
   * The learner that wrote these bytes.
   *
   * @throws IOException if they are of another version or configuration
   */
  public static SequenceLearner readFrom(
      SequenceLearnerConfig config, Kernels kernels, DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a sequence learner of version " + version + "; this build reads 1");
    }
    String written = Texts.read(in);
    if (!written.equals(config.toString())) {
      throw new IOException(
          "the learner was written with "
              + written
              + " and cannot continue with "
              + config
              + ": restore with the options of that run, or start without its state");
    }
    return new SequenceLearner(config, kernels, in);
  }

  private static ObjectiveFeed feedOf(SequenceLearnerConfig config) {
    return ObjectiveFeed.isContrastive(config.training().objective())
        ? ObjectiveFeed.of(config.training())
        : null;
  }

  private ObjectiveWeights weightsOf(ObjectiveFeed of) {
    return new ObjectiveWeights(kernels, config.seed(), config.objectiveSizes(), of);
  }

  private SequenceModel model() {
    return new SequenceModel(kernels, config, items, weights == null ? null : weights.parameters());
  }

  private boolean takesBank() {
    return feed != null && feed.takes(ObjectiveFeed.Source.BANK);
  }

  private ContrastiveTerm contrast() {
    return feed == null
        ? null
        : new ContrastiveTerm(kernels, config, items, views(), feed, weights, bank, intents);
  }

  private boolean takesIntents() {
    return feed != null && config.training().intents() > 0;
  }

  private boolean takesCorrelation() {
    return feed != null
        && config.training().positives() == SequenceLearnerConfig.Positives.INFORMATIVE;
  }

  private HistoryViews views() {
    int window = config.model().window();
    return switch (config.training().positives()) {
      case AUGMENTED -> new AugmentedViews();
      case INFORMATIVE -> new InformativeHistoryViews(correlation, items, window);
      case SAME_TARGET -> new SameTargetViews(trainer.replay(), items, window);
    };
  }

  private UserScorer scorer() {
    return new UserScorer(model, items, histories, popularity, config.output());
  }

  @Override
  public void observe(EventGroup<Interaction> group, LearnerOutput output) {
    latestTime = Math.max(latestTime, group.eventTime());
    Map<Integer, Interaction> newest = new HashMap<>();
    TimeGroup.Builder builder = new TimeGroup.Builder(latestTime);
    for (Interaction event : group.events()) {
      int user = users.add(event.user());
      builder.add(user, items.itemOf(event.item()));
      newest.put(user, event);
      latestPosition = event.position();
    }
    events += group.events().size();
    TimeGroup baskets = builder.build();
    rank(baskets);
    take(baskets, newest);
    publish(baskets, newest, output);
    long arrival = group.events().get(group.events().size() - 1).arrivalTime();
    while (trainer.isDue()) {
      learn(arrival, output);
    }
    publisher.publishRemoved(id -> true, moment(arrival), output);
    reportWindows(output);
  }

  private void rank(TimeGroup baskets) {
    List<Basket> evaluated =
        baskets.baskets().stream().filter(b -> ranking.evaluator().isEvaluated(b.user())).toList();
    forEachScored(
        evaluated,
        basket -> {
          ranking.rank(baskets.eventTime(), basket);
          scorer.sampleScores(basket, trainer.random(), scores);
        });
  }

  /** Scores the baskets' users, some at once, and calls with the scorer turned to each. */
  private void forEachScored(List<Basket> baskets, Consumer<Basket> action) {
    for (int from = 0; from < baskets.size(); from += SCORED_AT_ONCE) {
      List<Basket> part = baskets.subList(from, Math.min(from + SCORED_AT_ONCE, baskets.size()));
      scorer.score(part.stream().mapToInt(Basket::user).toArray());
      for (int i = 0; i < part.size(); i++) {
        scorer.select(i);
        action.accept(part.get(i));
      }
    }
  }

  /** Counts, histories, prior and table learn the baskets; each becomes an example. */
  private void take(TimeGroup baskets, Map<Integer, Interaction> newest) {
    List<BasketExample> examples = intake.take(baskets, user -> newest.get(user).category());
    if (correlation != null) {
      examples.forEach(
          example -> InformativeHistoryViews.learn(correlation, example, config.model().window()));
    }
    trainer.add(examples);
    ranking.learn(baskets);
  }

  private void publish(TimeGroup baskets, Map<Integer, Interaction> newest, LearnerOutput output) {
    forEachScored(
        baskets.baskets(),
        basket -> {
          Interaction cause = newest.get(basket.user());
          output.embedding(
              Embedding.of(
                  Embedding.Kind.USER,
                  cause.user(),
                  scorer.user(),
                  modelVersion,
                  cause.eventTime(),
                  cause.position()),
              cause.arrivalTime());
          output.recommendations(
              ranking.recommend(
                  basket.user(), cause.user(), modelVersion, cause.eventTime(), cause.position()),
              cause.arrivalTime());
        });
  }

  private void learn(long arrival, LearnerOutput output) {
    List<BasketExample> batch = trainer.learn(model, popularity, contrast, this::note);
    modelVersion++;
    publisher.publish(ItemPublisher.touched(batch), id -> true, moment(arrival), output);
  }

  private ItemPublisher.Moment moment(long arrival) {
    return new ItemPublisher.Moment(modelVersion, latestTime, latestPosition, arrival);
  }

  private void note(double loss, boolean fresh) {
    if (Double.isNaN(loss)) {
      return;
    }
    averageLoss =
        Double.isNaN(averageLoss) ? loss : LOSS_DECAY * averageLoss + (1 - LOSS_DECAY) * loss;
    if (fresh) {
      curve.add(loss);
    }
  }

  private void reportWindows(LearnerOutput output) {
    ranking
        .evaluator()
        .drainWindows()
        .forEach(
            window ->
                output.metrics(
                    MetricsRecords.window(window, events, model.steps(), curve.drain())));
  }

  /** The dense weights, in a fixed order. */
  List<Parameters> weights() {
    return model.denseParameters();
  }

  @Override
  public void finish(LearnerOutput output) {
    if (!trainer.isEmpty()) {
      learn(System.currentTimeMillis(), output);
    }
    reportWindows(output);
    output.metrics(
        MetricsRecords.total(
            ranking.evaluator().totals(), latestTime, events, model.steps(), scores, digest()));
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    writeLearned(out);
    Texts.write(out, latestPosition.topic());
    out.writeInt(latestPosition.partition());
    out.writeLong(latestPosition.offset());
  }

  /** Everything but where in Kafka the newest event stands. */
  private void writeLearned(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    Texts.write(out, config.toString());
    out.writeLong(events);
    out.writeLong(modelVersion);
    out.writeLong(latestTime);
    out.writeDouble(averageLoss);
    trainer.writeRandomTo(out);
    users.writeTo(out);
    items.writeTo(out);
    histories.writeTo(out);
    popularity.writeTo(out);
    model.writeTo(out);
    trainer.writeBasketsTo(out);
    curve.writeTo(out);
    scores.writeTo(out);
    ranking.writeTo(out);
    if (bank != null) {
      bank.writeTo(out);
    }
    if (correlation != null) {
      correlation.writeTo(out);
    }
    if (intents != null) {
      intents.writeTo(out);
    }
  }

  @Override
  public String digest() {
    return CanonicalOutput.digestOf(this::writeLearned);
  }

  @Override
  public LearnerGauges gauges() {
    var table = items.table().statistics();
    return new LearnerGauges(
        events,
        model.steps(),
        modelVersion,
        averageLoss,
        bank == null ? 0 : bank.size(),
        bank == null ? 0 : bank.meanAge(model.steps()),
        items.table().size(),
        table.evictions() + table.expiries(),
        table.memoryBytes() + (bank == null ? 0 : bank.nativeBytes()));
  }

  @Override
  public void close() {
    kernels.close();
  }
}
