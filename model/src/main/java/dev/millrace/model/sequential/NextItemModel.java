package dev.millrace.model.sequential;

import dev.millrace.model.encoder.EncoderConfig;
import dev.millrace.model.encoder.SequenceBatch;
import dev.millrace.model.encoder.TransformerEncoder;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.LossAndGradient;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;
import dev.millrace.model.optimizer.Parameters;
import java.util.List;

/**
 * A Transformer over one table of items that is both its input and its output.
 *
 * <pre>
 *   h = encoder(e_1 ... e_L) at position L;  score_i = &lt;h, e_i&gt;
 *   loss = mean ( log sum_i exp score_i - score_target ), i = 0 ... N
 * </pre>
 *
 * <p>Row 0 of the table stands for no item and for a masked item; it takes part in the softmax, as
 * in the released code of MCLRec, but learns nothing as an input. Row N + 1 is a mask that is
 * attended to, for the methods that have one.
 */
final class NextItemModel implements HistoryScorer {

  private static final double INITIAL_DEVIATION = 0.02;

  // configuration
  private final Kernels kernels;
  private final int items;

  // runtime
  private final TransformerEncoder encoder;
  private final Parameters table;
  private final Adam encoderAdam;
  private final Adam tableAdam;
  private final Objective softmax;
  private final ObjectiveInputs inputs = new ObjectiveInputs();
  private final RowBuffer tokenRows;
  private final SequenceBatch scoring = new SequenceBatch();
  private final RowBuffer logits;
  private SequenceBatch encoded;

  NextItemModel(Kernels kernels, EncoderConfig config, int items, SeededRandom random) {
    this.kernels = kernels;
    this.items = items;
    table =
        Parameters.of(kernels)
            .normal("items", items + 2, config.width(), INITIAL_DEVIATION)
            .build(random);
    encoder = new TransformerEncoder(kernels, config, random);
    tableAdam = new Adam(kernels, table, AdamConfig.STANDARD);
    encoderAdam = new Adam(kernels, encoder.parameters(), AdamConfig.STANDARD);
    softmax = Objectives.SOFTMAX_CE.create(kernels, ObjectiveParameters.defaults());
    tokenRows = new RowBuffer(kernels, config.width());
    logits = new RowBuffer(kernels, items + 1);
  }

  /** Number of items. */
  int items() {
    return items;
  }

  /** The item that stands for a masked one and is attended to. */
  int mask() {
    return items + 1;
  }

  int width() {
    return encoder.config().width();
  }

  int window() {
    return encoder.config().maxLength();
  }

  /** Table and encoder, in this order. */
  List<Parameters> parameters() {
    return List.of(table, encoder.parameters());
  }

  void zeroGradientsInPlace() {
    table.zeroGradientsInPlace();
    encoder.parameters().zeroGradientsInPlace();
  }

  /**
   * States of the positions asked for, with dropout.
   *
   * @return {@code queries x width}, overwritten by the next call
   */
  Matrix encodeForTraining(SequenceBatch batch, long seed) {
    return encoder.forwardForTraining(batch, tokens(batch), seed);
  }

  private Matrix tokens(SequenceBatch batch) {
    encoded = batch;
    Matrix rows = tokenRows.rows(batch.tokenCount());
    kernels.gatherRows(table.value("items"), batch.tokens(), batch.tokenCount(), rows);
    return rows;
  }

  /**
   * Cross entropy of the next items.
   *
   * @param states {@code B x width}
   * @param gradientStates gradient at them, to be added to
   * @param ofItems gradient of the table's rows, overwritten by the next call; for {@link
   *     #backward}
   */
  record NextItems(double loss, Matrix ofItems) {}

  NextItems nextItems(Matrix states, int[] targets, Matrix gradientStates) {
    inputs.put("h", states);
    inputs.put("items", table.value("items").rows(0, items + 1));
    inputs.put("targets", targets);
    LossAndGradient result = softmax.evaluate(inputs);
    kernels.addInPlace(gradientStates, 1, result.gradient("h"));
    return new NextItems(result.loss(), result.gradient("items"));
  }

  /** Adds to all gradients, from those at the states of the last encoding and of the softmax. */
  void backward(Matrix gradientStates, Matrix ofItems) {
    Matrix ofTokens = encoder.backward(gradientStates);
    Matrix gradient = table.gradient("items");
    kernels.scatterAddRowsInPlace(gradient, encoded.tokens(), encoded.tokenCount(), 1, ofTokens);
    kernels.fillInPlace(gradient.rows(0, 1), 0);
    kernels.addInPlace(gradient.rows(0, items + 1), 1, ofItems);
  }

  /** One step of Adam on table and encoder. */
  void stepInPlace(double rate) {
    tableAdam.stepInPlace(rate);
    encoderAdam.stepInPlace(rate);
  }

  /** The values of all parameters. */
  List<float[]> snapshot() {
    return parameters().stream()
        .map(
            part -> {
              float[] values = new float[Math.toIntExact(part.values().size())];
              part.values().copyTo(values, 0);
              return values;
            })
        .toList();
  }

  /** Takes over the values of {@link #snapshot}; moments of the optimizer stay. */
  void restoreInPlace(List<float[]> snapshot) {
    for (int i = 0; i < snapshot.size(); i++) {
      parameters().get(i).values().copyFrom(snapshot.get(i), 0);
    }
  }

  @Override
  public void score(int[][] histories, int count, float[] scores) {
    scoring.clear();
    for (int i = 0; i < count; i++) {
      int[] history = histories[i];
      scoring.add(history, Math.max(0, history.length - window()), history.length).askLast();
    }
    Matrix states = encoder.forward(scoring, tokens(scoring));
    Matrix result = logits.rows(count);
    kernels.multiplyByTransposed(states, table.value("items").rows(0, items + 1), 1, 0, result);
    result.copyTo(scores, 0);
    ItemPopularity.noItem(count, items + 1, scores);
  }
}
