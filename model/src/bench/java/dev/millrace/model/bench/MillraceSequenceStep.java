package dev.millrace.model.bench;

import dev.millrace.model.encoder.EncoderConfig;
import dev.millrace.model.encoder.SequenceBatch;
import dev.millrace.model.encoder.TransformerEncoder;
import dev.millrace.model.kernel.AdamStep;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;

/**
 * The sequence training step of Millrace: gather, encoder, full softmax on the last position,
 * backward, Adam on the encoder and on every row of the item table.
 */
final class MillraceSequenceStep implements AutoCloseable {

  private static final double RATE = 1e-3;

  private final CpuKernels kernels;
  private final TransformerEncoder encoder;
  private final Objective softmax;
  private final Adam adam;
  private final Matrix table;
  private final Matrix first;
  private final Matrix second;
  private final SequenceBatch batch = new SequenceBatch();
  private final Matrix tokenRows;
  private final boolean everyPosition;
  private final int[] lastRows;
  private final int[] targets;
  private final Matrix lastStates;
  private final Matrix gradientOfAll;
  private final ObjectiveInputs inputs = new ObjectiveInputs();
  private long steps;

  /**
   * @param everyPosition whether the last layer computes all positions, as torch's side does, or
   *     the one that the loss needs
   * @param ids batch x length, each sequence full
   * @param targets one for each sequence
   */
  MillraceSequenceStep(
      int threads,
      EncoderConfig config,
      boolean everyPosition,
      int itemCount,
      int[][] ids,
      int[] targets) {
    this.kernels = new CpuKernels(threads);
    this.everyPosition = everyPosition;
    this.targets = targets;
    SeededRandom random = new SeededRandom(7);
    encoder = new TransformerEncoder(kernels, config, random);
    softmax = Objectives.SOFTMAX_CE.create(kernels, ObjectiveParameters.defaults());
    adam = new Adam(kernels, encoder.parameters(), AdamConfig.STANDARD);
    table = Inputs.normal(kernels, random, itemCount, config.width(), 0.02);
    first = kernels.allocate(itemCount, config.width());
    second = kernels.allocate(itemCount, config.width());
    lastRows = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      batch.add(ids[i]);
      if (everyPosition) {
        batch.askAll();
      } else {
        batch.askLast();
      }
      lastRows[i] = batch.tokenCount() - 1;
    }
    tokenRows = kernels.allocate(batch.tokenCount(), config.width());
    lastStates = kernels.allocate(ids.length, config.width());
    gradientOfAll = kernels.allocate(batch.tokenCount(), config.width());
  }

  /** The weights by name, {@code itemEmbedding} and those of the encoder. */
  Matrix weight(String name) {
    return name.equals("itemEmbedding") ? table : encoder.parameters().value(name);
  }

  /** One step. Returns the loss. */
  double step() {
    steps++;
    encoder.parameters().zeroGradientsInPlace();
    int tokens = batch.tokenCount();
    kernels.gatherRows(table, batch.tokens(), tokens, tokenRows);
    Matrix asked = encoder.forwardForTraining(batch, tokenRows, steps);
    Matrix h = everyPosition ? lastStates : asked;
    if (everyPosition) {
      kernels.gatherRows(asked, lastRows, lastRows.length, h);
    }
    LossAndGradient result =
        softmax.evaluate(inputs.put("h", h).put("items", table).put("targets", targets));
    Matrix gradientItems = result.gradient("items");
    Matrix gradientTokens = encoder.backward(upstream(result.gradient("h")));
    kernels.scatterAddRowsInPlace(gradientItems, batch.tokens(), tokens, 1, gradientTokens);
    adam.stepInPlace(RATE);
    AdamConfig constants = AdamConfig.STANDARD;
    kernels.adamInPlace(
        table,
        gradientItems,
        first,
        second,
        new AdamStep(
            RATE, constants.beta1(), constants.beta2(), constants.epsilon(), 0, steps));
    return result.loss();
  }

  private Matrix upstream(Matrix gradientOfLast) {
    if (!everyPosition) {
      return gradientOfLast;
    }
    kernels.fillInPlace(gradientOfAll, 0);
    kernels.scatterAddRowsInPlace(gradientOfAll, lastRows, lastRows.length, 1, gradientOfLast);
    return gradientOfAll;
  }

  @Override
  public void close() {
    kernels.close();
  }
}
