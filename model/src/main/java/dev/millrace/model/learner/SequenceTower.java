package dev.millrace.model.learner;

import dev.millrace.model.encoder.TransformerEncoder;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.memory.ParameterRows;
import dev.millrace.model.optimizer.Parameters;

/**
 * The user as the Transformer's state at the positions asked for, projected into item space.
 *
 * <pre>
 *   x_t = c e_t + age_t,  z = Transformer(x),  u += z W
 * </pre>
 *
 * <p>{@code c = sqrt(d)} brings the embeddings, which start at deviation {@code 1/sqrt(d)}, to unit
 * scale. The row of the age table after the last age is the query token.
 */
final class SequenceTower {

  private static final double AGE_DEVIATION = 0.1;
  private static final double PROJECTION_DEVIATION = 0.02;

  private final Kernels kernels;
  private final double scale;
  private final TransformerEncoder encoder;
  private final Parameters parameters;
  private final RowBuffer tokenRows;
  private final RowBuffer ageRows;
  private final RowBuffer gradientStates;
  private Matrix states;

  SequenceTower(Kernels kernels, SequenceLearnerConfig config, SeededRandom random) {
    this.kernels = kernels;
    int width = config.model().width();
    this.scale = Math.sqrt(width);
    this.encoder = new TransformerEncoder(kernels, config.encoder(), 1 / Math.sqrt(width), random);
    this.parameters =
        Parameters.of(kernels)
            .normal("age", config.model().ages() + 1, width, AGE_DEVIATION)
            .normal("output", width, width, PROJECTION_DEVIATION)
            .build(random);
    this.tokenRows = new RowBuffer(kernels, width);
    this.ageRows = new RowBuffer(kernels, width);
    this.gradientStates = new RowBuffer(kernels, width);
  }

  /** Ages, query token and output projection. */
  Parameters parameters() {
    return parameters;
  }

  /** Weights of the Transformer. */
  Parameters encoderParameters() {
    return encoder.parameters();
  }

  /** The Transformer's states, {@code Q x d}; the next call overwrites them. */
  Matrix encode(QueryBatch batch, ParameterRows items, boolean training, long seed) {
    Matrix tokens = tokenRows.rows(batch.tokens);
    kernels.gatherRows(items.value(), batch.tokenRows, batch.tokens, tokens);
    kernels.scaleInPlace(tokens, scale);
    Matrix ages = ageRows.rows(batch.tokens);
    kernels.gatherRows(parameters.value("age"), batch.tokenAges, batch.tokens, ages);
    kernels.addInPlace(tokens, 1, ages);
    states =
        training
            ? encoder.forwardForTraining(batch.sequences, tokens, seed)
            : encoder.forward(batch.sequences, tokens);
    return states;
  }

  /** Adds the users to {@code out: Q x d}. */
  void addTo(Matrix out) {
    kernels.multiply(states, parameters.value("output"), 1, 1, out);
  }

  /** Backward through projection and Transformer from the gradient of the users. */
  void backward(QueryBatch batch, Matrix gradient, Matrix gradientOfItems) {
    kernels.multiplyTransposed(states, gradient, 1, 1, parameters.gradient("output"));
    Matrix ofStates = gradientStates.rows(batch.queries);
    kernels.multiplyByTransposed(gradient, parameters.value("output"), 1, 0, ofStates);
    backwardFromStates(batch, ofStates, gradientOfItems);
  }

  /** Backward through the Transformer alone; adds to all gradients. */
  void backwardFromStates(QueryBatch batch, Matrix gradient, Matrix gradientOfItems) {
    Matrix ofTokens = encoder.backward(gradient);
    kernels.scatterAddRowsInPlace(
        parameters.gradient("age"), batch.tokenAges, batch.tokens, 1, ofTokens);
    kernels.scatterAddRowsInPlace(gradientOfItems, batch.tokenRows, batch.tokens, scale, ofTokens);
  }
}
