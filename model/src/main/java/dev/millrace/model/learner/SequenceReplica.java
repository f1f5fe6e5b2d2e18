package dev.millrace.model.learner;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.MetricsWindow;
import dev.millrace.model.eval.TimeGroup;
import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.kernel.Texts;
import dev.millrace.model.memory.IdIndex;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The learner of interactions on lanes: what {@link SequenceLearner} does for one lane, cut into
 * rounds.
 *
 * <p>At the end of a round, on every copy:
 *
 * <ol>
 *   <li>weights that lanes came to are merged into the base ({@link WeightBlocks});
 *   <li>ranks, losses and the ranker's means are added up in the order of the lanes;
 *   <li>the events of all lanes go into counts, histories, prior and item table, time by time in
 *       the order of (event time, partition, offset), as one lane would meet them;
 *   <li>each lane that is open here trains on its own baskets, from the new base; what it comes to
 *       are news of its next round, and the base is put back.
 * </ol>
 *
 * <p>State of a copy: that of one lane without draws and moments; a lane has two moments for each
 * weight and its baskets for replay.
 */
public final class SequenceReplica implements LaneReplica<Interaction> {

  private static final int VERSION_1 = 1;
  private static final double LOSS_DECAY = 0.98;
  private static final long LANE_STREAM = 0x1a9e5L;
  private static final Comparator<LaneEvent> ORDER =
      Comparator.comparingLong((LaneEvent e) -> e.event().eventTime())
          .thenComparing(e -> e.event().position());

  // configuration
  private final SequenceLearnerConfig config;
  private final LaneLayout layout;
  private final Kernels kernels;

  // state that all copies share
  private final IdIndex users;
  private final ItemRows items;
  private final UserHistories histories;
  private final PopularityPrior popularity;
  private final BasketRanking ranking;
  private final SequenceModel model;
  private final LearningCurve curve;
  private final ScoreDistribution scores;
  private long events;
  private long steps;
  private long modelVersion;
  private long latestTime = Long.MIN_VALUE;
  private double averageLoss = Double.NaN;
  private SourcePosition latestPosition = new SourcePosition("", 0, 0);

  // runtime
  private final TreeMap<Integer, SequenceLane> lanes = new TreeMap<>();
  private final LaneBaskets baskets;
  private final BasketIntake intake;
  private final ItemPublisher publisher;
  private final WeightBlocks weights;
  private List<float[]> base;
  private long arrival;

  private record LaneEvent(int lane, Interaction event) {}

  /** A copy of a model that knows nothing yet. */
  public SequenceReplica(SequenceLearnerConfig config, LaneLayout layout, Kernels kernels) {
    this.config = requireFeasible(config);
    this.layout = layout;
    this.kernels = kernels;
    users = new IdIndex(0);
    items = new ItemRows(config, kernels);
    histories = new UserHistories(config.model().history());
    popularity = new PopularityPrior(config.training().priorHalfLife());
    model = new SequenceModel(kernels, config, items, null);
    curve = new LearningCurve();
    scores = new ScoreDistribution();
    UserScorer scorer = scorer();
    ranking = new BasketRanking(config, kernels, items, scorer);
    baskets = new LaneBaskets(config, users, items, histories, ranking, scorer);
    intake = new BasketIntake(items, histories, popularity);
    publisher = new ItemPublisher(items);
    weights = new WeightBlocks(blocks());
    base = weights.read();
  }

  private SequenceReplica(
      SequenceLearnerConfig config, LaneLayout layout, Kernels kernels, DataInput in)
      throws IOException {
    this.config = requireFeasible(config);
    this.layout = layout;
    this.kernels = kernels;
    events = in.readLong();
    steps = in.readLong();
    modelVersion = in.readLong();
    latestTime = in.readLong();
    averageLoss = in.readDouble();
    users = IdIndex.readFrom(in);
    items = ItemRows.readSharedFrom(in, kernels);
    histories = UserHistories.readFrom(in);
    popularity = PopularityPrior.readFrom(in);
    model = new SequenceModel(kernels, config, items, null);
    model.readSharedFrom(in);
    curve = LearningCurve.readFrom(in);
    scores = new ScoreDistribution();
    scores.readFrom(in);
    UserScorer scorer = scorer();
    ranking = BasketRanking.readSharedFrom(in, config, kernels, items, scorer);
    latestPosition = new SourcePosition(Texts.read(in), in.readInt(), in.readLong());
    baskets = new LaneBaskets(config, users, items, histories, ranking, scorer);
    intake = new BasketIntake(items, histories, popularity);
    publisher = new ItemPublisher(items);
    weights = new WeightBlocks(blocks());
    base = weights.read();
  }

