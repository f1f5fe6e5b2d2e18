package dev.millrace.model.learner;

import dev.millrace.model.augment.SequenceViews;
import dev.millrace.model.augment.ViewConfig;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.memory.ParameterRows;
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
  private final double weight;
  private final int viewCount;
  private final int window;

  // runtime
  private final ObjectiveCall call;
  private final NegativeBank bank;
  private final SequenceViews views = new SequenceViews(ViewConfig.STANDARD);
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
    this.rows = rows;
    this.call = new ObjectiveCall(kernels, feed, weights, bank, null);
    this.bank = bank;
    this.window = config.model().window();
    this.weight = config.training().objectiveWeight();
    this.viewCount = feed.views(config.training().views());
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
    Matrix gradient = gradientStates.rows(viewCount * count);
    double loss = call.evaluate(used, states, viewCount, weight, random, gradient);
    if (bank != null) {
      bank.enqueue(states.rows(count, 2 * count), used, step);
    }
    tower.backwardFromStates(batch, gradient, gradientOfItems);
    return loss;
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
