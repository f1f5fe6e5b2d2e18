package dev.millrace.model.learner;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.ValueRange;
import java.util.Arrays;
import java.util.List;

/** Calls an objective on the states of views as its {@link ObjectiveFeed} says. */
final class ObjectiveCall {

  private final Kernels kernels;
  private final ObjectiveFeed feed;
  private final Objective objective;
  private final ObjectiveWeights weights;
  private final NegativeBank bank;
  private final Labels labels = new Labels();
  private final ObjectiveInputs inputs = new ObjectiveInputs();

  /**
   * @param weights the objective's own
   * @param bank negatives for objectives that want a bank; null where the objective has none
   */
  ObjectiveCall(Kernels kernels, ObjectiveFeed feed, ObjectiveWeights weights, NegativeBank bank) {
    this.kernels = kernels;
    this.feed = feed;
    this.weights = weights;
    this.bank = bank;
    this.objective = feed.objective().create(kernels, feed.parameters());
  }

  /**
   * The weighted loss; its gradients are added to the objective's own weights and written for the
   * states.
   *
   * @param rows what each row of a view stems from
   * @param states {@code (V B) x d}: all rows of the first view, then of the second, and so on
   * @param gradient of the shape of the states
   */
  double evaluate(
      List<BasketExample> rows,
      Matrix states,
      int viewCount,
      double weight,
      SeededRandom random,
      Matrix gradient) {
    weights.normaliseUnitRows();
    fill(rows, states, viewCount, random);
    LossAndGradient result = objective.evaluate(inputs);
    collect(result, rows.size(), weight, gradient);
    kernels.scaleInPlace(gradient, weight);
    return weight * result.loss();
  }

  private void fill(List<BasketExample> used, Matrix states, int viewCount, SeededRandom random) {
    int count = used.size();
    labels.clear();
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

  private void collect(LossAndGradient result, int count, double weight, Matrix gradient) {
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
    random.shuffle(numbers);
    return numbers;
  }
}