  /**
   * The copy that wrote these bytes, with no lane open.
   *
   * @throws IOException if they are of another version or configuration
   */
  public static SequenceReplica readFrom(
      SequenceLearnerConfig config, LaneLayout layout, Kernels kernels, DataInput in)
      throws IOException {
    header(config, layout).requireIn(in);
    return new SequenceReplica(config, layout, kernels, in);
  }

  private static ReplicaHeader header(SequenceLearnerConfig config, LaneLayout layout) {
    return new ReplicaHeader("a sequence replica", VERSION_1, config + " " + layout);
  }

  /**
   * Refuses what lanes cannot learn yet.
   *
   * @throws IllegalArgumentException if the objective keeps state of its own
   */
  public static SequenceLearnerConfig requireFeasible(SequenceLearnerConfig config) {
    if (ObjectiveFeed.isContrastive(config.training().objective())) {
      throw new IllegalArgumentException(
          "the objective '"
              + config.training().objective()
              + "' learns on one lane only, its bank and its own state are not merged:"
              + " set the number of lanes to 1 or the objective to softmax-ce");
    }
    return config;
  }

  private UserScorer scorer() {
    return new UserScorer(model, items, histories, popularity, config.output());
  }

  private List<Supplier<Matrix>> blocks() {
    List<Supplier<Matrix>> blocks = new ArrayList<>();
    model.denseParameters().forEach(parameters -> blocks.add(parameters::values));
    if (ranking.ranker() != null) {
      blocks.add(ranking.ranker().blendWeights()::values);
    }
    blocks.add(() -> items.table().vectors().value());
    blocks.add(() -> items.table().biases().value());
    return blocks;
  }

  @Override
  public void open(int lane) {
    layout.requireClosed(lane, lanes.keySet());
    int set = lanes.size();
    items.table().reserveMoments(set + 1);
    BasketTrainer trainer =
        new BasketTrainer(
            config.training(), SeededRandom.mix(config.seed() ^ LANE_STREAM * (lane + 1)));
    lanes.put(
        lane,
        new SequenceLane(
            model.moments(set),
            trainer,
            ranking.ranker() == null ? null : ranking.ranker().learner(trainer.random().nextLong()),
            ranking.evaluator().beside()));
  }

  @Override
  public void open(int lane, DataInput in) throws IOException {
    open(lane);
    SequenceLane opened = lanes.get(lane);
    opened.readInPlace(in);
    List<Interaction> met = opened.events;
    for (int from = 0; from < met.size(); ) {
      int to = sameTime(met, from, event -> event);
      baskets.revisit(opened, new EventGroup<>(met.get(from).eventTime(), met.subList(from, to)));
      from = to;
    }
  }

  @Override
  public void observe(int lane, EventGroup<Interaction> group, LearnerOutput output) {
    SequenceLane at = lanes.get(lane);
    baskets.observe(at, group, modelVersion, output);
    at.events.addAll(group.events());
    arrival = group.events().get(group.events().size() - 1).arrivalTime();
  }

  @Override
  public boolean hasNews(int lane) {
    return lanes.get(lane).hasNews();
  }

  @Override
  public byte[] news(int lane) {
    return CanonicalState.bytesOf(lanes.get(lane).drain()::writeTo);
  }

  @Override
  public void merge(SortedMap<Integer, byte[]> newsByLane, LearnerOutput output)
      throws IOException {
    List<LaneEvent> met = new ArrayList<>();
    List<List<float[]>> trained = new ArrayList<>();
    for (Map.Entry<Integer, byte[]> entry : newsByLane.entrySet()) {
      LaneNews news =
          LaneNews.readFrom(new DataInputStream(new ByteArrayInputStream(entry.getValue())));
      if (news.weights != null) {
        trained.add(news.weights);
      }
      news.events.forEach(event -> met.add(new LaneEvent(entry.getKey(), event)));
      add(news);
    }
    if (!trained.isEmpty()) {
      WeightBlocks.mergeInPlace(base, trained, layout.mergePower());
      weights.write(base);
    }
    met.sort(ORDER);
    Set<Integer> touched = take(met);
    base = weights.read();
    ItemPublisher.Moment moment =
        new ItemPublisher.Moment(modelVersion, latestTime, latestPosition, arrival);
    publisher.publish(touched, this::isPublishedHere, moment, output);
    publisher.publishRemoved(this::isPublishedHere, moment, output);
    reportWindows(output);
    lanes.values().forEach(lane -> train(lane, false));
  }

