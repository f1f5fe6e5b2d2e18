package dev.millrace.model.learner;

import dev.millrace.model.encoder.SequenceBatch;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.TargetSets;
import java.util.Arrays;
import java.util.List;

/**
 * A batch of baskets laid out as what the two towers read and what is asked of them.
 *
 * <p>Each basket is one segment. The Transformer reads the newest items of the history, then a
 * query token, then, in training, a shuffled part of the basket itself. The query token predicts
 * the whole basket from the history; a position {@code p} inside the basket predicts what follows
 * it, and what came up to it takes no part in the softmax. The pooling reads the whole history and,
 * for a position inside, the part of the basket up to it.
 *
 * <p>Made once and filled again. Rows are those of the item table; items without a row are left
 * out.
 */
final class QueryBatch {

  /** What the sequence batch is told for the query token: any row that is not padding. */
  private static final int QUERY = 1;

  private final SequenceLearnerConfig.Model model;
  private final SequenceLearnerConfig.Training training;
  private final ItemRows rows;

  final SequenceBatch sequences = new SequenceBatch();
  final TargetSets targets = new TargetSets();

  /** For each token: its row (0 for the query token) and its row in the age table. */
  int[] tokenRows = new int[1024];

  int[] tokenAges = new int[1024];
  int tokens;

  /** For each pooled item: its row and its age; segments by {@link #pooledFrom}. */
  int[] pooledRows = new int[1024];

  int[] pooledAges = new int[1024];
  int pooled;

  /** First pooled item, first query and query's number of pooled items. */
  int[] pooledFrom = new int[65];

  int[] queryFrom = new int[65];
  int[] pooledCount = new int[64];
  int segments;
  int queries;

  private int[] line = new int[64];

  QueryBatch(SequenceLearnerConfig config, ItemRows rows) {
    this.model = config.model();
    this.training = config.training();
    this.rows = rows;
  }

  /** One query per history, for scoring. */
  void fillForScoring(List<int[]> histories, List<int[]> ages) {
    clear();
    for (int s = 0; s < histories.size(); s++) {
      beginSegment();
      int length = readHistory(histories.get(s), ages.get(s));
      line[length++] = QUERY;
      addToken(0, model.ages());
      sequences.add(line, 0, length).askLast();
      endQuery(pooled - pooledFrom[segments]);
      endSegment();
    }
  }

  /**
   * One query at the end of a view of each history.
   *
   * @param views for each, indices into the history, -1 for a masked item
   */
  void fillForViews(List<int[]> histories, List<int[]> ages, List<int[]> views) {
    clear();
    for (int s = 0; s < histories.size(); s++) {
      beginSegment();
      int[] view = views.get(s);
      reserveLine(view.length + 1);
      int length = 0;
      for (int index : view) {
        boolean masked = index < 0;
        int row = masked ? SequenceBatch.PADDING : rows.rowOf(histories.get(s)[index]);
        line[length++] = row;
        addToken(row, masked ? 0 : Math.min(ages.get(s)[index], model.ages() - 1));
      }
      line[length++] = QUERY;
      addToken(0, model.ages());
      sequences.add(line, 0, length).askLast();
      endQuery(0);
      endSegment();
    }
  }

  /** All queries of training; weights sum to about the mean over the examples. */
  void fillForTraining(List<BasketExample> examples, SeededRandom random, PopularityPrior prior) {
    clear();
    for (BasketExample example : examples) {
      addExample(example, random, prior, examples.size());
    }
  }

