package dev.millrace.model.eval;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Test-then-train: ranks each distinct item of a basket with what came strictly before it, beside
 * every baseline, and only then lets the counts learn.
 *
 * <p>The caller drives it, time stamp by time stamp:
 *
 * <ol>
 *   <li>{@link #rank} for every basket of a {@link TimeGroup}, with the model's scores;
 *   <li>{@link #learn} for the group, and whatever the model does to learn it.
 * </ol>
 *
 * <p>A user without an earlier basket is not evaluated. An item that was never learned is a target
 * that is missed, whatever a model's score for it. Averages are over targets, not over baskets.
 *
 * <p>Two sets of metrics are kept: totals since the start, and windows of at least a given number
 * of targets, closed at the end of a basket, which the caller drains.
 */
public final class PrequentialEvaluator {
  /** First form: window length, counts, totals, open window, windows not yet drained. */
  private static final int VERSION_1 = 1;

  // configuration
  private final List<Baseline> baselines;
  private final long windowTargets;

  // runtime: state
  private final InteractionCounts counts;
  private MetricsTable totals;
  private MetricsTable window;
  private final List<MetricsWindow> closedWindows;

  // runtime: reused from basket to basket
  private final TopK list = new TopK(RankingMetrics.DEPTH);
  private final ItemMask ownItems = new ItemMask();
  private final ItemMask targets = new ItemMask();
  private float[] scores = new float[0];

  /**
   * @param baselines the baselines to rank, any number
   * @param models names of the models whose scores {@link #rank} is given
   * @param windowTargets targets of mode {@link RankingMode#ALL} after which a window closes, at
   *     least 1
   */
  public PrequentialEvaluator(
      List<? extends Baseline> baselines, List<String> models, long windowTargets) {
    this(
        baselines,
        windowTargets,
        new InteractionCounts(),
        new MetricsTable(names(baselines, models)),
        new MetricsTable(names(baselines, models)),
        new ArrayList<>());
  }

  private PrequentialEvaluator(
      List<? extends Baseline> baselines,
      long windowTargets,
      InteractionCounts counts,
      MetricsTable totals,
      MetricsTable window,
      List<MetricsWindow> closedWindows) {
    if (windowTargets < 1) {
      throw new IllegalArgumentException("windowTargets must be at least 1: " + windowTargets);
    }
    this.baselines = List.copyOf(baselines);
    this.windowTargets = windowTargets;
    this.counts = counts;
    this.totals = totals;
    this.window = window;
    this.closedWindows = closedWindows;
  }

  /** Whether {@link #rank} will evaluate the user's next basket: ask before making scores. */
  public boolean isEvaluated(int user) {
    return counts.hasHistory(user);
  }

  /** Ranks a basket where the baselines are the only scorers. */
  public boolean rank(long eventTime, Basket basket) {
    return rank(eventTime, basket, Map.of());
  }

  /**
   * Ranks a basket; nothing is learned from it.
   *
   * @param eventTime time stamp of the basket, in milliseconds since the epoch
   * @param basket the basket
   * @param models a scorer for each of the models named at construction, by name
   * @return whether the basket was evaluated, that is, whether its user had a history
   * @throws IllegalArgumentException when a model is missing or was not named at construction, or
   *     when a score is NaN
   */
  public boolean rank(long eventTime, Basket basket, Map<String, Scorer> models) {
    requireModels(models);
    if (!counts.hasHistory(basket.user())) {
      return false;
    }
    int items = counts.items();
    if (scores.length < items) {
      scores = new float[items + (items >> 1)];
    }
    int newTargets = markTargets(basket);
    for (int scorer = 0; scorer < totals.scorers().size(); scorer++) {
      if (scorer < baselines.size()) {
        baselines.get(scorer).score(counts, basket.user(), scores);
      } else {
        models.get(totals.scorers().get(scorer)).score(basket.user(), items, scores);
      }
      list.select(scores, items);
      countHits(scorer, RankingMode.ALL, basket.itemCount());
      if (newTargets > 0) {
        list.select(scores, items, ownItems);
        countHits(scorer, RankingMode.NEW, newTargets);
      }
    }
    closeWindowWhenFull(eventTime);
    return true;
  }

  /** Lets the counts learn all baskets of a time stamp, after all of them were ranked. */
  public void learn(TimeGroup group) {
    counts.learn(group);
  }

  /**
   * Another one that ranks by the same counts into tables of its own, and never closes a window.
   */
  public PrequentialEvaluator beside() {
    return new PrequentialEvaluator(
        baselines,
        Long.MAX_VALUE,
        counts,
        new MetricsTable(totals.scorers()),
        new MetricsTable(totals.scorers()),
        new ArrayList<>());
  }

  /** Hands over the totals and begins them anew. */
  public MetricsTable drainTotals() {
    MetricsTable drained = totals;
    totals = new MetricsTable(drained.scorers());
    return drained;
  }

  /**
   * Adds what another one ranked, as if it had been ranked here.
   *
   * @param eventTime time of the newest basket in it, the time of a window that it closes
   */
  public void add(MetricsTable ranked, long eventTime) {
    totals.mergeInPlace(ranked);
    window.mergeInPlace(ranked);
    closeWindowWhenFull(eventTime);
  }

  /** What the baselines have counted so far. */
  public InteractionCounts counts() {
    return counts;
  }

  /** Metrics since the start of the stream; not to be changed. */
  public MetricsTable totals() {
    return totals;
  }

  /** Hands over the windows that were closed since the last call, oldest first. */
  public List<MetricsWindow> drainWindows() {
    List<MetricsWindow> drained = List.copyOf(closedWindows);
    closedWindows.clear();
    return drained;
  }

  /** Writes the whole state, a version number first. Equal histories write equal bytes. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeLong(windowTargets);
    counts.write(out);
    totals.write(out);
    window.write(out);
    out.writeInt(closedWindows.size());
    for (MetricsWindow closed : closedWindows) {
      closed.write(out);
    }
  }

  /**
   * Reads what {@link #write} wrote; the result continues bit for bit.
   *
   * @param in the bytes
   * @param baselines as at construction
   * @param models as at construction
   * @throws IOException when the version is unknown, when the state was written with other scorers,
   *     or when the bytes end early
   */
  public static PrequentialEvaluator read(
      DataInput in, List<? extends Baseline> baselines, List<String> models) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException(
          "evaluation state of version " + version + "; this build reads version " + VERSION_1);
    }
    long windowTargets = in.readLong();
    InteractionCounts counts = InteractionCounts.read(in);
    MetricsTable totals = MetricsTable.read(in);
    List<String> names = names(baselines, models);
    if (!totals.scorers().equals(names)) {
      throw new IOException(
          "the evaluation state was written with the scorers "
              + totals.scorers()
              + " and cannot continue with "
              + names);
    }
    MetricsTable window = MetricsTable.read(in);
    int closed = in.readInt();
    List<MetricsWindow> closedWindows = new ArrayList<>();
    for (int i = 0; i < closed; i++) {
      closedWindows.add(MetricsWindow.read(in));
    }
    return new PrequentialEvaluator(
        baselines, windowTargets, counts, totals, window, closedWindows);
  }

  /** Marks own items and the targets that can be hit; returns the number of targets never had. */
  private int markTargets(Basket basket) {
    ownItems.clear();
    counts.addItemsOf(basket.user(), ownItems);
    targets.clear();
    int newTargets = 0;
    for (int index = 0; index < basket.itemCount(); index++) {
      int item = basket.item(index);
      newTargets += ownItems.contains(item) ? 0 : 1;
      if (counts.popularity(item) > 0) {
        targets.add(item);
      }
    }
    return newTargets;
  }

  private void countHits(int scorer, RankingMode mode, int targetCount) {
    RankingMetrics total = totals.get(scorer, mode);
    RankingMetrics open = window.get(scorer, mode);
    total.addTargets(targetCount);
    open.addTargets(targetCount);
    for (int rank = 0; rank < list.size(); rank++) {
      if (targets.contains(list.item(rank))) {
        total.addHit(rank);
        open.addHit(rank);
      }
    }
  }

  private void closeWindowWhenFull(long eventTime) {
    if (window.scorers().isEmpty() || window.get(0, RankingMode.ALL).targets() < windowTargets) {
      return;
    }
    long evaluated = totals.get(0, RankingMode.ALL).targets();
    closedWindows.add(new MetricsWindow(eventTime, evaluated, window));
    window = new MetricsTable(totals.scorers());
  }

  private void requireModels(Map<String, Scorer> models) {
    List<String> expected = totals.scorers().subList(baselines.size(), totals.scorers().size());
    if (models.size() != expected.size() || !models.keySet().containsAll(expected)) {
      throw new IllegalArgumentException(
          "scorers are needed for the models " + expected + ", given were " + models.keySet());
    }
  }

  private static List<String> names(List<? extends Baseline> baselines, List<String> models) {
    List<String> names = new ArrayList<>();
    baselines.forEach(baseline -> names.add(baseline.id()));
    names.addAll(models);
    return names;
  }
}
