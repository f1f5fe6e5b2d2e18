package dev.millrace.model.learner;

import dev.millrace.model.augment.SequenceViews;
import dev.millrace.model.augment.ViewConfig;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.memory.ParameterRows;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.ValueRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A contrastive loss between views of each history: {@code weight * objective(z1, z2, ...)} with
 * {@code z} the Transformer's state at the end of a view (crop, mask or reorder).
 *
 * <p>Histories of fewer than two items have no views and take no part. What else the objective
 * takes (bank, labels, weights of its own) follows its {@link ObjectiveFeed}; states of the second
 * view enter the bank after the loss.
 */
final class ContrastiveTerm {

  // configuration
  private final Kernels kernels;
  private final double weight;
  private final int viewCount;
  private final int window;

  // runtime
  private final ObjectiveFeed feed;
  private final Objective objective;
  private final ObjectiveWeights weights;
  private final NegativeBank bank;
  private final Labels labels = new Labels();
  private final SequenceViews views = new SequenceViews(ViewConfig.STANDARD);
  private final ObjectiveInputs inputs = new ObjectiveInputs();
  private final QueryBatch batch;
  private final ItemRows rows;
  private final RowBuffer gradientStates;

  /**
   * @param weights the objective's own
   * @param bank negatives for objectives that want a bank; null where the objective has none
   */
  ContrastiveTerm(
      Kernels kernels,
      SequenceLearnerConfig config,
      ItemRows rows,
      ObjectiveFeed feed,
      ObjectiveWeights weights,
      NegativeBank bank) {
    this.kernels = kernels;
    this.rows = rows;
    this.feed = feed;
    this.weights = weights;
    this.bank = bank;
    this.window = config.model().window();
    this.weight = config.training().objectiveWeight();
    this.viewCount = feed.views(config.training().views());
    this.objective = feed.objective().create(kernels, feed.parameters());
    this.batch = new QueryBatch(config, rows);
    this.gradientStates = new RowBuffer(kernels, config.model().width());
  }

  /**
   * Adds the gradients to towers, items and the objective's own weights.
   *
   * @param step number of this optimisation step, the age of what enters the bank
   * @return the weighted loss
   */
  double addGradients(
      List<BasketExample> examples,
      SequenceTower tower,
      ParameterRows items,
      SeededRandom random,
      long step,
      Matrix gradientOfItems) {
    long seed = random.nextLong();
    List<BasketExample> used = drawViews(examples, random);
    if (used.isEmpty()) {
      return 0;
    }
    int count = used.size();
    Matrix states = tower.encode(batch, items, true, seed);
    weights.normaliseUnitRows();
    fill(used, states, random);
    LossAndGradient result = objective.evaluate(inputs);
    Matrix gradient = gradientStates.rows(viewCount * count);
    collect(result, count, gradient);
    if (bank != null) {
      bank.enqueue(states.rows(count, 2 * count), used, step);
    }
    kernels.scaleInPlace(gradient, weight);
    tower.backwardFromStates(batch, gradient, gradientOfItems);
    return weight * result.loss();
  }

  private void fill(List<BasketExample> used, Matrix states, SeededRandom random) {
    int count = used.size();
    if (bank != null) {
      bank.collect(used, kernels);
    }
    for (ObjectiveFeed.Feed one : feed.feeds()) {
      String name = one.input().name();
      switch (one.source()) {
        case FIRST_VIEW -> put(one, states.rows(0, count), 1);
        case SECOND_VIEW -> put(one, states.rows(count, 2 * count), 1);
        case VIEWS -> put(one, states, viewCount);
        case BANK -> inputs.put(name, bank.vectors());
        case BANK_MASK -> inputs.put(name, bank.mask(), count, bank.vectors().rows());
        case BANK_LABELS -> inputs.put(name, labels.of(bank.keys()));
        case BANK_PERMUTATION -> inputs.put(name, permutation(bank.vectors().rows(), random));
        case LABELS -> inputs.put(name, labelsOf(one, used));
        case LABELS_OF_VIEWS -> inputs.put(name, repeated(labelsOf(one, used), viewCount));
        case USERS -> inputs.put(name, used.stream().mapToInt(BasketExample::user).toArray());
        case WEIGHTS -> weights.putInto(inputs, one.input());
      }
    }
  }

