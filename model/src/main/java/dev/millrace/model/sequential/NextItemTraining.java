package dev.millrace.model.sequential;

import dev.millrace.model.encoder.SequenceBatch;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;

/**
 * One step of Adam on the cross entropy of the next item and, for the contrastive methods, a loss
 * on two views of each history.
 *
 * <p>Histories and views go through the encoder as one packed batch, so that nothing is computed
 * for padding and a step costs what its items cost.
 */
final class NextItemTraining implements TrainingMethod {

  // configuration
  private final Kernels kernels;
  private final NextItemModel model;
  private final ViewPairs pairs;
  private final ViewLoss loss;
  private final double rate;

  // runtime
  private final SequenceBatch sequences = new SequenceBatch();
  private final RowBuffer gradientStates;
  private int[][] first = new int[0][];
  private int[][] second = new int[0][];

  /**
   * @param pairs null for the cross entropy alone
   * @param loss null for the cross entropy alone
   */
  NextItemTraining(
      Kernels kernels, NextItemModel model, ViewPairs pairs, ViewLoss loss, double rate) {
    this.kernels = kernels;
    this.model = model;
    this.pairs = pairs;
    this.loss = loss;
    this.rate = rate;
    this.gradientStates = new RowBuffer(kernels, model.width());
  }

  @Override
  public double step(ExampleBatch batch, SeededRandom random) {
    drawViews(batch, random);
    return stepOnViews(batch, random.nextLong());
  }

  /** Draws the views that the next calls work on. */
  void drawViews(ExampleBatch batch, SeededRandom random) {
    if (pairs == null) {
      return;
    }
    first = new int[batch.size()][];
    second = new int[batch.size()][];
    pairs.draw(batch, random, first, second);
  }

  /** The step, on the views drawn last. */
  double stepOnViews(ExampleBatch batch, long seed) {
    double value = gradients(batch, seed);
    requireFinite(value);
    model.stepInPlace(rate);
    return value;
  }

  static void requireFinite(double loss) {
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException(
          "the loss is " + loss + ": lower the learning rate or the weight of the contrast");
    }
  }

  /**
   * Loss on the views drawn last; its gradients are in the parameters.
   *
   * @param seed of the dropout
   */
  double gradients(ExampleBatch batch, long seed) {
    int size = batch.size();
    sequences.clear();
    addAll(batch.histories());
    if (pairs != null) {
      addAll(first);
      addAll(second);
    }
    model.zeroGradientsInPlace();
    Matrix states = model.encodeForTraining(sequences, seed);
    Matrix gradient = gradientStates.rows(states.rows());
    kernels.fillInPlace(gradient, 0);
    NextItemModel.NextItems next =
        model.nextItems(states.rows(0, size), batch.targets(), gradient.rows(0, size));
    double value = next.loss();
    if (loss != null) {
      value += loss.addGradients(blocks(states, size), blocks(gradient, size));
    }
    model.backward(gradient, next.ofItems());
    return value;
  }

  /**
   * States of the views drawn last, the first ones of all, then the second ones.
   *
   * @param seed of the dropout
   * @return {@code 2B x width}, overwritten by the next call
   */
  Matrix encodeViews(long seed) {
    sequences.clear();
    addAll(first);
    addAll(second);
    return model.encodeForTraining(sequences, seed);
  }

  private void addAll(int[][] given) {
    for (int[] items : given) {
      sequences.add(items).askLast();
    }
  }

  private static ViewLoss.States blocks(Matrix rows, int size) {
    return new ViewLoss.States(
        rows.rows(0, size), rows.rows(size, 2 * size), rows.rows(2 * size, 3 * size));
  }
}
