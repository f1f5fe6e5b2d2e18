package dev.millrace.model.ranker;

import dev.millrace.model.eval.Basket;
import dev.millrace.model.eval.TimeGroup;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranks all items for a user by a blend of counts and a neural score, whose weights are learned
 * while the stream runs.
 *
 * <p>For each basket: {@link #score} from what came before, {@link #remember} what the blend shall
 * learn from it, and when all baskets of one time were scored {@link #learn}. Every component thus
 * scores a basket before it learns it, so that the blend sees how each does on what it does not
 * know yet and gives little weight to one that only remembers.
 *
 * <p>Features are logarithms of the components' shares ({@code log(.1 + M s_i / sum s)}, M items)
 * and of counts, standardised online: a product of experts. State per user and per item is bounded
 * by the configuration.
 */
public final class OnlineRanker implements CanonicalState {

  private static final int VERSION_1 = 1;
  private static final int FEATURES = Component.values().length;
  private static final long BLEND_STREAM = 0xb1e7dL;

  // configuration
  private final RankerConfig config;

  // state
  private final ItemFacts facts;
  private final UserPasts pasts;
  private final PairCounts pairs;
  private final NeighbourVotes neighbours;
  private final FadingTime time;
  private final Standardizer standardizer = new Standardizer(FEATURES);
  private final Blend blend;
  private final SeededRandom random;
  private final List<BlendExample> pending = new ArrayList<>();
  private final List<BlendExample> replay = new ArrayList<>();

  // runtime
  private final HistoryWeights history;
  private final Candidates candidates;
  private final float[][] features = new float[FEATURES][256];
  private float[] scores = new float[256];
  private int items;
  private UserPasts.Past past;

  /** A ranker that knows nothing yet. */
  public OnlineRanker(RankerConfig config, Kernels kernels, long seed) {
    this.config = config;
    this.facts = new ItemFacts(config.recentLines());
    this.pasts = new UserPasts(config);
    this.pairs = new PairCounts(config);
    this.neighbours = new NeighbourVotes(config);
    this.time = new FadingTime(config.halfLifeDays());
    this.random = new SeededRandom(SeededRandom.mix(seed ^ BLEND_STREAM));
    this.blend = new Blend(kernels, config, FEATURES, random.nextLong());
    this.history = new HistoryWeights(config);
    this.candidates = new Candidates(config);
  }

  /**
   * Scores all items for a user.
   *
   * @param eventTime time of the basket to come, in milliseconds since the epoch
   * @param neural the neural learner's score by item, minus infinity where it has none; null if
   *     there is no such learner
   * @param evaluated whether the basket is evaluated, so that the features' means take it in
   */
  public void score(int user, long eventTime, float[] neural, boolean evaluated) {
    time.advance(eventTime);
    items = facts.items();
    past = pasts.pastOrNull(user);
    reserve();
    history.fill(past);
    pairs.score(history, facts, time.weight(), items, features);
    neighbours.scoreByUsers(
        history, facts, pasts, user, items, features[Component.USERS.ordinal()]);
    neighbours.scoreByBaskets(history, facts, time, items, features[Component.BASKETS.ordinal()]);
    Features.write(facts, past, time, neural, items, features);
    if (evaluated) {
      standardizer.observe(features, items);
    }
    standardizer.applyInPlace(features, items);
    if (items > 0) {
      blend.score(features, items, scores);
    }
  }

  /** Items that have a score: indices below this. */
  public int items() {
    return items;
  }

  /** Scores by item of the last call of {@link #score}, to be read only. */
  public float[] scores() {
    return scores;
  }

  /** A component's standardised feature by item, of the last call of {@link #score}. */
  public float[] feature(Component component) {
    return features[component.ordinal()];
  }

  /** Keeps the basket that came, as an example of the last scores, for the blend to learn. */
  public void remember(Basket basket) {
    BlendExample example = candidates.example(basket, past, features, scores, items, random);
    if (example != null) {
      pending.add(example);
    }
  }

  /** Counts the baskets of one time, and lets the blend learn when enough of them wait. */
  public void learn(TimeGroup group) {
    time.advance(group.eventTime());
    if (time.isDue()) {
      float factor = time.rescale();
      pairs.scale(factor);
      pasts.scaleDecayed(factor);
    }
    double weight = time.weight();
    for (Basket basket : group.baskets()) {
      count(basket, weight);
    }
    while (pending.size() >= config.batch()) {
      learnBlend();
    }
  }

  private void count(Basket basket, double weight) {
    int[] distinct = new int[basket.itemCount()];
    for (int i = 0; i < distinct.length; i++) {
      distinct[i] = basket.item(i);
    }
    for (int line = 0; line < basket.lineCount(); line++) {
      facts.addLine(basket.line(line));
    }
    UserPasts.Past own = pasts.past(basket.user());
    history.fill(own);
    pairs.add(history, distinct, weight);
    int number = own.baskets() + 1;
    SparseRow had = own.items();
    for (int item : distinct) {
      int before = had.find(item);
      facts.addBasket(item, before >= 0);
      if (before < 0) {
        neighbours.addUser(item, basket.user());
      }
      int place = had.place(item);
      had.channel(UserPasts.BASKET)[place] = number;
    }
    for (int line = 0; line < basket.lineCount(); line++) {
      int place = had.place(basket.line(line));
      had.channel(UserPasts.COUNT)[place]++;
      had.channel(UserPasts.DECAYED)[place] += (float) weight;
    }
    pasts.append(own, distinct);
    neighbours.addBasket(distinct, time.day());
  }

  private void learnBlend() {
    List<BlendExample> waiting = pending.subList(0, config.batch());
    List<BlendExample> batch = List.copyOf(waiting);
    waiting.clear();
    blend.step(batch);
    for (int step = 0; step < config.replaySteps() && !replay.isEmpty(); step++) {
      List<BlendExample> drawn = new ArrayList<>(config.batch());
      for (int i = 0; i < config.batch(); i++) {
        drawn.add(replay.get(random.nextInt(replay.size())));
      }
      blend.step(drawn);
    }
    for (BlendExample example : batch) {
      if (replay.size() < config.replayBaskets()) {
        replay.add(example);
      } else {
        replay.set(random.nextInt(replay.size()), example);
      }
    }
  }

  private void reserve() {
    if (scores.length < items) {
      int length = items + items / 4;
      scores = new float[length];
      for (int f = 0; f < FEATURES; f++) {
        features[f] = new float[length];
      }
    }
  }

  /** Pairs that are counted. */
  public long pairEntries() {
    return pairs.entries();
  }

  /** Bytes of the counts, of users and items together. */
  public long bytes() {
    return pairs.bytes() + pasts.bytes() + neighbours.bytes();
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    facts.writeTo(out);
    pasts.writeTo(out);
    pairs.writeTo(out);
    neighbours.writeTo(out);
    time.writeTo(out);
    standardizer.writeTo(out);
    blend.writeTo(out);
    for (long word : random.state()) {
      out.writeLong(word);
    }
    writeExamples(out, pending);
    writeExamples(out, replay);
  }

  /**
   * Reads what {@link #writeTo} wrote; the result continues bit for bit.
   *
   * @throws IOException if the version is unknown or the bytes end early
   */
  public static OnlineRanker readFrom(DataInput in, RankerConfig config, Kernels kernels)
      throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("an online ranker of version " + version + "; this build reads 1");
    }
    OnlineRanker ranker = new OnlineRanker(config, kernels, 0);
    ranker.facts.readInPlace(in);
    ranker.pasts.readInPlace(in);
    ranker.pairs.readInPlace(in);
    ranker.neighbours.readInPlace(in);
    ranker.time.readInPlace(in);
    ranker.standardizer.readInPlace(in);
    ranker.blend.readInPlace(in);
    ranker.random.restore(new long[] {in.readLong(), in.readLong()});
    readExamples(in, ranker.pending);
    readExamples(in, ranker.replay);
    return ranker;
  }

  private static void writeExamples(DataOutput out, List<BlendExample> examples)
      throws IOException {
    out.writeInt(examples.size());
    for (BlendExample example : examples) {
      example.writeTo(out);
    }
  }

  private static void readExamples(DataInput in, List<BlendExample> examples) throws IOException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      examples.add(BlendExample.readFrom(in));
    }
  }
}