  /** Adds up ranks, losses and means of a lane. */
  private void add(LaneNews news) {
    if (ranking.ranker() != null) {
      news.moments.forEach(ranking.ranker()::observe);
    }
    long newest =
        news.events.isEmpty() ? latestTime : news.events.get(news.events.size() - 1).eventTime();
    ranking.evaluator().add(news.ranked, Math.max(latestTime, newest));
    scores.add(news.scores);
    for (double loss : news.losses) {
      curve.add(loss);
      averageLoss =
          Double.isNaN(averageLoss) ? loss : LOSS_DECAY * averageLoss + (1 - LOSS_DECAY) * loss;
    }
    events += news.events.size();
    steps += news.steps;
    modelVersion += news.batches;
  }

  /** Takes the events of a round in, time by time; the items that were touched. */
  private Set<Integer> take(List<LaneEvent> met) {
    Set<Integer> touched = new LinkedHashSet<>();
    for (int from = 0; from < met.size(); ) {
      int to = sameTime(met, from, LaneEvent::event);
      List<BasketExample> examples = takeGroup(met.subList(from, to));
      touched.addAll(ItemPublisher.touched(examples));
      from = to;
    }
    return touched;
  }

  private List<BasketExample> takeGroup(List<LaneEvent> group) {
    latestTime = Math.max(latestTime, group.get(0).event().eventTime());
    Map<Integer, LaneEvent> newest = new HashMap<>();
    TimeGroup.Builder builder = new TimeGroup.Builder(latestTime);
    for (LaneEvent of : group) {
      int user = users.add(of.event().user());
      builder.add(user, items.itemOf(of.event().item()));
      newest.put(user, of);
      latestPosition = of.event().position();
    }
    TimeGroup taken = builder.build();
    List<BasketExample> examples = intake.take(taken, user -> newest.get(user).event().category());
    ranking.count(taken);
    for (BasketExample example : examples) {
      SequenceLane lane = lanes.get(newest.get(example.index()).lane());
      if (lane != null) {
        lane.trainer.add(List.of(example));
      }
    }
    return examples;
  }

  /** End of the events from {@code from} on that carry one time. */
  private static <T> int sameTime(List<T> events, int from, Function<T, Interaction> eventOf) {
    int to = from + 1;
    long time = eventOf.apply(events.get(from)).eventTime();
    while (to < events.size() && eventOf.apply(events.get(to)).eventTime() == time) {
      to++;
    }
    return to;
  }

  private boolean isPublishedHere(String item) {
    return lanes.containsKey(layout.laneOf(item));
  }

  @Override
  public void learnRest(int lane) {
    train(lanes.get(lane), true);
  }

  /** Trains a lane from the base, and puts the base back. */
  private void train(SequenceLane lane, boolean rest) {
    model.use(lane.moments);
    boolean learned = false;
    while (lane.trainer.isDue() || (rest && !lane.trainer.isEmpty())) {
      lane.trainer.learn(model, popularity, null, lane::note);
      learned = true;
    }
    if (lane.blend != null) {
      ranking.ranker().use(lane.blend);
      learned |= ranking.ranker().learnBlend();
    }
    if (learned) {
      lane.trained(weights.read());
      weights.write(base);
    }
  }

  private void reportWindows(LearnerOutput output) {
    List<MetricsWindow> closed = ranking.evaluator().drainWindows();
    for (MetricsWindow window : closed) {
      LearningMetrics metrics = MetricsRecords.window(window, events, steps, curve.drain());
      if (lanes.containsKey(0)) {
        output.metrics(metrics);
      }
    }
  }

  @Override
  public void finish(LearnerOutput output) {
    if (lanes.containsKey(0)) {
      output.metrics(
          MetricsRecords.total(
              ranking.evaluator().totals(), latestTime, events, steps, scores, digest()));
    }
  }

  @Override
  public void writeSharedTo(DataOutput out) throws IOException {
    writeLearned(out);
    Texts.write(out, latestPosition.topic());
    out.writeInt(latestPosition.partition());
    out.writeLong(latestPosition.offset());
  }

  /** Everything but where in Kafka the newest event stands. */
  private void writeLearned(DataOutput out) throws IOException {
    header(config, layout).writeTo(out);
    out.writeLong(events);
    out.writeLong(steps);
    out.writeLong(modelVersion);
    out.writeLong(latestTime);
    out.writeDouble(averageLoss);
    users.writeTo(out);
    items.writeSharedTo(out);
    histories.writeTo(out);
    popularity.writeTo(out);
    model.writeSharedTo(out);
    curve.writeTo(out);
    scores.writeTo(out);
    ranking.writeSharedTo(out);
  }

  @Override
  public void writeLaneTo(int lane, DataOutput out) throws IOException {
    lanes.get(lane).writeTo(out);
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
        steps,
        modelVersion,
        averageLoss,
        0,
        0,
        items.table().size(),
        table.evictions() + table.expiries(),
        table.memoryBytes());
  }

  @Override
  public void close() {
    kernels.close();
  }
}