  /** Puts states of one or more views, as blocks or below each other as the input has it. */
  private void put(ObjectiveFeed.Feed one, Matrix states, int blocks) {
    if (one.input().shape().size() == 2) {
      inputs.put(one.input().name(), states);
    } else {
      inputs.put(one.input().name(), states, blocks, states.rows() / blocks, states.columns());
    }
  }

  /** Numbers of this batch, or, where classes have weights, classes that stay. */
  private int[] labelsOf(ObjectiveFeed.Feed one, List<BasketExample> examples) {
    return one.input().range().kind() == ValueRange.Kind.INDEX
        ? Labels.hashed(categories(examples), weights.size(one.input().range().symbol()))
        : labels.of(categories(examples));
  }

  private void collect(LossAndGradient result, int count, Matrix gradient) {
    kernels.fillInPlace(gradient, 0);
    for (ObjectiveFeed.Feed one : feed.feeds()) {
      if (!one.input().receivesGradient()) {
        continue;
      }
      Matrix own = result.gradient(one.input().name());
      switch (one.source()) {
        case FIRST_VIEW -> kernels.addInPlace(gradient.rows(0, count), 1, own);
        case SECOND_VIEW -> kernels.addInPlace(gradient.rows(count, 2 * count), 1, own);
        case VIEWS -> kernels.addInPlace(gradient, 1, own);
        case WEIGHTS -> weights.addGradient(one.input().name(), weight, own);
        default -> throw new IllegalStateException(one.input().name() + " has a gradient");
      }
    }
  }

  private static List<String> categories(List<BasketExample> examples) {
    return examples.stream().map(BasketExample::category).toList();
  }

  private static int[] repeated(int[] values, int times) {
    int[] all = new int[values.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(values, 0, all, i * values.length, values.length);
    }
    return all;
  }

  private static int[] permutation(int size, SeededRandom random) {
    int[] numbers = new int[size];
    Arrays.setAll(numbers, i -> i);
    for (int i = size - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int number = numbers[i];
      numbers[i] = numbers[other];
      numbers[other] = number;
    }
    return numbers;
  }

  /** Fills the batch with all first views, then all second views, and so on. */
  private List<BasketExample> drawViews(List<BasketExample> examples, SeededRandom random) {
    List<BasketExample> used = new ArrayList<>();
    List<int[]> histories = new ArrayList<>();
    List<int[]> ages = new ArrayList<>();
    List<List<int[]>> drawn = new ArrayList<>();
    for (int v = 0; v < viewCount; v++) {
      drawn.add(new ArrayList<>());
    }
    for (BasketExample example : examples) {
      int[] present = presentIndices(example.history());
      if (present.length < 2) {
        continue;
      }
      used.add(example);
      histories.add(example.history());
      ages.add(example.ages());
      int[] numbers = new int[present.length];
      Arrays.setAll(numbers, i -> i + 1);
      for (int v = 0; v < viewCount; v += 2) {
        SequenceViews.Pair pair = views.pair(numbers, random);
        drawn.get(v).add(indices(pair.first(), present));
        if (v + 1 < viewCount) {
          drawn.get(v + 1).add(indices(pair.second(), present));
        }
      }
    }
    List<int[]> all = new ArrayList<>();
    List<int[]> allHistories = new ArrayList<>();
    List<int[]> allAges = new ArrayList<>();
    for (List<int[]> view : drawn) {
      all.addAll(view);
      allHistories.addAll(histories);
      allAges.addAll(ages);
    }
    batch.fillForViews(allHistories, allAges, all);
    return used;
  }

  /** Indices of the newest items of a history that have a row. */
  private int[] presentIndices(int[] history) {
    int from = Math.max(0, history.length - window);
    return java.util.stream.IntStream.range(from, history.length)
        .filter(i -> rows.rowOf(history[i]) != ItemRows.ABSENT)
        .toArray();
  }

  /** Numbers from 1 on become indices; 0, which is the mask, becomes -1. */
  private static int[] indices(int[] numbers, int[] present) {
    return Arrays.stream(numbers).map(n -> n == 0 ? -1 : present[n - 1]).toArray();
  }
}
