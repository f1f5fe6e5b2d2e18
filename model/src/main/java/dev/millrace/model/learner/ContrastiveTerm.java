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
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A contrastive loss between two views of each history: {@code weight * objective(z1, z2)} with
 * {@code z} the Transformer's state at the end of a view (crop, mask or reorder).
 *
 * <p>Histories of fewer than two items have no views and take no part. Objectives of two views get
 * {@code z1, z2}; those with a bank get {@code z1} as the query, {@code z2} as its key and the
 * memory bank's entries as negatives, the same user's masked, and {@code z2} enters the bank after
 * the loss.
 */
final class ContrastiveTerm {

  private final Kernels kernels;
  private final double weight;
  private final Objective objective;
  private final NegativeBank bank;
  private final SequenceViews views = new SequenceViews(ViewConfig.STANDARD);
  private final ObjectiveInputs inputs = new ObjectiveInputs();
  private final QueryBatch batch;
  private final ItemRows rows;
  private final int window;
  private final RowBuffer gradientStates;

  /**
   * @param bank negatives for objectives that want a bank; null where the objective has none
   */
  ContrastiveTerm(Kernels kernels, SequenceLearnerConfig config, ItemRows rows, NegativeBank bank) {
    this.kernels = kernels;
    this.rows = rows;
    this.bank = bank;
    this.window = config.model().window();
    this.weight = config.training().objectiveWeight();
    this.objective =
        Objectives.of(config.training().objective())
            .create(
                kernels, new ObjectiveParameters(Map.of("tau", config.training().temperature())));
    this.batch = new QueryBatch(config, rows);
    this.gradientStates = new RowBuffer(kernels, config.model().width());
  }

  /** Whether the named objective contrasts views; the full softmax alone does not. */
  static boolean isContrastive(String name) {
    return Objectives.of(name) != Objectives.SOFTMAX_CE;
  }

  /** Whether the named objective takes its negatives from a bank. */
  static boolean takesBank(String name) {
    return isContrastive(name)
        && Objectives.of(name)
            .signature(Objectives.of(name).variants().get(0))
            .names()
            .contains("bank");
  }

  /**
   * Adds the gradients to towers and items.
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
    Matrix first = states.rows(0, count);
    Matrix second = states.rows(count, 2 * count);
    Matrix gradient = gradientStates.rows(2 * count);
    LossAndGradient result;
    if (bank == null) {
      inputs.put("z1", first).put("z2", second);
      result = objective.evaluate(inputs);
      kernels.copy(result.gradient("z1"), gradient.rows(0, count));
      kernels.copy(result.gradient("z2"), gradient.rows(count, 2 * count));
    } else {
      bank.putInto(inputs.put("q", first).put("k", second), used, kernels);
      result = objective.evaluate(inputs);
      kernels.copy(result.gradient("q"), gradient.rows(0, count));
      kernels.fillInPlace(gradient.rows(count, 2 * count), 0);
      bank.enqueue(second, used, step);
    }
    kernels.scaleInPlace(gradient, weight);
    tower.backwardFromStates(batch, gradient, gradientOfItems);
    return weight * result.loss();
  }

  /** Fills the batch with the first views of all histories, then the second views. */
  private List<BasketExample> drawViews(List<BasketExample> examples, SeededRandom random) {
    List<BasketExample> used = new ArrayList<>();
    List<int[]> histories = new ArrayList<>();
    List<int[]> ages = new ArrayList<>();
    List<int[]> first = new ArrayList<>();
    List<int[]> second = new ArrayList<>();
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
      SequenceViews.Pair pair = views.pair(numbers, random);
      first.add(indices(pair.first(), present));
      second.add(indices(pair.second(), present));
    }
    histories.addAll(List.copyOf(histories));
    ages.addAll(List.copyOf(ages));
    first.addAll(second);
    batch.fillForViews(histories, ages, first);
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