  private void addExample(
      BasketExample example, SeededRandom random, PopularityPrior prior, int count) {
    boolean alone = random.nextDouble() < training.historyDropout();
    int[] basket = present(example.items());
    random.shuffle(basket);
    int inside = Math.min(Math.max(0, basket.length - 1), training.partialItems());
    boolean hasHistory = !alone && example.history().length > 0;
    if (basket.length == 0 || (!hasHistory && (inside == 0 || training.partialQueries() == 0))) {
      return;
    }
    beginSegment();
    int length = hasHistory ? readHistory(example.history(), example.ages()) : 0;
    int query = length;
    int historyItems = pooled - pooledFrom[segments];
    line[length++] = QUERY;
    addToken(0, model.ages());
    for (int i = 0; i < inside; i++) {
      int row = rows.rowOf(basket[i]);
      line[length++] = row;
      addToken(row, 0);
      addPooled(row, 0);
    }
    sequences.add(line, 0, length);
    if (hasHistory) {
      sequences.ask(query);
      targets.query(weight(basket.length) / count);
      for (int item : basket) {
        addTarget(item, example.line(), prior);
      }
      endQuery(historyItems);
    }
    int asked = Math.min(training.partialQueries(), inside);
    for (int position : positions(inside, asked, random)) {
      sequences.ask(query + 1 + position);
      int rest = basket.length - position - 1;
      targets.query(weight(rest) / count / asked);
      for (int i = 0; i <= position; i++) {
        targets.exclude(rows.rowOf(basket[i]));
      }
      for (int i = position + 1; i < basket.length; i++) {
        addTarget(basket[i], example.line(), prior);
      }
      endQuery(historyItems + position + 1);
    }
    endSegment();
  }

  /** Larger baskets count more, but less than in proportion. */
  private static double weight(int targetCount) {
    return Math.sqrt(targetCount / 10.0);
  }

  private void addTarget(int item, long basketLine, PopularityPrior prior) {
    targets.target(rows.rowOf(item), prior.correctionWithout(item, basketLine));
  }

  /** Adds a history to both towers' input; the number of tokens. */
  private int readHistory(int[] items, int[] ages) {
    int length = 0;
    int window = Math.max(0, items.length - model.window());
    for (int i = 0; i < items.length; i++) {
      int row = rows.rowOf(items[i]);
      if (row != ItemRows.ABSENT) {
        int age = Math.min(ages[i], model.ages() - 1);
        addPooled(row, age);
        if (i >= window) {
          reserveLine(length + 1);
          line[length++] = row;
          addToken(row, age);
        }
      }
    }
    reserveLine(length + 1 + training.partialItems());
    return length;
  }

  private int[] present(int[] items) {
    return Arrays.stream(items).filter(item -> rows.rowOf(item) != ItemRows.ABSENT).toArray();
  }

  /** {@code count} distinct numbers below {@code bound}, ascending. */
  private static int[] positions(int bound, int count, SeededRandom random) {
    int[] numbers = new int[bound];
    Arrays.setAll(numbers, i -> i);
    for (int i = 0; i < count; i++) {
      int other = i + random.nextInt(bound - i);
      int value = numbers[i];
      numbers[i] = numbers[other];
      numbers[other] = value;
    }
    int[] chosen = Arrays.copyOf(numbers, count);
    Arrays.sort(chosen);
    return chosen;
  }

  private void clear() {
    sequences.clear();
    targets.clear();
    tokens = 0;
    pooled = 0;
    segments = 0;
    queries = 0;
  }

  private void beginSegment() {
    reserveLine(1 + training.partialItems());
    pooledFrom[segments] = pooled;
    queryFrom[segments] = queries;
  }

  private void endSegment() {
    segments++;
    if (segments + 1 > pooledFrom.length - 1) {
      pooledFrom = Arrays.copyOf(pooledFrom, 2 * pooledFrom.length);
      queryFrom = Arrays.copyOf(queryFrom, 2 * queryFrom.length);
    }
    pooledFrom[segments] = pooled;
    queryFrom[segments] = queries;
  }

  private void endQuery(int pooledItems) {
    if (queries == pooledCount.length) {
      pooledCount = Arrays.copyOf(pooledCount, 2 * queries);
    }
    pooledCount[queries++] = pooledItems;
  }

  private void addToken(int row, int age) {
    if (tokens == tokenRows.length) {
      tokenRows = Arrays.copyOf(tokenRows, 2 * tokens);
      tokenAges = Arrays.copyOf(tokenAges, 2 * tokens);
    }
    tokenRows[tokens] = row;
    tokenAges[tokens++] = age;
  }

  private void addPooled(int row, int age) {
    if (pooled == pooledRows.length) {
      pooledRows = Arrays.copyOf(pooledRows, 2 * pooled);
      pooledAges = Arrays.copyOf(pooledAges, 2 * pooled);
    }
    pooledRows[pooled] = row;
    pooledAges[pooled++] = age;
  }

  private void reserveLine(int length) {
    if (line.length < length) {
      line = Arrays.copyOf(line, 2 * length);
    }
  }
}
