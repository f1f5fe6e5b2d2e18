package dev.millrace.model.learner;

import dev.millrace.model.cluster.FeatureQueue;
import dev.millrace.model.cluster.Prototypes;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.Signature;
import java.util.Arrays;

/**
 * What prototypes, the queue of features and the two halves of a projection give to an objective,
 * and the way of their gradients back.
 */
final class ClusterInputs {

  private final Kernels kernels;
  private final Prototypes prototypes;
  private final FeatureQueue queue;
  private final int crops;
  private final Matrix noQueue;

  /** {@code d x d/2}: picks the first or the second half of the columns. */
  private final Matrix[] halves;

  private final RowBuffer unit;
  private final RowBuffer norms;
  private final RowBuffer logits;
  private final RowBuffer gradientUnit;
  private final RowBuffer[] heads;

  /** Softened counts of each class, as BaCon wants them above 0. */
  private final Matrix prior;

  private boolean queueInUse;

  /**
   * @param queue null for none
   * @param crops views that the queue has rows of
   */
  ClusterInputs(Kernels kernels, Prototypes prototypes, FeatureQueue queue, int crops) {
    this.kernels = kernels;
    this.prototypes = prototypes;
    this.queue = queue;
    this.crops = crops;
    int width = prototypes.config().width();
    int count = prototypes.config().count();
    noQueue = kernels.allocate(0, width);
    halves = new Matrix[] {half(width, 0), half(width, 1)};
    unit = new RowBuffer(kernels, width);
    norms = new RowBuffer(kernels, 1);
    logits = new RowBuffer(kernels, count);
    gradientUnit = new RowBuffer(kernels, width);
    int narrow = Math.max(1, width / 2);
    heads = new RowBuffer[] {new RowBuffer(kernels, narrow), new RowBuffer(kernels, narrow)};
    prior = kernels.allocate(1, count);
  }

  private Matrix half(int width, int index) {
    int narrow = Math.max(1, width / 2);
    double[] values = new double[width * narrow];
    for (int j = 0; j < narrow && index * narrow + j < width; j++) {
      values[(index * narrow + j) * narrow + j] = 1;
    }
    return kernels.of(width, narrow, values);
  }

  Prototypes prototypes() {
    return prototypes;
  }

  /** Whether the queue balances the next assignments. */
  void decideQueue(double runningLoss) {
    queueInUse = queue != null && queue.isInUse(runningLoss, prototypes.config().count());
  }

  boolean isQueueInUse() {
    return queueInUse;
  }

  void putQueue(ObjectiveInputs inputs, String name) {
    Matrix rows = queueInUse ? queue.rows() : noQueue;
    inputs.put(name, rows, crops, rows.rows() / crops, prototypes.config().width());
  }

  /** Does nothing where all prototypes shall get the same. */
  void putTargets(ObjectiveInputs inputs, String name) {
    Matrix targets = prototypes.columnTargets();
    if (targets != null) {
      inputs.put(name, targets, targets.columns());
    }
  }

  void putPrior(ObjectiveInputs inputs, String name) {
    double[] usage = prototypes.usage();
    double floor = 0.01 / usage.length;
    kernels.write(Arrays.stream(usage).map(u -> u + floor).toArray(), prior);
    inputs.put(name, prior, usage.length);
  }

  /** The nearest prototypes of {@code clusterings} views, views in turn. */
  int[] clusterings(Matrix states, int count, int clusterings) {
    int[] numbers = new int[clusterings * count];
    for (int t = 0; t < clusterings; t++) {
      System.arraycopy(clusters(states, count, t % 2), 0, numbers, t * count, count);
    }
    return numbers;
  }

  /** The nearest prototype of each row of a view. */
  int[] clusters(Matrix states, int count, int view) {
    Matrix rows = unit.rows(count);
    kernels.normalizeRows(states.rows(view * count, (view + 1) * count), rows, norms.rows(count));
    return Arrays.copyOf(prototypes.nearest(rows), count);
  }

  void putLogits(ObjectiveInputs inputs, String name, Matrix states, int count) {
    Matrix rows = unit.rows(2 * count);
    kernels.normalizeRows(states.head(2 * count), rows, norms.rows(2 * count));
    Matrix cosines = logits.rows(2 * count);
    kernels.multiplyByTransposed(rows, prototypes.rows(), 1, 0, cosines);
    inputs.put(name, cosines, 2, count, prototypes.config().count());
  }

  /** From the gradient of the cosines to that of states and prototypes. */
  void addLogitsGradient(Matrix states, int count, double weight, Matrix own, Matrix gradient) {
    Matrix rows = unit.rows(2 * count);
    Matrix lengths = norms.rows(2 * count);
    kernels.normalizeRows(states.head(2 * count), rows, lengths);
    Matrix ofUnit = gradientUnit.rows(2 * count);
    kernels.multiply(own, prototypes.rows(), 1, 0, ofUnit);
    kernels.multiplyTransposed(own, rows, weight, 1, prototypes.gradient());
    Matrix ofStates = kernels.allocate(2 * count, states.columns());
    kernels.normalizeRowsBackward(rows, lengths, ofUnit, ofStates);
    kernels.addInPlace(gradient.head(2 * count), 1, ofStates);
  }

  /** A half of the columns of some states, as the input has them. */
  void putHead(ObjectiveInputs inputs, Signature.Input input, int head, Matrix states, int blocks) {
    Matrix out = states.rows() == 0 ? null : headRows(head, states);
    if (input.shape().size() == 2) {
      inputs.put(input.name(), out);
    } else {
      inputs.put(input.name(), out, blocks, states.rows() / blocks, out.columns());
    }
  }

  private Matrix headRows(int head, Matrix states) {
    // Views of one head stand in memory of their own until the objective has run.
    Matrix out = kernels.allocate(states.rows(), heads[head].rows(1).columns());
    kernels.multiply(states, halves[head], 1, 0, out);
    return out;
  }

  void addHeadGradient(int head, Matrix own, Matrix gradient) {
    kernels.multiplyByTransposed(own, halves[head], 1, 1, gradient);
  }

  void addPrototypeGradient(double weight, Matrix own) {
    kernels.addInPlace(prototypes.gradient(), weight, own);
  }
}
