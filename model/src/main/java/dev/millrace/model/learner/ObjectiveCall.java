package dev.millrace.model.learner;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.Signature;
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
  private final ClusterInputs clusters;
  private final Labels labels = new Labels();
  private final ObjectiveInputs inputs = new ObjectiveInputs();

  /**
   * @param weights the objective's own
   * @param bank negatives for objectives that want a bank; null where the objective has none
   * @param clusters what the stream's prototypes give; null for a stream without
   */
  ObjectiveCall(
      Kernels kernels,
      ObjectiveFeed feed,
      ObjectiveWeights weights,
      NegativeBank bank,
      ClusterInputs clusters) {
    this.kernels = kernels;
    this.feed = feed;
    this.weights = weights;
    this.bank = bank;
    this.clusters = clusters;
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
      List<? extends ContrastRow> rows,
      Matrix states,
      int viewCount,
      double weight,
      SeededRandom random,
      Matrix gradient) {
    weights.normaliseUnitRows();
    fill(rows, states, viewCount, random);
    LossAndGradient result = objective.evaluate(inputs);
    collect(result, states, rows.size(), weight, gradient);
    kernels.scaleInPlace(gradient, weight);
    return weight * result.loss();
  }

  private void fill(
      List<? extends ContrastRow> used, Matrix states, int viewCount, SeededRandom random) {
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
        case BANK_LABELS -> inputs.put(name, labels.of(bank.labels()));
        case BANK_PERMUTATION -> inputs.put(name, permutation(bank.vectors().rows(), random));
        case LABELS -> inputs.put(name, labelsOf(one, used));
        case LABELS_OF_VIEWS -> inputs.put(name, repeated(labelsOf(one, used), viewCount));
        case IDS -> inputs.put(name, used.stream().mapToInt(ContrastRow::id).toArray());
        case WEIGHTS -> weights.putInto(inputs, one.input());
        case PROTOTYPES -> inputs.put(name, clusters.prototypes().rows());
        case QUEUE -> clusters.putQueue(inputs, name);
        case COLUMN_TARGETS -> clusters.putTargets(inputs, name);
        case CLUSTERINGS -> putClusterings(one.input(), states, count);
        case CLUSTERS_OF_FIRST -> inputs.put(name, clusters.clusters(states, count, 0));
        case CLUSTERS_OF_SECOND -> inputs.put(name, clusters.clusters(states, count, 1));
        case CLUSTER_LOGITS -> clusters.putLogits(inputs, name, states, count);
        case CLUSTER_PRIOR -> clusters.putPrior(inputs, name);
        case FIRST_HEAD_OF_FIRST ->
            clusters.putHead(inputs, one.input(), 0, states.rows(0, count), 1);
        case FIRST_HEAD_OF_SECOND ->
            clusters.putHead(inputs, one.input(), 0, states.rows(count, 2 * count), 1);
        case SECOND_HEAD_OF_FIRST ->
            clusters.putHead(inputs, one.input(), 1, states.rows(0, count), 1);
        case SECOND_HEAD_OF_SECOND ->
            clusters.putHead(inputs, one.input(), 1, states.rows(count, 2 * count), 1);
        case FIRST_HEAD -> clusters.putHead(inputs, one.input(), 0, states, viewCount);
        case SECOND_HEAD -> clusters.putHead(inputs, one.input(), 1, states, viewCount);
        case POPULATION ->
            inputs.put(name, used.stream().mapToInt(row -> row.isBackground() ? 0 : 1).toArray());
      }
    }
  }

  private void putClusterings(Signature.Input input, Matrix states, int count) {
    int clusterings = Integer.parseInt(input.shape().get(0));
    int[] numbers = clusters.clusterings(states, count, clusterings);
    inputs.put(input.name(), numbers, clusterings, count);
  }

  /** Puts states of one or more views, as blocks or below each other as the input has it. */
  private void put(ObjectiveFeed.Feed one, Matrix states, int blocks) {
    if (one.input().shape().size() == 2) {
      inputs.put(one.input().name(), states);
    } else {
      inputs.put(one.input().name(), states, blocks, states.rows() / blocks, states.columns());
    }
  }

  /** Numbers of this batch, or, where classes have weights or rows none, classes that stay. */
  private int[] labelsOf(ObjectiveFeed.Feed one, List<? extends ContrastRow> rows) {
    ValueRange range = one.input().range();
    if (range.kind() == ValueRange.Kind.INDEX) {
      int bound = weights.size(range.symbol());
      return rows.stream().mapToInt(row -> Math.max(0, row.classIn(bound))).toArray();
    }
    if (range.kind() == ValueRange.Kind.INDEX_OR_NONE) {
      int bound = weights.size(range.symbol());
      return rows.stream().mapToInt(row -> row.classIn(bound)).toArray();
    }
    return labels.of(rows.stream().map(ContrastRow::label).toList());
  }

  private void collect(
      LossAndGradient result, Matrix states, int count, double weight, Matrix gradient) {
    kernels.fillInPlace(gradient, 0);
    for (ObjectiveFeed.Feed one : feed.feeds()) {
      if (!one.input().receivesGradient()) {
        continue;
      }
      Matrix own = result.gradient(one.input().name());
      Matrix first = gradient.rows(0, count);
      Matrix second = gradient.rows(count, 2 * count);
      switch (one.source()) {
        case FIRST_VIEW -> kernels.addInPlace(first, 1, own);
        case SECOND_VIEW -> kernels.addInPlace(second, 1, own);
        case VIEWS -> kernels.addInPlace(gradient, 1, own);
        case WEIGHTS -> weights.addGradient(one.input().name(), weight, own);
        case PROTOTYPES -> clusters.addPrototypeGradient(weight, own);
        case CLUSTER_LOGITS -> clusters.addLogitsGradient(states, count, weight, own, gradient);
        case FIRST_HEAD_OF_FIRST -> clusters.addHeadGradient(0, own, first);
        case FIRST_HEAD_OF_SECOND -> clusters.addHeadGradient(0, own, second);
        case SECOND_HEAD_OF_FIRST -> clusters.addHeadGradient(1, own, first);
        case SECOND_HEAD_OF_SECOND -> clusters.addHeadGradient(1, own, second);
        case FIRST_HEAD -> clusters.addHeadGradient(0, own, gradient);
        case SECOND_HEAD -> clusters.addHeadGradient(1, own, gradient);
        default -> throw new IllegalStateException(one.input().name() + " has a gradient");
      }
    }
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
