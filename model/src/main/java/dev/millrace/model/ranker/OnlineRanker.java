package dev.millrace.model.ranker;

import dev.millrace.model.eval.Basket;
import dev.millrace.model.eval.TimeGroup;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

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

  /** Whose examples and moments the blend is trained with. */
  private BlendLearner learner;

  // runtime
  private final HistoryWeights history;
  private final Candidates candidates;
  private final float[][] features = new float[FEATURES][256];
  private float[] scores = new float[256];
  private int items;
  private UserPast past;
  private double[] moments;

  /** A ranker that knows nothing yet. */
  public OnlineRanker(RankerConfig config, Kernels kernels, long seed) {
    this.config = config;
    this.facts = new ItemFacts(config.recentLines());
    this.pasts = new UserPasts(config);
    this.pairs = new PairCounts(config);
    this.neighbours = new NeighbourVotes(config);
    this.time = new FadingTime(config.halfLifeDays());
    SeededRandom random = new SeededRandom(SeededRandom.mix(seed ^ BLEND_STREAM));
    this.blend = new Blend(kernels, config, FEATURES, random.nextLong());
    this.learner = new BlendLearner(config, blend, random);
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
    score(user, pasts.pastOrNull(user), eventTime, neural);
    if (moments != null && evaluated) {
      standardizer.observe(moments);
    }
    blend();
  }

  /**
   * Scores all items for a user with a past that the counts need not know, and changes nothing but
   * the scores.
   *
   * @param user index of the user; any that is not in use for one whom the counts do not know
   * @param itsPast what the user had, null for nothing
   * @return what {@link #observe} takes in if the basket is evaluated; null if nothing
   */
  public double[] scoreBeside(int user, UserPast itsPast, long eventTime, float[] neural) {
    score(user, itsPast, eventTime, neural);
    blend();
    return moments;
  }

  private void score(int user, UserPast itsPast, long eventTime, float[] neural) {
    FadingTime now = time.asOf(eventTime);
    items = facts.items();
    past = itsPast;
    reserve();
    history.fill(past);
    pairs.score(history, facts, now.weight(), items, features);
    neighbours.scoreByUsers(
        history, facts, pasts, user, items, features[Component.USERS.ordinal()]);
    neighbours.scoreByBaskets(history, facts, now, items, features[Component.BASKETS.ordinal()]);
    Features.write(facts, past, now, neural, items, features);
    moments = items == 0 || standardizer.isFrozen() ? null : standardizer.moments(features, items);
  }

  private void blend() {
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

  /** Takes in the means of an evaluated basket's features. */
  public void observe(double[] ofBasket) {
    standardizer.observe(ofBasket);
  }

  /**
   * A user's past with a basket behind it, which the counts do not know yet.
   *
   * @param soFar the past so far, null for none
   * @param lines the basket's lines
   */
  public UserPast pastWith(UserPast soFar, int[] lines, long eventTime) {
    UserPast longer = soFar == null ? new UserPast(config.historyBaskets()) : soFar.copy();
    int[] distinct = Arrays.stream(lines).distinct().toArray();
    longer.add(distinct, lines, time.asOf(eventTime).weight(), config.itemsPerUser());
    return longer;
  }

  /** What the counts know of a user, null for nothing. */
  public UserPast past(int user) {
    return pasts.pastOrNull(user);
  }

  /** Another one who trains the blend, with draws of its own. */
  public BlendLearner learner(long seed) {
    return new BlendLearner(config, blend, new SeededRandom(SeededRandom.mix(seed ^ BLEND_STREAM)));
  }

  /** Lets one train the blend from now on. */
  public void use(BlendLearner next) {
    learner = next;
  }

  /** The blend's weights. */
  public Parameters blendWeights() {
    return blend.parameters();
  }

  /** Keeps the basket that came, as an example of the last scores, for the blend to learn. */
  public void remember(Basket basket) {
    BlendExample example =
        candidates.example(basket, past, features, scores, items, learner.random());
    if (example != null) {
      learner.add(example);
    }
  }

  /** Counts the baskets of one time, and lets the blend learn when enough of them wait. */
  public void learn(TimeGroup group) {
    count(group);
    learnBlend();
  }

  /** Lets the blend learn when enough baskets wait; whether they did. */
  public boolean learnBlend() {
    return learner.learn();
  }

  /** Counts the baskets of one time. */
  public void count(TimeGroup group) {
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
  }

  private void count(Basket basket, double weight) {
    int[] distinct = new int[basket.itemCount()];
    for (int i = 0; i < distinct.length; i++) {
      distinct[i] = basket.item(i);
    }
    int[] lines = new int[basket.lineCount()];
    for (int line = 0; line < lines.length; line++) {
      lines[line] = basket.line(line);
      facts.addLine(lines[line]);
    }
    UserPast own = pasts.past(basket.user());
    history.fill(own);
    pairs.add(history, distinct, weight);
    for (int item : distinct) {
      boolean had = own.items().find(item) >= 0;
      facts.addBasket(item, had);
      if (!had) {
        neighbours.addUser(item, basket.user());
      }
    }
    own.add(distinct, lines, weight, config.itemsPerUser());
    neighbours.addBasket(distinct, time.day());
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
    writeSharedTo(out);
    learner.writeTo(out);
  }

  /** Writes what all have in common who train the blend. */
  public void writeSharedTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    facts.writeTo(out);
    pasts.writeTo(out);
    pairs.writeTo(out);
    neighbours.writeTo(out);
    time.writeTo(out);
    standardizer.writeTo(out);
    blend.writeTo(out);
  }

  /**
   * Reads what {@link #writeTo} wrote; the result continues bit for bit.
   *
   * @throws IOException if the version is unknown or the bytes end early
   */
  public static OnlineRanker readFrom(DataInput in, RankerConfig config, Kernels kernels)
      throws IOException {
    OnlineRanker ranker = readSharedFrom(in, config, kernels);
    ranker.learner.readInPlace(in);
    return ranker;
  }

  /** Reads what {@link #writeSharedTo} wrote. */
  public static OnlineRanker readSharedFrom(DataInput in, RankerConfig config, Kernels kernels)
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
    return ranker;
  }
}
